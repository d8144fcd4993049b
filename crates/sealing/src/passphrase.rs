//! What lies under a passphrase: a device's local key, a file that leaves the vault. Each has a label of its own, so that
//! neither opens as the other.

use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use roamkey_proto::{Label, VERSION, cbor};
use zeroize::Zeroizing;

use crate::{
    primitives::{context::Context, once::OnceKey},
    unlock::{Passphrase, Stretch, UnlockError, stretched},
};

/// A text under a passphrase, at rest.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Sealed {
    #[n(0)]
    version: u16,
    #[n(1)]
    stretch: Stretch,
    #[cbor(n(2), with = "minicbor::bytes")]
    salt: [u8; 32],
    #[cbor(n(3), with = "minicbor::bytes")]
    commitment: [u8; 32],
    #[cbor(n(4), with = "minicbor::bytes")]
    text: Vec<u8>,
}

/// Seals a text under a passphrase, with a new salt.
pub(crate) fn seal(
    label: Label,
    text: &[u8],
    passphrase: &Passphrase,
    stretch: Stretch,
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let mut salt = [0; 32];
    rng.fill_bytes(&mut salt);
    let context = context(label, stretch);
    let once = OnceKey::derive(stretched(passphrase, stretch, &salt).as_slice(), &salt, &context);
    let commitment = *once.commitment();
    let text = once.seal(&context, text);
    cbor::encode(&Sealed { version: VERSION, stretch, salt, commitment, text })
}

/// Opens a text of at most so many bytes with its passphrase.
pub(crate) fn open(
    label: Label,
    sealed: &[u8],
    limit: usize,
    passphrase: &Passphrase,
) -> Result<Zeroizing<Vec<u8>>, UnlockError> {
    let sealed: Sealed = cbor::decode_versioned(sealed, limit)?;
    let stretched = stretched(passphrase, sealed.stretch, &sealed.salt);
    let (once, is_committed) = sealed.single_use_key(label, &stretched);
    let context = context(label, sealed.stretch);
    once.open(&context, &sealed.text).filter(|_| is_committed).ok_or(UnlockError::WrongPassphrase)
}

impl Sealed {
    /// Derives the key that a passphrase gives, and tells whether it is the one that was sealed with.
    fn single_use_key(&self, label: Label, stretched: &[u8; 32]) -> (OnceKey, bool) {
        let once = OnceKey::derive(stretched, &self.salt, &context(label, self.stretch));
        let is_committed = once.commits_to(&self.commitment).into();
        (once, is_committed)
    }
}

fn context(label: Label, stretch: Stretch) -> Vec<u8> {
    let Stretch::Argon2id64MiB = stretch;
    Context::new(label).byte(1).end()
}

#[cfg(test)]
mod constant_time;
