use rand_core::CryptoRng;
use roamkey_proto::{AccountId, DeviceKeys};
use roamkey_trust::{IdentityKey, SignIdentity, SignWrite, WriteKey};
use zeroize::Zeroizing;

use crate::{
    HedgeKey, KemKey, LocalKey,
    local::{OpenLocalError, Purpose},
};

/// Every private key of a device (protocol section 3). At rest only sealed under the local key.
#[derive(Debug)]
pub struct DeviceSecrets {
    /// Signs log entries.
    pub identity: IdentityKey,
    /// Signs commits and sessions.
    pub write: WriteKey,
    /// Receives epoch keys.
    pub kem: KemKey,
    /// Hedges the salts of records; has no public half.
    pub hedge: HedgeKey,
}

impl DeviceSecrets {
    /// Draws the keys of a new device.
    #[must_use]
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        Self {
            identity: IdentityKey::make(rng),
            write: WriteKey::make(rng),
            kem: KemKey::make(rng),
            hedge: HedgeKey::make(rng),
        }
    }

    /// Returns the public halves.
    #[must_use]
    pub fn public(&self) -> DeviceKeys {
        DeviceKeys { identity: self.identity.public(), write: self.write.public(), kem: self.kem.public() }
    }

    /// Returns new write and kem keys beside the same identity: what `RenewKeys` enters in the log.
    ///
    /// # Panics
    /// Never: the identity key is one already.
    #[must_use]
    pub fn make_renewed(&self, rng: &mut impl CryptoRng) -> Self {
        Self {
            identity: IdentityKey::from_bytes(&self.identity.expose_bytes()).expect("bytes of a valid key"),
            write: WriteKey::make(rng),
            kem: KemKey::make(rng),
            hedge: HedgeKey::from_bytes(&self.hedge.expose_bytes()),
        }
    }

    /// Seals the keys for resting on this device.
    #[must_use]
    pub fn seal(&self, account: AccountId, local: &LocalKey, rng: &mut impl CryptoRng) -> Vec<u8> {
        let parts = [
            self.identity.expose_bytes(),
            self.write.expose_bytes(),
            self.kem.expose_bytes(),
            self.hedge.expose_bytes(),
        ];
        let mut bytes = Zeroizing::new(Vec::with_capacity(4 * 32));
        for part in &parts {
            bytes.extend_from_slice(part.as_slice());
        }
        local.seal(Purpose::DeviceSecrets, account.as_bytes(), &bytes, rng)
    }

    /// Opens the keys that rest on this device.
    ///
    /// # Errors
    /// [`OpenLocalError`].
    pub fn open(account: AccountId, local: &LocalKey, sealed: &[u8]) -> Result<Self, OpenLocalError> {
        let bytes = local.open(Purpose::DeviceSecrets, account.as_bytes(), sealed)?;
        let (parts, []) = bytes.as_chunks::<32>() else { return Err(OpenLocalError) };
        let [identity, write, kem, hedge] = parts else { return Err(OpenLocalError) };
        Ok(Self {
            identity: IdentityKey::from_bytes(identity).map_err(|_| OpenLocalError)?,
            write: WriteKey::from_bytes(write),
            kem: KemKey::from_bytes(kem),
            hedge: HedgeKey::from_bytes(hedge),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::primitives::testing::rng;

    const ACCOUNT: AccountId = AccountId::new([1; 32]);

    #[test]
    fn the_keys_of_a_device_come_back_from_rest() {
        let mut rng = rng();
        let (local, device) = (LocalKey::make(&mut rng), DeviceSecrets::make(&mut rng));
        let sealed = device.seal(ACCOUNT, &local, &mut rng);
        let opened = DeviceSecrets::open(ACCOUNT, &local, &sealed).unwrap();
        assert_eq!(opened.public(), device.public());
        assert_eq!(opened.hedge, device.hedge);
    }

    #[test]
    fn the_keys_of_one_account_do_not_open_as_those_of_another() {
        let mut rng = rng();
        let (local, device) = (LocalKey::make(&mut rng), DeviceSecrets::make(&mut rng));
        let sealed = device.seal(ACCOUNT, &local, &mut rng);
        assert!(DeviceSecrets::open(AccountId::new([2; 32]), &local, &sealed).is_err());
    }

    #[test]
    fn renewal_keeps_the_identity_and_replaces_the_rest() {
        let mut rng = rng();
        let device = DeviceSecrets::make(&mut rng);
        let (old, new) = (device.public(), device.make_renewed(&mut rng).public());
        assert_eq!(old.identity, new.identity);
        assert_ne!(old.write, new.write);
        assert_ne!(old.kem, new.kem);
    }

    #[test]
    fn no_secret_shows_when_it_is_printed() {
        let shown = format!("{:?}", DeviceSecrets::make(&mut rng()));
        assert_eq!(
            shown,
            "DeviceSecrets { identity: IdentityKey(redacted), write: WriteKey(redacted), \
             kem: KemKey(redacted), hedge: HedgeKey(redacted) }"
        );
    }
}
