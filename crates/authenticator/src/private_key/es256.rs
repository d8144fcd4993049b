//! ECDSA over P-256 with SHA-256.

#[cfg(all(feature = "aws-lc", any(target_os = "linux", target_os = "macos")))]
mod native;

use p256::{
    NistP256, NonZeroScalar,
    elliptic_curve::{Generate as _, PrimeField as _, sec1::ToSec1Point as _},
};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::BadPrivateKey;
use crate::{Algorithm, PublicKey};

/// The scalar, from which everything follows, and the public point if it is at hand.
pub(super) struct Es256 {
    scalar: Zeroizing<NonZeroScalar>,
    /// Saves the fast library to derive it with each use. It checks the point against the scalar.
    point: Option<Point>,
    /// Whether the point was derived here; nothing else rests on one that was read.
    is_derived: bool,
}

/// A public key: x and y.
pub(super) type Point = [u8; POINT_LEN];
pub(super) const POINT_LEN: usize = 2 * COORDINATE_LEN;
pub(super) const COORDINATE_LEN: usize = 32;

impl Es256 {
    pub(super) fn make(rng: &mut impl CryptoRng) -> Self {
        Self::whole(NonZeroScalar::generate_from_rng(rng))
    }

    pub(super) fn from_secret(d: &[u8], point: Option<Point>) -> Result<Self, BadPrivateKey> {
        let d: &[u8; 32] = d.try_into().map_err(|_| BadPrivateKey)?;
        let scalar = Option::from(NonZeroScalar::from_repr((*d).into())).ok_or(BadPrivateKey)?;
        Ok(Self { point, ..Self::bare(scalar) })
    }

    pub(super) fn from_key(key: &p256::SecretKey) -> Self {
        Self::whole(key.to_nonzero_scalar())
    }

    pub(super) fn to_key(&self) -> p256::SecretKey {
        p256::SecretKey::from(*self.scalar)
    }

    pub(super) fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.scalar.to_repr().into())
    }

    /// The point that is kept with the key, right or wrong.
    pub(super) fn point(&self) -> Option<&Point> {
        self.point.as_ref()
    }

    /// The public key, derived: what was read with the private one cannot contradict it.
    pub(super) fn public_key(&self, algorithm: Algorithm) -> PublicKey {
        let point = self.point.filter(|_| self.is_derived).unwrap_or_else(|| self.derive());
        let [x, y] = [0, COORDINATE_LEN].map(|at| {
            let coordinate = point.get(at..at + COORDINATE_LEN).and_then(|bytes| bytes.try_into().ok());
            coordinate.expect("a point has two coordinates")
        });
        PublicKey::p256(algorithm, x, y)
    }

    fn derive(&self) -> Point {
        let point = p256::PublicKey::from_secret_scalar(&self.scalar).to_sec1_point(false);
        let (x, y) = point.x().zip(point.y()).expect("an uncompressed point has both coordinates");
        [*x, *y].concat().try_into().expect("two coordinates make a point")
    }

    fn whole(scalar: NonZeroScalar) -> Self {
        let key = Self::bare(scalar);
        Self { point: Some(key.derive()), is_derived: true, ..key }
    }

    fn bare(scalar: NonZeroScalar) -> Self {
        Self { scalar: Zeroizing::new(scalar), point: None, is_derived: false }
    }

    pub(super) fn sign(&self, message: &[&[u8]]) -> Vec<u8> {
        #[cfg(all(feature = "aws-lc", any(target_os = "linux", target_os = "macos")))]
        if let Some(signature) = native::sign(&self.secret(), self.point(), message) {
            return signature;
        }
        // Also where the point is another key's: nobody is kept from signing in by that.
        self.sign_portably(message)
    }

    fn sign_portably(&self, message: &[&[u8]]) -> Vec<u8> {
        let mut digest = Sha256::new();
        message.iter().for_each(|part| digest.update(part));
        let (signature, _) =
            ecdsa::hazmat::sign_prehashed_rfc6979::<NistP256, Sha256>(&self.scalar, &digest.finalize(), &[]);
        signature.to_der().as_bytes().to_vec()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

    use getrandom::SysRng;
    use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};
    use rand_core::UnwrapErr;

    use super::*;

    /// RFC 6979 appendix A.2.5.
    const D: [u8; 32] = [
        0xc9, 0xaf, 0xa9, 0xd8, 0x45, 0xba, 0x75, 0x16, 0x6b, 0x5c, 0x21, 0x57, 0x67, 0xb1, 0xd6, 0x93, 0x4e, 0x50,
        0xc3, 0xdb, 0x36, 0xe8, 0x9b, 0x12, 0x7b, 0x8a, 0x62, 0x2b, 0x12, 0x0f, 0x67, 0x21,
    ];

    fn verifies(key: &Es256, message: &[u8], signature: &[u8]) -> bool {
        let key = VerifyingKey::from(key.to_key().public_key());
        key.verify(message, &Signature::from_der(signature).unwrap()).is_ok()
    }

    #[test]
    fn a_signature_is_of_the_whole_message_whoever_makes_it() {
        let derived = Es256::from_secret(&D, None).unwrap().derive();
        let others = Es256::make(&mut UnwrapErr(SysRng)).point;
        for point in [None, Some(derived), others, Some([7; POINT_LEN])] {
            let key = Es256::from_secret(&D, point).unwrap();
            for sign in [Es256::sign, Es256::sign_portably] {
                let signature = sign(&key, &[b"sam", b"", b"ple"]);
                assert!(verifies(&key, b"sample", &signature), "{point:?}");
                assert!(!verifies(&key, b"simple", &signature));
            }
        }
    }

    #[test]
    #[cfg(all(feature = "aws-lc", any(target_os = "linux", target_os = "macos")))]
    fn the_fast_one_refuses_the_point_of_another_key() {
        let (key, other) = (Es256::make(&mut UnwrapErr(SysRng)), Es256::make(&mut UnwrapErr(SysRng)));
        assert!(native::sign(&key.secret(), key.point(), &[b"sample"]).is_some());
        assert_eq!(native::sign(&key.secret(), other.point(), &[b"sample"]), None);
    }

    #[test]
    #[cfg(all(feature = "aws-lc", any(target_os = "linux", target_os = "macos")))]
    fn the_fast_one_signs_with_the_smallest_and_the_largest_key() {
        for scalar in [p256::Scalar::ONE, -p256::Scalar::ONE] {
            let key = Es256::bare(NonZeroScalar::new(scalar).unwrap());
            let point = key.derive();
            for point in [None, Some(&point)] {
                let signature = native::sign(&key.secret(), point, &[b"sample"]).unwrap();
                assert!(verifies(&key, b"sample", &signature));
            }
        }
        assert_eq!(native::sign(&[0; 32], None, &[b"sample"]), None);
    }
}
