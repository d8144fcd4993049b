//! Unlocking: what releases the local key (`spec/local.md`).

use argon2::{Algorithm, Argon2, Params, Version};
use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use roamkey_proto::{Label, mutant};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{LocalKey, passphrase};

/// A device passphrase: not empty, in Unicode's NFC, so that two keyboards that spell the same
/// letters differently give the same one.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes what a person typed.
    ///
    /// # Errors
    /// [`PassphraseError`].
    pub fn new(typed: &str) -> Result<Self, PassphraseError> {
        if typed.is_empty() {
            return Err(PassphraseError::Empty);
        }
        if typed.len() > PASSPHRASE_BYTES {
            return Err(PassphraseError::TooLong);
        }
        // Composing never lengthens text by more than three times; the reserve keeps it from
        // moving, and so from leaving copies.
        let mut text = Zeroizing::new(String::with_capacity(3 * typed.len()));
        text.extend(typed.nfc());
        Ok(Self(text))
    }
}

impl Passphrase {
    /// Returns its text, for opening a file that another program encrypted with it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl core::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Passphrase(redacted)")
    }
}

/// Why text is no passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PassphraseError {
    /// There is nothing in it.
    #[error("the passphrase is empty")]
    Empty,
    /// It is longer than anyone types.
    #[error("the passphrase is longer than {PASSPHRASE_BYTES} bytes")]
    TooLong,
}

/// How a passphrase is made slow to guess. A closed list, compiled in; there is no default, so that
/// no code forgets to choose, and the parameters never come from a server or a file.
///
/// ```compile_fail
/// let stretch = roamkey_sealing::unlock::Stretch::default(); // no library chooses for us
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
#[non_exhaustive]
pub enum Stretch {
    /// Argon2id (RFC 9106), 64 MiB, 3 passes, 1 lane: its second recommended choice but for the
    /// lanes, as a browser gives one thread.
    #[n(1)]
    Argon2id64MiB,
}

/// Why the local key stays locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnlockError {
    /// The passphrase is another one, or the blob was changed: nobody can tell.
    #[error("the passphrase does not unlock this device")]
    WrongPassphrase,
    /// The blob is not one, or was made by a newer version.
    #[error(transparent)]
    Blob(#[from] roamkey_proto::DecodeError),
}

/// Seals the local key under a passphrase, with a new salt.
///
/// # Panics
/// When there are no 64 MiB of memory.
#[must_use]
pub fn seal_local_key(
    local: &LocalKey,
    passphrase: &Passphrase,
    stretch: Stretch,
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    passphrase::seal(Label::Unlock, local.expose_bytes().as_slice(), passphrase, stretch, rng)
}

/// Opens the local key with a passphrase.
///
/// # Errors
/// See [`UnlockError`].
///
/// # Panics
/// When there are no 64 MiB of memory.
pub fn open_local_key(blob: &[u8], passphrase: &Passphrase) -> Result<LocalKey, UnlockError> {
    let opened = passphrase::open(Label::Unlock, blob, BLOB_BYTES, passphrase)?;
    let bytes: &[u8; 32] = opened.as_slice().try_into().map_err(|_| UnlockError::WrongPassphrase)?;
    Ok(LocalKey::from_bytes(bytes))
}

pub(crate) fn stretched(passphrase: &Passphrase, stretch: Stretch, salt: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let Stretch::Argon2id64MiB = stretch;
    // What rests beside the sealed key is an adversary's to write: nothing of it says how much work a guess is.
    let memory = mutant!("unlock.cost-is-compiled-in", 64 * 1024 => 8 * u32::from(salt[0]).max(1));
    let params = mutant!(
        "unlock.no-library-default",
        Params::new(memory, 3, 1, Some(32)).expect("parameters within Argon2's bounds") => Params::DEFAULT
    );
    let mut out = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.0.as_bytes(), salt, out.as_mut_slice())
        .expect("lengths within Argon2's bounds");
    out
}

/// Longer than any passphrase that a person types or a generator makes.
const PASSPHRASE_BYTES: usize = 1_024;

/// A locked local key takes 127 bytes.
const BLOB_BYTES: usize = 256;

#[cfg(test)]
mod constant_time;
#[cfg(test)]
mod tests;
