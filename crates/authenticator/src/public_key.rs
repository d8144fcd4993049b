//! Public keys, as relying parties get them.

use std::convert::Infallible;

use minicbor::{Encoder, encode};

use crate::Algorithm;

/// The public half of a credential's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The name that the site asked by.
    algorithm: Algorithm,
    material: Material,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Material {
    P256 {
        x: [u8; 32],
        y: [u8; 32],
    },
    P384 {
        x: [u8; 48],
        y: [u8; 48],
    },
    Ed25519([u8; 32]),
    /// A modulus of 2,048 bits; the exponent is 65537.
    Rsa(Vec<u8>),
    MlDsa(Vec<u8>),
}

impl PublicKey {
    pub(crate) fn p256(algorithm: Algorithm, x: [u8; 32], y: [u8; 32]) -> Self {
        Self { algorithm, material: Material::P256 { x, y } }
    }

    pub(crate) fn p384(x: [u8; 48], y: [u8; 48]) -> Self {
        Self { algorithm: Algorithm::Es384, material: Material::P384 { x, y } }
    }

    pub(crate) fn ed25519(algorithm: Algorithm, point: [u8; 32]) -> Self {
        Self { algorithm, material: Material::Ed25519(point) }
    }

    pub(crate) fn rsa(modulus: Vec<u8>) -> Self {
        Self { algorithm: Algorithm::Rs256, material: Material::Rsa(modulus) }
    }

    pub(crate) fn ml_dsa(algorithm: Algorithm, bytes: Vec<u8>) -> Self {
        Self { algorithm, material: Material::MlDsa(bytes) }
    }

    /// What the key verifies, by the name that the site asked for it.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key as a `COSE_Key` in CTAP2 canonical CBOR (RFC 9053 section 7, RFC 8230 section 4, RFC 9964).
    pub fn to_cose(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(80);
        self.encode_cose(&mut bytes).expect("writing to a vector does not fail");
        bytes
    }

    /// The key as a DER `SubjectPublicKeyInfo`, the form that `getPublicKey()` gives a page.
    pub fn to_spki(&self) -> Vec<u8> {
        match &self.material {
            Material::P256 { x, y } => [P256_SPKI_PREFIX, x, y].concat(),
            Material::P384 { x, y } => [P384_SPKI_PREFIX, x, y].concat(),
            Material::Ed25519(point) => [ED25519_SPKI_PREFIX, point].concat(),
            Material::Rsa(modulus) => [RSA_SPKI_PREFIX, modulus, RSA_SPKI_SUFFIX].concat(),
            Material::MlDsa(key) => ml_dsa_spki(self.algorithm, key),
        }
    }

    /// Keys in canonical order: kty, alg, then what the key type has.
    fn encode_cose(&self, bytes: &mut Vec<u8>) -> Result<(), encode::Error<Infallible>> {
        let mut encoder = Encoder::new(bytes);
        let alg = self.algorithm.cose();
        match &self.material {
            Material::P256 { x, y } => {
                encoder.map(5)?.i64(1)?.i64(EC2)?.i64(3)?.i64(alg)?;
                encoder.i64(-1)?.i64(1)?.i64(-2)?.bytes(x)?.i64(-3)?.bytes(y)?;
            }
            Material::P384 { x, y } => {
                encoder.map(5)?.i64(1)?.i64(EC2)?.i64(3)?.i64(alg)?;
                encoder.i64(-1)?.i64(2)?.i64(-2)?.bytes(x)?.i64(-3)?.bytes(y)?;
            }
            Material::Ed25519(point) => {
                encoder.map(4)?.i64(1)?.i64(OKP)?.i64(3)?.i64(alg)?;
                encoder.i64(-1)?.i64(6)?.i64(-2)?.bytes(point)?;
            }
            Material::Rsa(modulus) => {
                encoder.map(4)?.i64(1)?.i64(RSA)?.i64(3)?.i64(alg)?;
                encoder.i64(-1)?.bytes(modulus)?.i64(-2)?.bytes(&RSA_EXPONENT)?;
            }
            Material::MlDsa(key) => {
                encoder.map(3)?.i64(1)?.i64(AKP)?.i64(3)?.i64(alg)?.i64(-1)?.bytes(key)?;
            }
        }
        Ok(())
    }
}

/// `SEQUENCE { SEQUENCE { OID }, BIT STRING }` around a key of 1,312 to 2,592 bytes (RFC 9881).
fn ml_dsa_spki(algorithm: Algorithm, key: &[u8]) -> Vec<u8> {
    // 2.16.840.1.101.3.4.3.17 and the two after it.
    let last = match algorithm {
        Algorithm::MlDsa44 => 0x11,
        Algorithm::MlDsa65 => 0x12,
        _ => 0x13,
    };
    let identifier = [0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, last];
    // A bit string starts with the number of bits that do not count.
    let string = [&[0x03, 0x82][..], &two_bytes(key.len() + 1), &[0], key].concat();
    [&[0x30, 0x82][..], &two_bytes(identifier.len() + string.len()), &identifier, &string].concat()
}

fn two_bytes(len: usize) -> [u8; 2] {
    u16::try_from(len).expect("keys are shorter than that").to_be_bytes()
}

// Key types (RFC 9053 section 7, RFC 8230, RFC 9964).
const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const AKP: i64 = 7;

const RSA_EXPONENT: [u8; 3] = [1, 0, 1];

/// Everything before the coordinates: ecPublicKey on prime256v1, a bit string with an uncompressed point (RFC 5480).
const P256_SPKI_PREFIX: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];

/// The same on secp384r1.
const P384_SPKI_PREFIX: &[u8] = &[
    0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00,
    0x22, 0x03, 0x62, 0x00, 0x04,
];

/// Everything before the point: Ed25519, a bit string (RFC 8410).
const ED25519_SPKI_PREFIX: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Everything before a modulus of 2,048 bits, whose first is set: rsaEncryption, a bit string with a sequence of two integers
/// (RFC 8017).
const RSA_SPKI_PREFIX: &[u8] = &[
    0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    0x03, 0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00,
];

/// The exponent after it.
const RSA_SPKI_SUFFIX: &[u8] = &[0x02, 0x03, 0x01, 0x00, 0x01];
