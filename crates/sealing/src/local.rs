//! What rests on a device, sealed under its local key (protocol section 3, `spec/local.md`).

use rand_core::CryptoRng;
use roamkey_proto::{AccountId, Label};
use zeroize::Zeroizing;

use crate::{
    EpochKey,
    primitives::{context::Context, kdf, once::OnceKey, secret::secret},
};

secret!(
    /// The key of everything that rests on this device; unlocking releases it.
    ///
    /// ```compile_fail
    /// use roamkey_sealing::{KemKey, LocalKey};
    /// let kem: KemKey = LocalKey::from_bytes(&[0; 32]); // two roles of a key do not mix
    /// ```
    LocalKey,
    32
);

/// What a blob at rest is for. It is sealed into the blob, with its place, so that a blob put where
/// another one belongs does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// The device's own keys; its place is the account.
    DeviceSecrets,
    /// An epoch key; its place is account and number.
    EpochKey,
    /// An operation that waits to be pushed; its place is its number in the queue.
    Pending,
    /// A bundle or keys that are on their way to the server; its place is what the caller calls it.
    Outbox,
    /// What an opened vault is summed up to, for lists; its place is what the caller calls it.
    Cache,
    /// A setting of this device; its place is its name.
    Setting,
}

impl Purpose {
    const fn number(self) -> u8 {
        match self {
            Self::DeviceSecrets => 1,
            Self::EpochKey => 2,
            Self::Pending => 3,
            Self::Outbox => 4,
            Self::Cache => 5,
            Self::Setting => 6,
        }
    }
}

/// A blob at rest does not open: another key, another purpose or place, or damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what rests on this device does not open")]
pub struct OpenLocalError;

impl LocalKey {
    /// Seals bytes for one purpose and place: `salt ‖ commitment ‖ ciphertext`.
    #[must_use]
    pub fn seal(&self, purpose: Purpose, place: &[u8], plaintext: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        let context = context(purpose, place);
        let hedge: Zeroizing<[u8; 32]> = self.subkey(HEDGE);
        let salt = kdf::hedged_salt(hedge.as_slice(), rng, &context, plaintext);
        let once = OnceKey::derive(self.0.as_slice(), &salt, &context);
        let mut sealed = salt.to_vec();
        sealed.extend_from_slice(once.commitment());
        sealed.extend_from_slice(&once.seal(&context, plaintext));
        sealed
    }

    /// Opens what was sealed for this purpose and place.
    ///
    /// # Errors
    /// [`OpenLocalError`].
    pub fn open(&self, purpose: Purpose, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenLocalError> {
        let (salt, rest) = sealed.split_first_chunk::<32>().ok_or(OpenLocalError)?;
        let (commitment, ciphertext) = rest.split_first_chunk::<32>().ok_or(OpenLocalError)?;
        let context = context(purpose, place);
        let once = OnceKey::derive(self.0.as_slice(), salt, &context);
        let is_committed = bool::from(once.commits_to(commitment));
        once.open(&context, ciphertext).filter(|_| is_committed).ok_or(OpenLocalError)
    }

    /// Seals an epoch key.
    #[must_use]
    pub fn seal_epoch_key(&self, key: &EpochKey, rng: &mut impl CryptoRng) -> Vec<u8> {
        self.seal(Purpose::EpochKey, &epoch_place(key.account(), key.number()), key.secret(), rng)
    }

    /// Opens the key of this epoch of this account.
    ///
    /// # Errors
    /// [`OpenLocalError`].
    pub fn open_epoch_key(&self, account: AccountId, number: u64, sealed: &[u8]) -> Result<EpochKey, OpenLocalError> {
        let opened = self.open(Purpose::EpochKey, &epoch_place(account, number), sealed)?;
        let secret: &[u8; 32] = opened.as_slice().try_into().map_err(|_| OpenLocalError)?;
        Ok(EpochKey::new(account, number, secret))
    }

    /// Returns what stands for `bytes`, a site's name for example, in an index at rest:
    /// `HMAC-SHA256(HKDF(local key, "local-index"), kind ‖ bytes)`. The index tells a thief of the
    /// disk how many entries there are, and not of what.
    #[must_use]
    pub fn index(&self, kind: u8, bytes: &[u8]) -> [u8; 32] {
        let key: Zeroizing<[u8; 32]> = kdf::derive(self.0.as_slice(), &[], &Context::new(Label::LocalIndex).end());
        kdf::mac(key.as_slice(), &[&[kind], bytes])
    }

    /// Returns the bytes, for whatever keeps an unlocked session alive: its keeper must wrap them
    /// and must forget them when the device locks.
    #[must_use]
    pub fn expose_bytes(&self) -> Zeroizing<[u8; 32]> {
        self.0.clone()
    }

    fn subkey(&self, number: u8) -> Zeroizing<[u8; 32]> {
        kdf::derive(self.0.as_slice(), &[], &Context::new(Label::Local).byte(number).end())
    }
}

fn context(purpose: Purpose, place: &[u8]) -> Vec<u8> {
    Context::new(Label::Local).byte(purpose.number()).last(place)
}

fn epoch_place(account: AccountId, number: u64) -> Vec<u8> {
    let mut place = account.as_bytes().to_vec();
    place.extend_from_slice(&number.to_be_bytes());
    place
}

/// The number among the purposes of the key that hedges salts.
const HEDGE: u8 = 0;

#[cfg(test)]
mod tests;
