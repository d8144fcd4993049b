//! The same by AWS-LC, whose assembler takes half the time.
//!
//! Its nonces are random, drawn with the key and the message beside the system's randomness.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair},
};
use zeroize::Zeroizing;

/// Signs a message with the scalar `d`. `None` where the library cannot.
pub(super) fn sign(d: &[u8; 32], message: &[&[u8]]) -> Option<Vec<u8>> {
    // RFC 5915 without the public key, which would have to be derived as well: the library does that faster.
    let mut der = Zeroizing::new([0; HEAD.len() + 32 + CURVE.len()]);
    let (head, rest) = der.split_at_mut(HEAD.len());
    let (scalar, curve) = rest.split_at_mut(d.len());
    head.copy_from_slice(HEAD);
    scalar.copy_from_slice(d);
    curve.copy_from_slice(CURVE);
    let key = EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_ASN1_SIGNING, der.as_slice()).ok()?;
    let signature = key.sign(&SystemRandom::new(), &message.concat()).ok()?;
    Some(signature.as_ref().to_vec())
}

/// `ECPrivateKey ::= SEQUENCE { version 1, privateKey OCTET STRING, ...`
const HEAD: &[u8] = &[0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20];

/// `... parameters [0] prime256v1 }`
const CURVE: &[u8] = &[0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
