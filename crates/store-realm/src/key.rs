use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

use rand_core::CryptoRng;
use roamkey_realm::RealmKey;
use zeroize::Zeroizing;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the key cannot be read or written")]
    Io(#[from] io::Error),
    /// What is in the file is no key.
    #[error("the key file does not hold 64 hexadecimal digits")]
    Malformed,
    /// Others than its owner may read the file.
    #[cfg(unix)]
    #[error("the key file is open to others than its owner: chmod 600")]
    Open,
}

/// Reads the key; none where there is no file.
pub(crate) fn read(path: &Path) -> Result<Option<RealmKey>, KeyError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    check_owners(path)?;
    let mut bytes = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text.trim(), bytes.as_mut_slice()).map_err(|_| KeyError::Malformed)?;
    Ok(Some(RealmKey::from_bytes(&bytes)))
}

/// Draws a key and writes it, whole or not at all; it never replaces one.
pub(crate) fn make(path: &Path, rng: &mut impl CryptoRng) -> Result<RealmKey, KeyError> {
    let key = RealmKey::make(rng);
    // Exposed to be kept where the accounts are not.
    let text = Zeroizing::new(hex::encode(key.expose_bytes()));
    let unfinished = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::hard_link(&unfinished, path)?;
    fs::remove_file(&unfinished)?;
    if let Some(folder) = path.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(key)
}

#[cfg(unix)]
fn check_owners(path: &Path) -> Result<(), KeyError> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path)?.permissions());
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyError::Open) }
}

#[cfg(not(unix))]
fn check_owners(_: &Path) -> Result<(), KeyError> {
    Ok(())
}
