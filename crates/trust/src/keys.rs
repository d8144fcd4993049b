//! The signing keys of a device, and what a signature by one of them is.

use core::fmt;

use p256::{
    NonZeroScalar,
    ecdsa::{
        Signature as EcdsaSignature, SigningKey as EcdsaKey, VerifyingKey as EcdsaPublic,
        signature::{Signer as _, Verifier as _},
    },
    elliptic_curve::PrimeField as _,
};
use rand_core::CryptoRng;
use roamkey_proto::{DeviceKeys, IdentityPublicKey, WritePublicKey};
use zeroize::Zeroizing;

use crate::SignatureError;

/// Signs with a device's identity key: ES256 (RFC 7518 section 3.4).
///
/// A trait, so that the key may rest in hardware.
pub trait SignIdentity {
    /// Returns the public half.
    fn public(&self) -> IdentityPublicKey;

    /// Signs a message: `r ‖ s`, 32 bytes each.
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

/// Signs with a device's write key, or a server's receipt key: Ed25519 (RFC 8032).
pub trait SignWrite {
    /// Returns the public half.
    fn public(&self) -> WritePublicKey;

    /// Signs a message.
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

/// An identity key in software.
///
/// Wiped when dropped, not to be copied, printed as its kind alone. The bare scalar: deriving the public half takes longer
/// than all else that opening a device does, and few of those who open one sign an entry.
pub struct IdentityKey(Zeroizing<NonZeroScalar>);

impl IdentityKey {
    /// Draws a key.
    #[must_use]
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        loop {
            rng.fill_bytes(bytes.as_mut());
            // All but one in 2^32 draws are scalars of the group; the others are drawn again, not folded.
            if let Ok(key) = Self::from_bytes(&bytes) {
                return key;
            }
        }
    }

    /// Makes the key from the bytes that [`expose_bytes`](Self::expose_bytes) gave.
    ///
    /// # Errors
    /// [`SignatureError`] when they are no scalar of the group.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, SignatureError> {
        let scalar: Option<_> = NonZeroScalar::from_repr((*bytes).into()).into();
        scalar.map(|scalar| Self(Zeroizing::new(scalar))).ok_or(SignatureError)
    }

    /// Returns the secret bytes, only for sealing them at rest under the local key.
    #[must_use]
    pub fn expose_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_repr().into())
    }

    fn key(&self) -> EcdsaKey {
        EcdsaKey::from(*self.0)
    }
}

impl SignIdentity for IdentityKey {
    fn public(&self) -> IdentityPublicKey {
        let point = self.key().verifying_key().to_sec1_point(true);
        IdentityPublicKey::new(point.as_bytes().try_into().expect("a compressed point has 33 bytes"))
    }

    /// Signs with the nonce of RFC 6979: a bad random source cannot leak the key.
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature: EcdsaSignature = self.key().sign(message);
        signature.to_bytes().into()
    }
}

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityKey(redacted)")
    }
}

/// A write key in software; a server's receipt key as well.
///
/// Wiped when dropped, not to be copied, printed as its kind alone.
pub struct WriteKey(ed25519_dalek::SigningKey);

impl WriteKey {
    /// Draws a key.
    #[must_use]
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(bytes.as_mut());
        Self::from_bytes(&bytes)
    }

    /// Makes the key from the bytes that [`expose_bytes`](Self::expose_bytes) gave: any 32 are one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(bytes))
    }

    /// Returns the secret bytes, only for sealing them at rest under the local key.
    #[must_use]
    pub fn expose_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }
}

impl SignWrite for WriteKey {
    fn public(&self) -> WritePublicKey {
        WritePublicKey::new(self.0.verifying_key().to_bytes())
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for WriteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WriteKey(redacted)")
    }
}

/// Checks that the signing keys of a device are points to verify with.
///
/// The kem key is checked by whoever wraps for it: this crate does not know its algorithm.
pub(crate) fn check(keys: &DeviceKeys) -> Result<(), SignatureError> {
    identity_point(&keys.identity)?;
    write_point(&keys.write)?;
    Ok(())
}

/// Checks that a recovery authority's signing key is a point to verify with.
pub(crate) fn check_write(key: &WritePublicKey) -> Result<(), SignatureError> {
    write_point(key).map(drop)
}

/// Verifies ES256: 64 bytes, both scalars in range.
///
/// The twin `(r, n - s)` of a signature verifies too; that is why no identifier covers a signature.
pub(crate) fn verify_identity(
    key: &IdentityPublicKey,
    message: &[u8],
    signature: &[u8; 64],
) -> Result<(), SignatureError> {
    let signature = EcdsaSignature::from_bytes(&(*signature).into()).map_err(|_| SignatureError)?;
    identity_point(key)?.verify(message, &signature).map_err(|_| SignatureError)
}

/// Verifies Ed25519 strictly: no key or nonce of small order, no scalar out of range.
pub(crate) fn verify_write(key: &WritePublicKey, message: &[u8], signature: &[u8; 64]) -> Result<(), SignatureError> {
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    write_point(key)?.verify_strict(message, &signature).map_err(|_| SignatureError)
}

fn identity_point(key: &IdentityPublicKey) -> Result<EcdsaPublic, SignatureError> {
    EcdsaPublic::from_sec1_bytes(key.as_bytes()).map_err(|_| SignatureError)
}

fn write_point(key: &WritePublicKey) -> Result<ed25519_dalek::VerifyingKey, SignatureError> {
    let point = ed25519_dalek::VerifyingKey::from_bytes(key.as_bytes()).map_err(|_| SignatureError)?;
    if point.is_weak() { Err(SignatureError) } else { Ok(point) }
}

#[cfg(test)]
pub(crate) mod tests;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod wycheproof;
