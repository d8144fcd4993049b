//! ECDSA over P-384 with SHA-384.

use p384::{
    NistP384, NonZeroScalar,
    elliptic_curve::{Generate as _, PrimeField as _, sec1::ToSec1Point as _},
};
use rand_core::CryptoRng;
use sha2::{Digest, Sha384};
use zeroize::Zeroizing;

use super::BadPrivateKey;
use crate::PublicKey;

/// The bare scalar, like that of ES256.
pub(super) struct Es384(Zeroizing<NonZeroScalar>);

impl Es384 {
    pub(super) fn make(rng: &mut impl CryptoRng) -> Self {
        Self(Zeroizing::new(NonZeroScalar::generate_from_rng(rng)))
    }

    pub(super) fn from_secret(d: &[u8]) -> Result<Self, BadPrivateKey> {
        let d: &[u8; 48] = d.try_into().map_err(|_| BadPrivateKey)?;
        let scalar = Option::from(NonZeroScalar::from_repr((*d).into())).ok_or(BadPrivateKey)?;
        Ok(Self(Zeroizing::new(scalar)))
    }

    pub(super) fn from_key(key: &p384::SecretKey) -> Self {
        Self(Zeroizing::new(key.to_nonzero_scalar()))
    }

    pub(super) fn to_key(&self) -> p384::SecretKey {
        p384::SecretKey::from(*self.0)
    }

    pub(super) fn secret(&self) -> Zeroizing<[u8; 48]> {
        Zeroizing::new(self.0.to_repr().into())
    }

    pub(super) fn public_key(&self) -> PublicKey {
        let point = p384::PublicKey::from_secret_scalar(&self.0).to_sec1_point(false);
        let (x, y) = point.x().zip(point.y()).expect("an uncompressed point has both coordinates");
        PublicKey::p384((*x).into(), (*y).into())
    }

    pub(super) fn sign(&self, message: &[&[u8]]) -> Vec<u8> {
        let mut digest = Sha384::new();
        message.iter().for_each(|part| digest.update(part));
        let (signature, _) =
            ecdsa::hazmat::sign_prehashed_rfc6979::<NistP384, Sha384>(&self.0, &digest.finalize(), &[]);
        signature.to_der().as_bytes().to_vec()
    }
}
