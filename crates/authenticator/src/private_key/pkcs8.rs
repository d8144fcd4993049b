//! Private keys in the form that other programs keep them.

use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, SecretDocument};
use zeroize::Zeroizing;

use super::{BadPrivateKey, Inner, PrivateKey, es256::Es256, es384::Es384, ml_dsa::MlDsa, rs256::Rs256};
use crate::Algorithm;

impl PrivateKey {
    /// Reads a DER `PrivateKeyInfo` (RFC 5958), as import files and WebDriver's `Add Credential` carry it.
    ///
    /// # Errors
    /// [`BadPrivateKey`] for a key of a kind that this crate does not make, or one whose public half is not its own.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, BadPrivateKey> {
        let inner = if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_der(der) {
            Inner::EdDsa(key)
        } else if let Ok(key) = p256::SecretKey::from_pkcs8_der(der) {
            Inner::Es256(Es256::from_key(&key))
        } else if let Ok(key) = p384::SecretKey::from_pkcs8_der(der) {
            Inner::Es384(Es384::from_key(&key))
        } else if let Some(key) = MlDsa::from_pkcs8(der) {
            Inner::MlDsa(key)
        } else {
            Inner::Rs256(Box::new(Rs256::from_pkcs8(der)?))
        };
        Ok(Self { algorithm: usual_name(&inner), inner })
    }

    /// The same key under another name that its algorithm has: PKCS#8 does not say by which a site asked.
    ///
    /// # Errors
    /// [`BadPrivateKey`] when it is the name of another algorithm.
    pub fn with_algorithm(self, algorithm: Algorithm) -> Result<Self, BadPrivateKey> {
        let usual = match algorithm {
            Algorithm::Esp256 => Algorithm::Es256,
            Algorithm::Ed25519 => Algorithm::EdDsa,
            other => other,
        };
        if usual_name(&self.inner) == usual { Ok(Self { algorithm, inner: self.inner }) } else { Err(BadPrivateKey) }
    }

    /// The key as a DER `PrivateKeyInfo`, for export.
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        let document: SecretDocument = match &self.inner {
            Inner::Es256(key) => key.to_key().to_pkcs8_der().expect(ENCODES),
            Inner::EdDsa(key) => key.to_pkcs8_der().expect(ENCODES),
            Inner::Es384(key) => key.to_key().to_pkcs8_der().expect(ENCODES),
            Inner::Rs256(key) => key.to_pkcs8(),
            Inner::MlDsa(key) => key.to_pkcs8().expect(ENCODES),
        };
        document.to_bytes()
    }
}

/// What the algorithm of a key is called where no site gave it a name.
fn usual_name(inner: &Inner) -> Algorithm {
    match inner {
        Inner::Es256(_) => Algorithm::Es256,
        Inner::EdDsa(_) => Algorithm::EdDsa,
        Inner::Es384(_) => Algorithm::Es384,
        Inner::Rs256(_) => Algorithm::Rs256,
        Inner::MlDsa(key) => key.algorithm(),
    }
}

const ENCODES: &str = "a key of fixed length always encodes";
