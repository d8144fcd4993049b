//! Bytes that a site keeps with a credential.

use std::fmt;

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::limits;

/// What a site put beside a credential at creation, to be had back with each sign-in (CTAP 2.3 section 12.2); up to 32 bytes.
pub struct CredBlob(Zeroizing<Vec<u8>>);

impl CredBlob {
    /// The bytes, for the store to seal and the site to get.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<&[u8]> for CredBlob {
    type Error = TooLong;

    fn try_from(bytes: &[u8]) -> Result<Self, TooLong> {
        bounded(bytes, limits::CRED_BLOB_LEN).map(Self)
    }
}

/// What a site keeps with a credential and may replace: WebAuthn's `largeBlob`.
pub struct LargeBlob(Zeroizing<Vec<u8>>);

impl LargeBlob {
    /// The bytes, for the store to seal and the site to get.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<&[u8]> for LargeBlob {
    type Error = TooLong;

    fn try_from(bytes: &[u8]) -> Result<Self, TooLong> {
        bounded(bytes, limits::LARGE_BLOB_LEN).map(Self)
    }
}

/// The key with which a platform encrypts a credential's entry in the large-blob array (CTAP 2.3 section 12.3).
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct LargeBlobKey([u8; Self::LEN]);

impl LargeBlobKey {
    /// The length in bytes.
    pub const LEN: usize = 32;

    /// Draws a key.
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = Zeroizing::new([0; Self::LEN]);
        rng.fill_bytes(bytes.as_mut_slice());
        Self(*bytes)
    }

    /// Takes back what [`LargeBlobKey::expose`] gave.
    pub fn from_bytes(bytes: &[u8; Self::LEN]) -> Self {
        Self(*bytes)
    }

    /// The bytes, for the store to seal and the platform to get.
    pub fn expose(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

/// More bytes than are kept with a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{len} bytes, where at most {max} are kept")]
pub struct TooLong {
    len: usize,
    max: usize,
}

fn bounded(bytes: &[u8], max: usize) -> Result<Zeroizing<Vec<u8>>, TooLong> {
    if bytes.len() > max { Err(TooLong { len: bytes.len(), max }) } else { Ok(Zeroizing::new(bytes.to_vec())) }
}

macro_rules! secret {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.expose()[..].ct_eq(&other.expose()[..]).into()
            }
        }

        impl Eq for $name {}
    )+};
}

secret!(CredBlob, LargeBlob, LargeBlobKey);
