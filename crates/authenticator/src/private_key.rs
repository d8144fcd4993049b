//! Signing keys.

mod pkcs8;

use std::fmt;

use ed25519_dalek::Signer as _;
use p256::{
    NistP256, NonZeroScalar,
    elliptic_curve::{Generate as _, PrimeField as _, sec1::ToSec1Point as _},
};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{Algorithm, PublicKey};

/// A credential's signing key; zeroised on drop, never printed, copied or serialised by accident.
pub struct PrivateKey(Inner);

enum Inner {
    /// The bare scalar: a signature needs nothing else, and deriving the public key with each use would nearly double its cost.
    Es256(Zeroizing<NonZeroScalar>),
    EdDsa(ed25519_dalek::SigningKey),
}

impl PrivateKey {
    /// Draws a new key.
    pub fn make(algorithm: Algorithm, rng: &mut impl CryptoRng) -> Self {
        match algorithm {
            Algorithm::Es256 => Self(Inner::Es256(Zeroizing::new(NonZeroScalar::generate_from_rng(rng)))),
            Algorithm::EdDsa => {
                let mut seed = Zeroizing::new([0; 32]);
                rng.fill_bytes(seed.as_mut_slice());
                Self::ed_dsa(&seed)
            }
        }
    }

    /// What the key signs with.
    pub fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Inner::Es256(_) => Algorithm::Es256,
            Inner::EdDsa(_) => Algorithm::EdDsa,
        }
    }

    /// The key as a canonical `COSE_Key` with its algorithm and private part.
    ///
    /// The public part is left out: it follows from the private one, and what is not there cannot contradict it.
    pub fn to_cose(&self) -> Zeroizing<Vec<u8>> {
        match &self.0 {
            Inner::Es256(scalar) => cose(P256_PREFIX, &Zeroizing::new(scalar.to_repr().into())),
            Inner::EdDsa(key) => cose(ED25519_PREFIX, key.as_bytes()),
        }
    }

    /// Reads what [`PrivateKey::to_cose`] wrote, and nothing else: one key has one encoding.
    ///
    /// # Errors
    /// [`BadPrivateKey`] for anything else, without saying what is wrong with it.
    pub fn from_cose(bytes: &[u8]) -> Result<Self, BadPrivateKey> {
        match bytes.split_last_chunk() {
            Some((P256_PREFIX, d)) => Self::es256(d).ok_or(BadPrivateKey),
            Some((ED25519_PREFIX, seed)) => Ok(Self::ed_dsa(seed)),
            _ => Err(BadPrivateKey),
        }
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        match &self.0 {
            Inner::Es256(scalar) => {
                let point = p256::PublicKey::from_secret_scalar(scalar).to_sec1_point(false);
                let coordinates = point.x().zip(point.y());
                let (x, y) = coordinates.expect("an uncompressed point has both coordinates");
                PublicKey::p256((*x).into(), (*y).into())
            }
            Inner::EdDsa(key) => PublicKey::ed25519(key.verifying_key().to_bytes()),
        }
    }

    fn es256(d: &[u8; 32]) -> Option<Self> {
        let scalar = Option::from(NonZeroScalar::from_repr((*d).into()))?;
        Some(Self(Inner::Es256(Zeroizing::new(scalar))))
    }

    fn ed_dsa(seed: &[u8; 32]) -> Self {
        Self(Inner::EdDsa(ed25519_dalek::SigningKey::from_bytes(seed)))
    }

    /// Signs `message`, in the form that WebAuthn section 6.5.5 gives each algorithm: ES256 as ASN.1 DER with the nonce of
    /// RFC 6979 (no randomness to get wrong), EdDSA as the 64 bytes of RFC 8032.
    pub(crate) fn sign(&self, message: &[&[u8]]) -> Vec<u8> {
        match &self.0 {
            Inner::Es256(scalar) => {
                let mut digest = Sha256::new();
                message.iter().for_each(|part| digest.update(part));
                let (signature, _) =
                    ecdsa::hazmat::sign_prehashed_rfc6979::<NistP256, Sha256>(scalar, &digest.finalize(), &[]);
                signature.to_der().as_bytes().to_vec()
            }
            Inner::EdDsa(key) => key.sign(&message.concat()).to_bytes().to_vec(),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({:?}, [redacted])", self.algorithm())
    }
}

/// The bytes are not a private key as this crate writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a private key of a kind known here")]
pub struct BadPrivateKey;

fn cose(prefix: &[u8], secret: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    // Sized up front: a vector that grows would leave its old halves behind unzeroised.
    let mut bytes = Zeroizing::new(Vec::with_capacity(prefix.len() + secret.len()));
    bytes.extend_from_slice(prefix);
    bytes.extend_from_slice(secret);
    bytes
}

/// A canonical `COSE_Key` (RFC 9053 section 7) before its 32 secret bytes: kty EC2, alg ES256, crv P-256, d.
const P256_PREFIX: &[u8] = b"\xa4\x01\x02\x03\x26\x20\x01\x23\x58\x20";

/// The same for kty OKP, alg EdDSA, crv Ed25519, d.
const ED25519_PREFIX: &[u8] = b"\xa4\x01\x01\x03\x27\x20\x06\x23\x58\x20";
