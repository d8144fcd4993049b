//! Private keys in the form that other programs keep them.

use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, SecretDocument};
use zeroize::Zeroizing;

use super::{BadPrivateKey, Inner, PrivateKey};

impl PrivateKey {
    /// Reads a DER `PrivateKeyInfo` (RFC 5958), as import files and WebDriver's `Add Credential` carry it.
    ///
    /// # Errors
    /// [`BadPrivateKey`] for anything but a P-256 or Ed25519 key, or one whose public half is not its own.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, BadPrivateKey> {
        if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_der(der) {
            return Ok(Self(Inner::EdDsa(key)));
        }
        let key = p256::SecretKey::from_pkcs8_der(der).map_err(|_| BadPrivateKey)?;
        Ok(Self(Inner::Es256(Zeroizing::new(key.to_nonzero_scalar()))))
    }

    /// The key as a DER `PrivateKeyInfo`, for export.
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        let document: SecretDocument = match &self.0 {
            Inner::Es256(scalar) => p256::SecretKey::from(**scalar).to_pkcs8_der(),
            Inner::EdDsa(key) => key.to_pkcs8_der(),
        }
        .expect("a key of fixed length always encodes");
        document.to_bytes()
    }
}
