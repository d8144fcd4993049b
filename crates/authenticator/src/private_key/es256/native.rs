//! The same by AWS-LC, whose assembler takes half the time.
//!
//! Its nonces are random, drawn with the key and the message beside the system's randomness.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair},
};
use zeroize::Zeroizing;

use super::Point;

/// Signs a message with the scalar `d`. `None` where the library cannot, such as with a point that is not the scalar's.
pub(super) fn sign(d: &[u8; 32], point: Option<&Point>, message: &[&[u8]]) -> Option<Vec<u8>> {
    // Derived by the library where it is missing, which takes as long as checking it, and nearly as long as signing.
    let parts: &[&[u8]] = match point {
        Some(point) => &[HEAD_OF_PAIR, d, CURVE, POINT, point],
        None => &[HEAD, d, CURVE],
    };
    // Sized for the longer one, so that no copy stays behind.
    let mut der = Zeroizing::new(Vec::with_capacity(128));
    parts.iter().for_each(|part| der.extend_from_slice(part));
    let key = EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_ASN1_SIGNING, &der).ok()?;
    let signature = key.sign(&SystemRandom::new(), &message.concat()).ok()?;
    Some(signature.as_ref().to_vec())
}

/// RFC 5915: `ECPrivateKey ::= SEQUENCE { version 1, privateKey OCTET STRING, ...`
const HEAD: &[u8] = &[0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20];

/// The same of a longer one.
const HEAD_OF_PAIR: &[u8] = &[0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20];

/// `... parameters [0] prime256v1 ...`
const CURVE: &[u8] = &[0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

/// `... publicKey [1] BIT STRING }` of an uncompressed point.
const POINT: &[u8] = &[0xa1, 0x44, 0x03, 0x42, 0x00, 0x04];
