//! What every decoder refuses, for every type alike.

use proptest::prelude::*;

use super::{
    sample::{Sample, Source},
    tree::Node,
};
use crate::{
    api::*,
    cbor::{self, DecodeError},
    vectors::{TYPES, WireType, for_each_type},
    *,
};

/// Makes one value of each type from a seed, in the order of [`TYPES`].
pub(super) fn samples(seed: u64) -> Vec<(&'static WireType, Vec<u8>)> {
    let mut encoded = Vec::new();
    macro_rules! push {
        ($($name:ident, $decoder:ident, $limit:expr;)+) => {
            $(encoded.push(cbor::encode(&$name::sample(&mut Source(seed))));)+
        };
    }
    for_each_type!(push);
    TYPES.iter().zip(encoded).collect()
}

fn for_each_sample(test: impl Fn(&WireType, &[u8])) {
    for (wire_type, bytes) in (0..12).flat_map(samples) {
        test(wire_type, &bytes);
    }
}

fn decode(wire_type: &WireType, bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    (wire_type.recode)(bytes, wire_type.limit)
}

#[test]
fn truncated_bytes_are_refused_at_every_length() {
    for_each_sample(|wire_type, bytes| {
        for length in 0..bytes.len() {
            let truncated = decode(wire_type, &bytes[..length]);
            assert_eq!(truncated, Err(DecodeError::Malformed), "{}, {length} bytes", wire_type.name);
        }
    });
}

#[test]
fn trailing_bytes_are_refused() {
    for_each_sample(|wire_type, bytes| {
        for more in [&[0x00][..], &[0xf6], bytes] {
            let longer = [bytes, more].concat();
            assert_eq!(decode(wire_type, &longer), Err(DecodeError::TrailingBytes), "{}", wire_type.name);
        }
    });
}

#[test]
fn every_other_way_to_write_an_object_is_refused() {
    for_each_sample(|wire_type, bytes| {
        let tree = Node::parse(bytes);
        assert_eq!(tree.to_bytes(), bytes, "the tree writes what it read");
        for (how, bent) in tree.bent() {
            let outcome = decode(wire_type, &bent);
            // The body of an operation that we do not know is kept as it came, and refused for its number.
            let kept = ["Entry", "Op"].contains(&wire_type.name) && hex::encode(&bent).contains("8208");
            assert!(kept || outcome.is_err(), "{}, {how}: {}", wire_type.name, hex::encode(&bent));
        }
    });
}

#[test]
fn bytes_over_the_limit_are_refused_unread() {
    for_each_sample(|wire_type, bytes| {
        let limit = bytes.len() - 1;
        assert_eq!((wire_type.recode)(bytes, limit), Err(DecodeError::TooLong { limit }), "{}", wire_type.name);
        assert!((wire_type.recode)(bytes, bytes.len()).is_ok(), "{}", wire_type.name);
    });
}

#[test]
fn a_newer_version_asks_for_an_update_whatever_else_it_holds() {
    for_each_sample(|wire_type, bytes| {
        if wire_type.versioned {
            assert_eq!(bytes[1..3], [0, 1], "key 0 is the version");
            let newer = [&bytes[..2], &[2], &bytes[3..]].concat();
            assert_eq!(decode(wire_type, &newer), Err(DecodeError::UpdateNeeded { version: 2 }), "{}", wire_type.name);
            let other_fields = [0xa2, 0x00, 0x02, 0x18, 0x63, 0x00];
            assert_eq!(decode(wire_type, &other_fields), Err(DecodeError::UpdateNeeded { version: 2 }));
        }
    });
}

#[test]
fn an_object_of_one_type_is_of_no_versionless_other() {
    for_each_sample(|wire_type, bytes| {
        for other in TYPES.iter().filter(|other| other.versioned && !wire_type.versioned) {
            assert!(decode(other, bytes).is_err(), "{} as {}", wire_type.name, other.name);
        }
    });
}

#[test]
fn a_record_is_refused_at_every_length_below_its_least() {
    let bytes = Record::sample(&mut Source(1)).to_bytes();
    let least = bytes.len() - 272 + 16;
    for length in 0..least {
        assert_eq!(Record::from_bytes(&bytes[..length]), Err(DecodeError::Malformed), "{length} bytes");
    }
    assert!(Record::from_bytes(&bytes[..least]).is_ok());
    let long = vec![0; limits::RECORD_BYTES + 1];
    assert_eq!(Record::from_bytes(&long), Err(DecodeError::TooLong { limit: limits::RECORD_BYTES }));
}

#[test]
fn a_record_of_a_newer_version_asks_for_an_update() {
    let mut bytes = Record::sample(&mut Source(1)).to_bytes();
    bytes[2] = 2;
    assert_eq!(Record::from_bytes(&bytes), Err(DecodeError::UpdateNeeded { version: 2 }));
    assert_eq!(Record::header_of(&bytes), Err(DecodeError::UpdateNeeded { version: 2 }));
}

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_itself(seed: u64) {
        macro_rules! round_trips {
            ($($name:ident, $decoder:ident, $limit:expr;)+) => {$(
                let value = $name::sample(&mut Source(seed));
                let bytes = cbor::encode(&value);
                prop_assert_eq!(cbor::$decoder::<$name>(&bytes, $limit), Ok(value));
            )+};
        }
        for_each_type!(round_trips);
        let record = Record::sample(&mut Source(seed));
        prop_assert_eq!(Record::from_bytes(&record.to_bytes()), Ok(record));
    }

    #[test]
    fn what_decodes_encodes_to_itself(bytes in prop::collection::vec(any::<u8>(), 0..64), seed: u64, at: usize) {
        for (wire_type, honest) in samples(seed) {
            // Near misses reach further into a decoder than noise.
            let mut damaged = honest.clone();
            let at = at % damaged.len();
            damaged[at] = damaged[at].wrapping_add(1);
            for bytes in [&bytes, &honest, &damaged] {
                if let Ok(again) = decode(wire_type, bytes) {
                    prop_assert_eq!(&again, bytes, "{}", wire_type.name);
                }
            }
        }
        if let Ok(record) = Record::from_bytes(&bytes) {
            prop_assert_eq!(record.to_bytes(), bytes);
        }
    }
}
