//! Attesters with keys from files.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use rand_core::CryptoRng;
use roamkey_authenticator::{
    Algorithm, Attester, AuthenticatorClass, Claim, Enterprise, PlatformLists, PrivateKey, RpId,
};

/// Those that a suite wants to hear.
pub(crate) struct Attesters {
    pub(crate) vendor: FileAttester,
    pub(crate) organisation: Enterprise,
}

impl Attesters {
    /// Reads `vendor.key`, `vendor.crt`, `organisation.key` and `organisation.crt`: PKCS #8 and X.509, both in DER.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let organisation = FileAttester::read(folder, "organisation")?;
        let members = [RpId::try_from(MEMBER)?];
        Ok(Self {
            vendor: FileAttester::read(folder, "vendor")?,
            organisation: Enterprise::new(Box::new(organisation), members, PlatformLists::Ignored),
        })
    }
}

/// The organisation's site.
const MEMBER: &str = "example.com";

/// An attester for synced credentials: it says nothing of hardware.
pub(crate) struct FileAttester {
    key: PrivateKey,
    certificates: Vec<Vec<u8>>,
}

impl FileAttester {
    fn read(folder: &Path, name: &str) -> Result<Self> {
        let read = |extension: &str| {
            let path = folder.join(name).with_extension(extension);
            fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        Ok(Self { key: PrivateKey::from_pkcs8(&read("key")?)?, certificates: vec![read("crt")?] })
    }
}

impl Attester for FileAttester {
    fn class(&self) -> AuthenticatorClass {
        AuthenticatorClass::Synced
    }

    fn claim(&self) -> Claim {
        Claim::Software
    }

    fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    fn sign(&self, message: &[&[u8]], mut rng: &mut dyn CryptoRng) -> Option<Vec<u8>> {
        self.key.sign(message, &mut rng).ok()
    }
}
