//! Files that leave the vault under a passphrase of their own (`spec/exports.md`).

use rand_core::CryptoRng;
use roamkey_proto::Label;
use zeroize::Zeroizing;

use crate::{
    passphrase,
    unlock::{Passphrase, Stretch, UnlockError},
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
    let sealed = passphrase::seal(Label::Export, text, passphrase, stretch, rng);
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
    passphrase::open(Label::Export, sealed, FILE_BYTES, passphrase)
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
