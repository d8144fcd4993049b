#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use proptest::prelude::*;

use super::*;

#[test]
fn keys_stand_by_major_type_then_length_then_value() {
    let map = Map::default().with("aaguid", 0u8).with(-1_i64, 0u8).with(24u8, 0u8).with("up", 0u8).with(3u8, 0u8);
    assert_eq!(
        hex(&Value::from(map).encode()),
        "a5\
        0300\
        181800\
        2000\
        62757000\
        6661616775696400"
    );
}

#[test]
fn what_is_longer_than_need_be_is_refused() {
    for bytes in [
        "1800",   // 0 in two bytes
        "19000a", // 10 in three bytes
        "1b00000000ffffffff",
        "3800", // -1 in two bytes
        "5800", // an empty byte string with a long length
        "780161",
        "9800",
        "b80100f4",
    ] {
        assert_eq!(Value::decode(&unhex(bytes)), Err(NotCanonical), "{bytes}");
    }
}

#[test]
fn indefinite_lengths_tags_floats_and_trailing_bytes_are_refused() {
    for bytes in
        ["9fff", "bfff", "5fff", "7fff", "c000", "f90000", "fa00000000", "fb0000000000000000", "f7", "f820", "0000", ""]
    {
        assert_eq!(Value::decode(&unhex(bytes)), Err(NotCanonical), "{bytes}");
    }
}

#[test]
fn keys_out_of_order_or_twice_are_refused() {
    for bytes in ["a202000100", "a201000100", "a2200001f4", "a2626262006161 00"] {
        assert_eq!(Value::decode(&unhex(bytes)), Err(NotCanonical), "{bytes}");
    }
}

#[test]
fn nesting_ends_at_four_levels() {
    assert!(Value::decode(&unhex("81818180")).is_ok());
    assert_eq!(Value::decode(&unhex("8181818180")), Err(NotCanonical));
    assert!(Value::decode(&unhex("a100a100a100a0")).is_ok());
    assert_eq!(Value::decode(&unhex("a100a100a100a100a0")), Err(NotCanonical));
}

#[test]
fn a_length_that_is_not_there_takes_no_memory() {
    assert_eq!(Value::decode(&unhex("9bffffffffffffffff")), Err(NotCanonical));
    assert_eq!(Value::decode(&unhex("bbffffffffffffffff")), Err(NotCanonical));
    assert_eq!(Value::decode(&unhex("5bffffffffffffffff")), Err(NotCanonical));
}

proptest! {
    #[test]
    fn what_is_written_reads_back(value in any_value()) {
        let bytes = value.encode();
        prop_assert_eq!(Value::decode(&bytes).unwrap(), value);
    }

    #[test]
    fn what_reads_is_written_the_same(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(value) = Value::decode(&bytes) {
            prop_assert_eq!(value.encode(), bytes);
        }
    }

    #[test]
    fn a_changed_byte_still_has_one_encoding(value in any_value(), position: prop::sample::Index, byte: u8) {
        let mut bytes = value.encode();
        let position = position.index(bytes.len());
        if let Some(there) = bytes.get_mut(position) {
            *there = byte;
        }
        if let Ok(value) = Value::decode(&bytes) {
            prop_assert_eq!(value.encode(), bytes);
        }
    }
}

fn any_value() -> impl Strategy<Value = Value<'static>> {
    let leaf = prop_oneof![
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::vec((any_key(), inner), 0..6).prop_map(|entries| {
                entries.into_iter().fold(Map::default(), |map, (key, value)| map.with(key, value)).into()
            }),
        ]
    })
    .prop_filter("no deeper than CTAP allows", |value| depth(value) <= limits::CTAP_NESTING)
}

fn any_key() -> impl Strategy<Value = Value<'static>> {
    prop_oneof![any::<i64>().prop_map(Value::from), "[a-z]{0,12}".prop_map(Value::from)]
}

fn depth(value: &Value<'_>) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Map(map) => 1 + map.entries.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        _ => 0,
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
