#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use coset::{CborSerializable as _, CoseSign1, CoseSign1Builder, HeaderBuilder, iana};
use roamkey_proto::{DecodeError, Label};

use super::{PublicKey, Sign1, sign_by_identity, sign_by_write};
use crate::{SignIdentity as _, SignWrite as _, SignatureError, fixture::Device};

const LIMIT: usize = 1_000;

fn signed() -> (Device, Vec<u8>) {
    let device = Device::new(1);
    let bytes = sign_by_write(Label::Commit, *device.id.as_bytes(), b"payload".to_vec(), &device.write);
    (device, bytes)
}

#[test]
fn a_signed_object_opens_to_its_payload() {
    let (device, bytes) = signed();
    let signed = Sign1::parse(&bytes, LIMIT).unwrap();
    assert_eq!((signed.kid(), signed.unverified_payload()), (device.id.as_bytes(), &b"payload"[..]));
    let key = PublicKey::Write(&device.keys.write);
    assert_eq!(signed.verify(Label::Commit, device.id.as_bytes(), key).unwrap(), b"payload");
}

#[test]
fn purpose_name_key_and_algorithm_are_bound() {
    let (device, bytes) = signed();
    let other = Device::new(2);
    let (id, key) = (device.id.as_bytes(), PublicKey::Write(&device.keys.write));
    for (label, kid, key) in [
        (Label::Session, id, key),
        (Label::Commit, other.id.as_bytes(), key),
        (Label::Commit, id, PublicKey::Write(&other.keys.write)),
        (Label::Commit, id, PublicKey::Identity(&device.keys.identity)),
    ] {
        assert_eq!(Sign1::parse(&bytes, LIMIT).unwrap().verify(label, kid, key), Err(SignatureError));
    }
}

#[test]
fn any_flipped_byte_is_refused() {
    // Attack 9.
    let (device, bytes) = signed();
    let opens = |bytes: &[u8]| {
        let key = PublicKey::Write(&device.keys.write);
        Sign1::parse(bytes, LIMIT).is_ok_and(|signed| signed.verify(Label::Commit, device.id.as_bytes(), key).is_ok())
    };
    assert!(opens(&bytes));
    for position in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[position] ^= 0x04;
        assert!(!opens(&damaged), "byte {position}");
    }
}

#[test]
fn truncated_and_trailing_bytes_are_refused() {
    let (_, mut bytes) = signed();
    for length in 0..bytes.len() {
        assert_eq!(Sign1::parse(&bytes[..length], LIMIT), Err(DecodeError::Malformed), "{length} bytes");
    }
    assert_eq!(Sign1::parse(&bytes, bytes.len() - 1), Err(DecodeError::TooLong { limit: bytes.len() - 1 }));
    bytes.push(0);
    assert_eq!(Sign1::parse(&bytes, LIMIT), Err(DecodeError::TrailingBytes));
}

#[test]
fn coset_reads_what_we_sign() {
    // An independent implementation of RFC 9052 agrees on both sides.
    let (device, by_write) = signed();
    let by_identity = sign_by_identity(Label::Entry, device.id, b"payload".to_vec(), &device.identity);
    for (bytes, label, algorithm) in
        [(by_write, Label::Commit, iana::Algorithm::Ed25519), (by_identity, Label::Entry, iana::Algorithm::ES256)]
    {
        let theirs = CoseSign1::from_slice(&bytes).unwrap();
        assert_eq!(theirs.protected.header.alg, Some(coset::RegisteredLabelWithPrivate::Assigned(algorithm)));
        assert_eq!(theirs.protected.header.key_id, device.id.as_bytes());
        theirs
            .verify_signature(label.tag().as_bytes(), |signature, message| match algorithm {
                iana::Algorithm::ES256 => {
                    crate::keys::verify_identity(&device.keys.identity, message, signature.try_into().unwrap())
                }
                _ => crate::keys::verify_write(&device.keys.write, message, signature.try_into().unwrap()),
            })
            .unwrap();
    }
}

#[test]
fn we_make_what_coset_makes() {
    let device = Device::new(1);
    let theirs = |algorithm, label: Label, sign: &dyn Fn(&[u8]) -> Vec<u8>| {
        let header = HeaderBuilder::new().algorithm(algorithm).key_id(device.id.as_bytes().to_vec()).build();
        let builder = CoseSign1Builder::new().protected(header).payload(b"payload".to_vec());
        builder.create_signature(label.tag().as_bytes(), sign).build().to_vec().unwrap()
    };
    assert_eq!(
        sign_by_write(Label::Session, *device.id.as_bytes(), b"payload".to_vec(), &device.write),
        theirs(iana::Algorithm::Ed25519, Label::Session, &|message| device.write.sign(message).to_vec()),
    );
    assert_eq!(
        sign_by_identity(Label::Entry, device.id, b"payload".to_vec(), &device.identity),
        theirs(iana::Algorithm::ES256, Label::Entry, &|message| device.identity.sign(message).to_vec()),
    );
}

#[test]
fn forms_that_a_lax_reader_takes_are_refused() {
    let (_, bytes) = signed();
    let tagged = [&[0xd2], &bytes[..]].concat();
    assert_eq!(Sign1::parse(&tagged, LIMIT), Err(DecodeError::Malformed));

    let bend = |bend: &dyn Fn(&mut CoseSign1)| {
        let mut theirs = CoseSign1::from_slice(&bytes).unwrap();
        theirs.protected.original_data = None;
        bend(&mut theirs);
        theirs.to_vec().unwrap()
    };
    assert_eq!(bend(&|_| {}), bytes);
    let lax = [
        bend(&|o| o.unprotected.key_id = vec![1]),
        bend(&|o| o.protected.header.alg = None),
        bend(&|o| o.protected.header.alg = Some(coset::RegisteredLabelWithPrivate::Assigned(iana::Algorithm::EdDSA))),
        bend(&|o| o.protected.header.key_id = vec![1; 31]),
        bend(&|o| o.protected.header.partial_iv = vec![1]),
        bend(&|o| o.payload = None),
        bend(&|o| o.signature.push(0)),
        bend(&|o| _ = o.signature.pop()),
    ];
    for (case, bytes) in lax.iter().enumerate() {
        assert_eq!(Sign1::parse(bytes, LIMIT), Err(DecodeError::Malformed), "case {case}");
    }
}

#[test]
fn a_protected_header_has_one_form() {
    let (_, bytes) = signed();
    // `84 58 26 a2 01 32 04 58 20 ...`: the algorithm in two bytes (38 12) instead of one, the lengths to match.
    let mut long = bytes.clone();
    assert_eq!(long[..6], [0x84, 0x58, 0x26, 0xa2, 0x01, 0x32]);
    long.splice(2..6, [0x27, 0xa2, 0x01, 0x38, 0x12]);
    assert_eq!(Sign1::parse(&long, LIMIT), Err(DecodeError::NonCanonical));
}
