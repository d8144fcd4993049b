//! RSASSA-PKCS1-v1_5 with SHA-256, 2,048 bits, for sites of the time before elliptic curves.
//!
//! The one place that knows the crate `rsa`, a release candidate. Its known weakness, timing (RUSTSEC-2023-0071), is in what it
//! does without blinding: signing here is always blinded.

use rand_core::CryptoRng;
use rsa::{
    BoxedUint, Pkcs1v15Sign, RsaPrivateKey,
    pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, SecretDocument},
    traits::{PrivateKeyParts as _, PublicKeyParts as _},
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::BadPrivateKey;
use crate::PublicKey;

/// Bytes of each of the two primes.
pub(super) const FACTOR_LEN: usize = BITS / 16;

/// Two primes of equal length with the public exponent 65537.
pub(super) struct Rs256(RsaPrivateKey);

impl Rs256 {
    pub(super) fn make(rng: &mut impl CryptoRng) -> Self {
        Self(RsaPrivateKey::new(rng, BITS).expect("the length is one that the crate makes"))
    }

    pub(super) fn from_secret(factors: &[u8]) -> Result<Self, BadPrivateKey> {
        let (p, q) = factors.split_at_checked(FACTOR_LEN).ok_or(BadPrivateKey)?;
        // Odd and of full length: what the crate's arithmetic takes for granted, and panics without.
        let is_factor = |bytes: &[u8]| {
            bytes.first().is_some_and(|first| first >> 7 == 1) && bytes.last().is_some_and(|last| last & 1 == 1)
        };
        if !is_factor(p) || !is_factor(q) {
            return Err(BadPrivateKey);
        }
        let factor = |bytes| BoxedUint::from_be_slice(bytes, BITS as u32 / 2).map_err(|_| BadPrivateKey);
        let key = RsaPrivateKey::from_p_q(factor(p)?, factor(q)?, BoxedUint::from(EXPONENT));
        Self::checked(key.map_err(|_| BadPrivateKey)?)
    }

    pub(super) fn from_pkcs8(der: &[u8]) -> Result<Self, BadPrivateKey> {
        Self::checked(RsaPrivateKey::from_pkcs8_der(der).map_err(|_| BadPrivateKey)?)
    }

    pub(super) fn to_pkcs8(&self) -> SecretDocument {
        self.0.to_pkcs8_der().expect("a key with two primes always encodes")
    }

    /// p, then q.
    pub(super) fn secret(&self) -> Zeroizing<Vec<u8>> {
        let mut factors = Zeroizing::new(Vec::with_capacity(2 * FACTOR_LEN));
        for prime in self.0.primes() {
            let bytes = Zeroizing::new(prime.to_be_bytes());
            factors.extend_from_slice(&bytes);
        }
        factors
    }

    pub(super) fn public_key(&self) -> PublicKey {
        PublicKey::rsa(self.0.n_bytes().into_vec())
    }

    pub(super) fn sign(&self, message: &[&[u8]], rng: &mut impl CryptoRng) -> Result<Vec<u8>, BadPrivateKey> {
        let mut digest = Sha256::new();
        message.iter().for_each(|part| digest.update(part));
        self.0.sign_with_rng(rng, Pkcs1v15Sign::new::<Sha256>(), &digest.finalize()).map_err(|_| BadPrivateKey)
    }

    /// Only keys of the form that is kept: another length or exponent would not come back.
    fn checked(key: RsaPrivateKey) -> Result<Self, BadPrivateKey> {
        let is_kept = key.n().bits() as usize == BITS
            && *key.e() == BoxedUint::from(EXPONENT)
            && key.primes().len() == 2
            && key.primes().iter().all(|prime| prime.bits() as usize == BITS / 2);
        if is_kept { Ok(Self(key)) } else { Err(BadPrivateKey) }
    }
}

/// The bits of the modulus: what sites and their libraries expect.
const BITS: usize = 2048;

const EXPONENT: u64 = 65537;
