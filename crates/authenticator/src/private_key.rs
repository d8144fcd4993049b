//! Signing keys.

use std::fmt;

use ed25519_dalek::Signer as _;
use minicbor::{Decoder, Encoder};
use p256::{
    NistP256, NonZeroScalar,
    elliptic_curve::{Generate as _, PrimeField as _, sec1::ToSec1Point as _},
};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::{Algorithm, PublicKey};

/// A credential's signing key; zeroised on drop, never printed, copied or serialised by accident.
pub struct PrivateKey(Inner);

enum Inner {
    /// The bare scalar: a signature needs nothing else, and deriving the public key with each use would cost a third more.
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
            Inner::Es256(scalar) => {
                let mut d: [u8; 32] = scalar.to_repr().into();
                let bytes = encode_cose(KTY_EC2, Algorithm::Es256, CRV_P256, &d);
                d.zeroize();
                bytes
            }
            Inner::EdDsa(key) => encode_cose(KTY_OKP, Algorithm::EdDsa, CRV_ED25519, key.as_bytes()),
        }
    }

    /// Reads what [`PrivateKey::to_cose`] wrote, and nothing else: one key has one encoding.
    ///
    /// # Errors
    /// [`BadPrivateKey`] for anything else, without saying what is wrong with it.
    pub fn from_cose(bytes: &[u8]) -> Result<Self, BadPrivateKey> {
        let key = decode_cose(bytes).ok_or(BadPrivateKey)?;
        // Canonical by construction: if writing it again gives other bytes, it was not ours.
        if *key.to_cose() == bytes { Ok(key) } else { Err(BadPrivateKey) }
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

// COSE key types and curves, RFC 9053 section 7.
const KTY_OKP: i64 = 1;
const KTY_EC2: i64 = 2;
const CRV_P256: i64 = 1;
const CRV_ED25519: i64 = 6;

fn encode_cose(kty: i64, algorithm: Algorithm, crv: i64, d: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    // Sized up front: a vector that grows would leave its old halves behind unzeroised.
    let mut bytes = Zeroizing::new(Vec::with_capacity(COSE_CAPACITY));
    encode_cose_into(&mut bytes, kty, algorithm, crv, d).expect("writing to a vector does not fail");
    bytes
}

/// In CTAP2 canonical order: 1 (kty), 3 (alg), -1 (crv), -4 (d).
fn encode_cose_into(
    bytes: &mut Vec<u8>,
    kty: i64,
    algorithm: Algorithm,
    crv: i64,
    d: &[u8; 32],
) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
    let mut encoder = Encoder::new(bytes);
    encoder.map(4)?.i64(1)?.i64(kty)?.i64(3)?.i64(algorithm.cose())?;
    encoder.i64(-1)?.i64(crv)?.i64(-4)?.bytes(d)?;
    Ok(())
}

fn decode_cose(bytes: &[u8]) -> Option<PrivateKey> {
    let mut decoder = Decoder::new(bytes);
    let entries = decoder.map().ok()??;
    let mut integer = |label: i64| (decoder.i64().ok()? == label).then(|| decoder.i64().ok())?;
    let (kty, algorithm, crv) = (integer(1)?, integer(3)?, integer(-1)?);
    let label = decoder.i64().ok()?;
    let d: &[u8; 32] = decoder.bytes().ok()?.try_into().ok()?;
    if (entries, label, decoder.position()) != (4, -4, bytes.len()) {
        return None;
    }
    match (kty, Algorithm::from_cose(algorithm)?, crv) {
        (KTY_EC2, Algorithm::Es256, CRV_P256) => PrivateKey::es256(d),
        (KTY_OKP, Algorithm::EdDsa, CRV_ED25519) => Some(PrivateKey::ed_dsa(d)),
        _ => None,
    }
}

const COSE_CAPACITY: usize = 64;
