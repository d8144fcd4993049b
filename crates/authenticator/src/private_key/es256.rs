//! ECDSA over P-256 with SHA-256.

use p256::{
    NistP256, NonZeroScalar,
    elliptic_curve::{Generate as _, PrimeField as _, sec1::ToSec1Point as _},
};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::BadPrivateKey;
use crate::{Algorithm, PublicKey};

/// The bare scalar: a signature needs nothing else, and deriving the public key with each use would nearly double its cost.
pub(super) struct Es256(Zeroizing<NonZeroScalar>);

impl Es256 {
    pub(super) fn make(rng: &mut impl CryptoRng) -> Self {
        Self(Zeroizing::new(NonZeroScalar::generate_from_rng(rng)))
    }

    pub(super) fn from_secret(d: &[u8]) -> Result<Self, BadPrivateKey> {
        let d: &[u8; 32] = d.try_into().map_err(|_| BadPrivateKey)?;
        let scalar = Option::from(NonZeroScalar::from_repr((*d).into())).ok_or(BadPrivateKey)?;
        Ok(Self(Zeroizing::new(scalar)))
    }

    pub(super) fn from_key(key: &p256::SecretKey) -> Self {
        Self(Zeroizing::new(key.to_nonzero_scalar()))
    }

    pub(super) fn to_key(&self) -> p256::SecretKey {
        p256::SecretKey::from(*self.0)
    }

    pub(super) fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_repr().into())
    }

    pub(super) fn public_key(&self, algorithm: Algorithm) -> PublicKey {
        let point = p256::PublicKey::from_secret_scalar(&self.0).to_sec1_point(false);
        let (x, y) = point.x().zip(point.y()).expect("an uncompressed point has both coordinates");
        PublicKey::p256(algorithm, (*x).into(), (*y).into())
    }

    pub(super) fn sign(&self, message: &[&[u8]]) -> Vec<u8> {
        let mut digest = Sha256::new();
        message.iter().for_each(|part| digest.update(part));
        let (signature, _) =
            ecdsa::hazmat::sign_prehashed_rfc6979::<NistP256, Sha256>(&self.0, &digest.finalize(), &[]);
        signature.to_der().as_bytes().to_vec()
    }
}
