//! Files as they lie on a disk: under a passphrase, or open.

use roamkey_interchange::{
    export::Written,
    import::{self, Import, ImportError},
};
use roamkey_sealing::{
    exported,
    unlock::{Passphrase, Stretch},
};

use crate::{Host, Session};

/// Reads a file of another password manager, or one of ours. `passphrase` is that of the file.
///
/// # Errors
/// See [`ImportError`]; [`ImportError::NeedsSecret`] asks for the passphrase.
pub fn open_file(file: &[u8], passphrase: Option<&Passphrase>) -> Result<Import, ImportError> {
    if !exported::is_sealed(file) {
        // Exposed to be tried on a format of another program.
        return import::read(file, passphrase.map(Passphrase::expose));
    }
    let passphrase = passphrase.ok_or(ImportError::NeedsSecret)?;
    let text = exported::open(file, passphrase).map_err(|_| ImportError::WrongSecret)?;
    import::read(&text, None)
}

impl<H: Host> Session<H> {
    /// Returns the bytes of a file: under a passphrase, or open where the person wants that.
    #[must_use]
    pub fn seal_export(&self, written: &Written, passphrase: Option<&Passphrase>) -> Vec<u8> {
        match passphrase {
            Some(passphrase) => {
                exported::seal(written.text.as_bytes(), passphrase, Stretch::Argon2id64MiB, &mut self.host().rng())
            }
            None => written.text.as_bytes().to_vec(),
        }
    }
}
