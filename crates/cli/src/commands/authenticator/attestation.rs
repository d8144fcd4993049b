//! What an organisation gives a device to vouch with.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use roamkey_authenticator::{AuthenticatorClass, CertifiedKey, Enterprise, PlatformLists, RpId, ctap::Profile};

use crate::explain::Explanation;

/// A folder with `attestation.key` and `attestation.crt`, which vouch for new keys to whoever asks, and with
/// `enterprise.key`, `enterprise.crt` and `enterprise.sites`, by which the device names itself to the organisation's sites:
/// keys of ES256 in PKCS #8 and certificates in X.509, both in DER; sites a line each. Either can be missing.
#[derive(Clone, Copy)]
pub(super) struct Folder<'a>(pub(super) &'a Path);

impl Folder<'_> {
    /// Has the device vouch with what is there.
    pub(super) fn equip(self, profile: &mut Profile) -> Result<(), Explanation> {
        let vendor = self.certified(profile.class, "attestation")?;
        let organisation = self.certified(profile.class, "enterprise")?;
        if vendor.is_none() && organisation.is_none() {
            let missing = io::Error::from(io::ErrorKind::NotFound);
            return Err(Explanation::unreadable(&self.file("attestation", "key"), &missing));
        }
        if let Some(attester) = vendor {
            profile.attester = Some(Box::new(attester));
        }
        if let Some(attester) = organisation {
            let (sites, platforms) = self.sites()?;
            profile.enterprise = Some(Enterprise::new(Box::new(attester), sites, platforms));
        }
        Ok(())
    }

    /// A key and its certificate, unless the key is not there.
    fn certified(self, class: AuthenticatorClass, name: &str) -> Result<Option<CertifiedKey>, Explanation> {
        let path = self.file(name, "key");
        let key = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => zeroize::Zeroizing::new(read.map_err(|error| Explanation::unreadable(&path, &error))?),
        };
        let path = self.file(name, "crt");
        let certificate = fs::read(&path).map_err(|error| Explanation::unreadable(&path, &error))?;
        let certified = CertifiedKey::from_der(class, &key, &certificate);
        certified.map(Some).map_err(|error| Explanation::no_attestation(&path, &error))
    }

    /// The organisation's sites. A line `*` lets platforms that it manages name others.
    fn sites(self) -> Result<(Vec<RpId>, PlatformLists), Explanation> {
        let path = self.file("enterprise", "sites");
        let text = fs::read_to_string(&path).map_err(|error| Explanation::unreadable(&path, &error))?;
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
        let platforms = if lines().any(|line| line == "*") { PlatformLists::Trusted } else { PlatformLists::Ignored };
        let sites: Result<Vec<_>, _> = lines().filter(|line| *line != "*").map(RpId::try_from).collect();
        Ok((sites.map_err(|error| Explanation::no_attestation(&path, &error))?, platforms))
    }

    fn file(self, name: &str, extension: &str) -> PathBuf {
        self.0.join(name).with_extension(extension)
    }
}
