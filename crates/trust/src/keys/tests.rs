#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use p256::ecdsa::Signature as EcdsaSignature;
use p256::elliptic_curve::PrimeField as _;

use super::{IdentityKey, WriteKey, verify_identity, verify_write};
use crate::{SignIdentity, SignWrite, SignatureError, fixture::Device};

/// Returns a signed object with the other valid signature `(r, n - s)` of the same key over the same bytes.
pub(crate) fn twin(signed: &[u8]) -> Vec<u8> {
    let (rest, signature) = signed.split_last_chunk::<64>().unwrap();
    [rest, &mirrored(signature)].concat()
}

fn mirrored(signature: &[u8; 64]) -> [u8; 64] {
    let signature = EcdsaSignature::from_bytes(&(*signature).into()).unwrap();
    let (r, s) = signature.split_scalars();
    EcdsaSignature::from_scalars(r.to_repr(), (-*s).to_repr()).unwrap().to_bytes().into()
}

#[test]
fn keys_survive_their_bytes() {
    let Device { identity, write, .. } = Device::new(1);
    assert_eq!(IdentityKey::from_bytes(&identity.expose_bytes()).unwrap().public(), identity.public());
    assert_eq!(WriteKey::from_bytes(&write.expose_bytes()).public(), write.public());
}

#[test]
fn a_scalar_out_of_range_is_no_key() {
    assert_eq!(IdentityKey::from_bytes(&[0; 32]).unwrap_err(), SignatureError);
    assert_eq!(IdentityKey::from_bytes(&[0xff; 32]).unwrap_err(), SignatureError);
}

#[test]
fn secrets_are_not_printed() {
    let Device { identity, write, .. } = Device::new(1);
    assert_eq!(format!("{identity:?} {write:?}"), "IdentityKey(redacted) WriteKey(redacted)");
}

#[test]
fn an_identity_signs_the_same_way_every_time() {
    // RFC 6979: a bad random source cannot leak the key.
    let key = Device::new(1).identity;
    assert_eq!(key.sign(b"x"), key.sign(b"x"));
}

#[test]
fn a_signature_verifies_for_its_message_and_key_alone() {
    let (a, b) = (Device::new(1), Device::new(2));
    let (es256, ed25519) = (a.identity.sign(b"x"), a.write.sign(b"x"));
    assert_eq!(verify_identity(&a.keys.identity, b"x", &es256), Ok(()));
    assert_eq!(verify_identity(&a.keys.identity, b"y", &es256), Err(SignatureError));
    assert_eq!(verify_identity(&b.keys.identity, b"x", &es256), Err(SignatureError));
    assert_eq!(verify_write(&a.keys.write, b"x", &ed25519), Ok(()));
    assert_eq!(verify_write(&a.keys.write, b"y", &ed25519), Err(SignatureError));
    assert_eq!(verify_write(&b.keys.write, b"x", &ed25519), Err(SignatureError));
}

#[test]
fn scalars_out_of_range_are_refused() {
    let a = Device::new(1);
    let honest = a.identity.sign(b"x");
    for half in [0..32, 32..64] {
        for byte in [0x00, 0xff] {
            let mut signature = honest;
            signature.get_mut(half.clone()).unwrap().fill(byte);
            assert_eq!(verify_identity(&a.keys.identity, b"x", &signature), Err(SignatureError));
        }
    }
}

#[test]
fn an_ed25519_signature_has_no_twin() {
    // Attack 31: s + L passes a lax verifier.
    const L: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let a = Device::new(1);
    let mut twin = a.write.sign(b"x");
    let mut carry = 0;
    for (byte, add) in twin.iter_mut().skip(32).zip(L) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    assert_eq!(verify_write(&a.keys.write, b"x", &twin), Err(SignatureError));
}

#[test]
fn a_key_of_small_order_verifies_nothing() {
    // The neutral element "signs" every message with R = S = 0 for a lax verifier.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let mut signature = [0; 64];
    signature[0] = 1;
    let key = roamkey_proto::WritePublicKey::new(neutral);
    assert_eq!(verify_write(&key, b"any message", &signature), Err(SignatureError));
}
