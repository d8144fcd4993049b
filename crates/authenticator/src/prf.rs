//! Pseudo-random functions tied to a credential: the secrets behind `hmac-secret` and `prf`.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Verification;

/// A credential's two PRF keys: one for requests in which the person was verified, one for all others.
///
/// CTAP 2.3 section 12.7 calls them `CredRandomWithUV` and `CredRandomWithoutUV`. Two keys, so that someone who merely
/// holds an unlocked device cannot compute what a site asked to be bound to a verified person.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct PrfSeeds {
    bytes: [u8; Self::LEN],
}

impl PrfSeeds {
    /// The length of both keys together.
    pub const LEN: usize = 64;

    /// Draws both keys.
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = Zeroizing::new([0; Self::LEN]);
        rng.fill_bytes(bytes.as_mut_slice());
        Self { bytes: *bytes }
    }

    /// Takes back what [`PrfSeeds::expose`] gave: the key for verified requests, then the other.
    pub fn from_bytes(bytes: &[u8; Self::LEN]) -> Self {
        Self { bytes: *bytes }
    }

    /// Both keys, for the store to seal: the key for verified requests, then the other.
    pub fn expose(&self) -> &[u8; Self::LEN] {
        &self.bytes
    }

    /// HMAC-SHA-256 of each salt under the key that `verification` selects.
    pub fn evaluate(&self, salts: &PrfSalts, verification: Verification) -> PrfResults {
        let (verified, unverified) = self.bytes.split_at(Self::LEN / 2);
        let key = match verification {
            Verification::Performed => verified,
            Verification::NotPerformed => unverified,
        };
        PrfResults { first: hmac(key, &salts.first), second: salts.second.as_ref().map(|salt| hmac(key, salt)) }
    }
}

impl fmt::Debug for PrfSeeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrfSeeds([redacted])")
    }
}

/// One or two inputs of 32 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct PrfSalts {
    first: [u8; 32],
    second: Option<[u8; 32]>,
}

impl PrfSalts {
    /// The salts of a native caller, as `hmac-secret` carries them.
    pub fn new(first: [u8; 32], second: Option<[u8; 32]>) -> Self {
        Self { first, second }
    }

    /// A web site's inputs, hashed as WebAuthn section 10.1.4 says: SHA-256("WebAuthn PRF" || 0x00 || input).
    ///
    /// The prefix keeps web sites out of the inputs that native callers of `hmac-secret` use.
    pub fn from_web_inputs(first: &[u8], second: Option<&[u8]>) -> Self {
        Self { first: web_salt(first), second: second.map(web_salt) }
    }
}

/// Sites derive keys from what comes of them.
impl fmt::Debug for PrfSalts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrfSalts([redacted])")
    }
}

/// What the functions gave; secret, because sites derive keys from it.
pub struct PrfResults {
    /// For the first salt.
    pub first: Zeroizing<[u8; 32]>,
    /// For the second, if there was one.
    pub second: Option<Zeroizing<[u8; 32]>>,
}

impl PrfResults {
    /// One after the other, as `hmac-secret` carries them.
    pub fn concatenated(&self) -> Zeroizing<Vec<u8>> {
        let mut both = Zeroizing::new(Vec::with_capacity(64));
        both.extend_from_slice(self.first.as_slice());
        both.extend_from_slice(self.second.as_ref().map_or(&[], |second| second.as_slice()));
        both
    }
}

impl fmt::Debug for PrfResults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrfResults([redacted])")
    }
}

/// A request to compute the functions, and the way the results go.
#[derive(Clone, Copy)]
pub struct PrfRequest<'a> {
    /// The inputs.
    pub salts: &'a PrfSalts,
    /// Where the results go.
    pub delivery: PrfDelivery<'a>,
}

/// The way the results of a [`PrfRequest`] go.
#[derive(Clone, Copy)]
pub enum PrfDelivery<'a> {
    /// To the client that is part of us, as they are: `prf`.
    ToClient,
    /// Into the authenticator data, encrypted for the platform by this function: `hmac-secret` and `hmac-secret-mc`.
    InAuthenticatorData(&'a dyn Fn(&[u8]) -> Vec<u8>),
}

impl fmt::Debug for PrfRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrfRequest([redacted])")
    }
}

fn web_salt(input: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(b"WebAuthn PRF\0").chain_update(input).finalize().into()
}

fn hmac(key: &[u8], salt: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(salt);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests;
