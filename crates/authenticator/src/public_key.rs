//! Public keys, as relying parties get them.

use std::convert::Infallible;

use minicbor::{Encoder, encode};

use crate::Algorithm;

/// The public half of a credential's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(Point);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Point {
    P256 { x: [u8; 32], y: [u8; 32] },
    Ed25519([u8; 32]),
}

impl PublicKey {
    pub(crate) fn p256(x: [u8; 32], y: [u8; 32]) -> Self {
        Self(Point::P256 { x, y })
    }

    pub(crate) fn ed25519(point: [u8; 32]) -> Self {
        Self(Point::Ed25519(point))
    }

    /// What the key verifies.
    pub fn algorithm(&self) -> Algorithm {
        match self.0 {
            Point::P256 { .. } => Algorithm::Es256,
            Point::Ed25519(_) => Algorithm::EdDsa,
        }
    }

    /// The key as a `COSE_Key` in CTAP2 canonical CBOR (RFC 9053 section 7).
    pub fn to_cose(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(80);
        self.encode_cose(&mut bytes).expect("writing to a vector does not fail");
        bytes
    }

    /// The key as a DER `SubjectPublicKeyInfo`, the form that `getPublicKey()` gives a page.
    pub fn to_spki(&self) -> Vec<u8> {
        match &self.0 {
            Point::P256 { x, y } => [P256_SPKI_PREFIX, x, y].concat(),
            Point::Ed25519(point) => [ED25519_SPKI_PREFIX, point].concat(),
        }
    }

    /// Keys in canonical order: kty, alg, crv, x, y.
    fn encode_cose(&self, bytes: &mut Vec<u8>) -> Result<(), encode::Error<Infallible>> {
        let mut encoder = Encoder::new(bytes);
        let alg = self.algorithm().cose();
        match &self.0 {
            Point::P256 { x, y } => {
                encoder.map(5)?.i64(1)?.i64(2)?.i64(3)?.i64(alg)?;
                encoder.i64(-1)?.i64(1)?.i64(-2)?.bytes(x)?.i64(-3)?.bytes(y)?;
            }
            Point::Ed25519(point) => {
                encoder.map(4)?.i64(1)?.i64(1)?.i64(3)?.i64(alg)?;
                encoder.i64(-1)?.i64(6)?.i64(-2)?.bytes(point)?;
            }
        }
        Ok(())
    }
}

/// Everything before the coordinates: ecPublicKey on prime256v1, a bit string with an uncompressed point (RFC 5480).
const P256_SPKI_PREFIX: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];

/// Everything before the point: Ed25519, a bit string (RFC 8410).
const ED25519_SPKI_PREFIX: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
