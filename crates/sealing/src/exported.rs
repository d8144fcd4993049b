//! Files that leave the vault under a passphrase of their own (`spec/exports.md`).

use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use roamkey_proto::{Label, VERSION, cbor};
use zeroize::Zeroizing;

use crate::{
    primitives::{context::Context, once::OnceKey},
    unlock::{Passphrase, Stretch, UnlockError, stretched},
};

/// Tells whether a file is one of ours under a passphrase.
#[must_use]
pub fn is_sealed(file: &[u8]) -> bool {
    file.starts_with(MAGIC)
}

/// Seals a file under a passphrase, with a new salt.
///
/// # Panics
/// When there are no 64 MiB of memory.
#[must_use]
pub fn seal(text: &[u8], passphrase: &Passphrase, stretch: Stretch, rng: &mut impl CryptoRng) -> Vec<u8> {
    let mut salt = [0; 32];
    rng.fill_bytes(&mut salt);
    let context = context(stretch);
    let once = OnceKey::derive(stretched(passphrase, stretch, &salt).as_slice(), &salt, &context);
    let commitment = *once.commitment();
    let text = once.seal(&context, text);
    let sealed = cbor::encode(&Sealed { version: VERSION, stretch, salt, commitment, text });
    [MAGIC, &sealed].concat()
}

/// Opens a file with its passphrase.
///
/// # Errors
/// See [`UnlockError`].
///
/// # Panics
/// When there are no 64 MiB of memory.
pub fn open(file: &[u8], passphrase: &Passphrase) -> Result<Zeroizing<Vec<u8>>, UnlockError> {
    let sealed = file.strip_prefix(MAGIC).ok_or(roamkey_proto::DecodeError::Malformed)?;
    let sealed: Sealed = cbor::decode_versioned(sealed, FILE_BYTES)?;
    let context = context(sealed.stretch);
    let secret = stretched(passphrase, sealed.stretch, &sealed.salt);
    let once = OnceKey::derive(secret.as_slice(), &sealed.salt, &context);
    let is_committed = bool::from(once.commits_to(&sealed.commitment));
    once.open(&context, &sealed.text).filter(|_| is_committed).ok_or(UnlockError::WrongPassphrase)
}

/// What follows the first line.
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

fn context(stretch: Stretch) -> Vec<u8> {
    let Stretch::Argon2id64MiB = stretch;
    Context::new(Label::Export).byte(1).end()
}

/// What a file begins with, so that a person who opens it sees whose it is.
const MAGIC: &[u8] = b"roamkey-export\n";

/// An account's worth of items as text.
const FILE_BYTES: usize = 256 * 1024 * 1024;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::primitives::testing::rng;

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(text).unwrap()
    }

    #[test]
    fn a_file_opens_with_its_passphrase_alone_and_as_it_was_written_alone() {
        let file = seal(b"text", &passphrase("right"), Stretch::Argon2id64MiB, &mut rng());
        assert!(is_sealed(&file));
        assert_eq!(*open(&file, &passphrase("right")).unwrap(), b"text");
        assert_eq!(open(&file, &passphrase("wrong")).unwrap_err(), UnlockError::WrongPassphrase);
        // The salt, the commitment, the ciphertext and its tag.
        for at in [MAGIC.len() + 10, MAGIC.len() + 50, file.len() - 20, file.len() - 1] {
            let mut changed = file.clone();
            *changed.get_mut(at).unwrap() ^= 1;
            assert_eq!(open(&changed, &passphrase("right")).unwrap_err(), UnlockError::WrongPassphrase, "byte {at}");
        }
        assert!(matches!(open(b"{}", &passphrase("right")), Err(UnlockError::Blob(_))));
    }

    #[test]
    fn a_file_does_not_open_as_the_key_of_a_device() {
        let file = seal(&[7; 32], &passphrase("right"), Stretch::Argon2id64MiB, &mut rng());
        let blob = file.strip_prefix(MAGIC).unwrap();
        let opened = crate::unlock::open_local_key(blob, &passphrase("right"));
        assert_eq!(opened.unwrap_err(), UnlockError::WrongPassphrase);
    }
}
