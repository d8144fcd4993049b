//! Passwords that were made up and may be in use somewhere: kept on this device until a login has them.

use minicbor::{Decode, Encode};
use rand_core::Rng as _;
use roamkey_proto::{Time, cbor};
use roamkey_sealing::local::Purpose;
use roamkey_sync::{Batch, StoreKey, Table};
use roamkey_vault::SecretText;
use zeroize::Zeroizing;

use super::Session;
use crate::{Error, Host, LocalStore};

/// A password that was made up here.
#[derive(Encode, Decode)]
#[cbor(map)]
pub struct Generated {
    /// The password.
    #[n(1)]
    pub password: SecretText,
    /// The host that it was made for; empty where there was none.
    #[n(2)]
    pub site: String,
    /// When.
    #[n(3)]
    pub at: Time,
}

impl<H: Host> Session<H> {
    /// Keeps a password that is about to be used, the last of so many; what was kept before it under the same text goes.
    ///
    /// # Errors
    /// [`Error::TooLong`], [`Error::Locked`], [`Error::Store`].
    pub async fn keep_generated(&self, password: SecretText, site: String) -> Result<(), Error> {
        if password.expose().len() > LONGEST || site.len() > LONGEST {
            return Err(Error::TooLong);
        }
        let rows = self.generated_rows().await?;
        let mut batch = Batch::default();
        let (same, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, kept)| kept.password == password);
        let too_many = (others.len() + 1).saturating_sub(MOST);
        for (key, _) in same.into_iter().chain(others.into_iter().take(too_many)) {
            batch.remove(key);
        }
        let kept = Generated { password, site, at: self.now() };
        let (local, host) = (self.driver.local()?, self.driver.host());
        let mut name = [0; 8];
        host.rng().fill_bytes(&mut name);
        let key = StoreKey::new(Table::Client, [PREFIX, kept.at.0.to_be_bytes().as_slice(), name.as_slice()].concat());
        let body = Zeroizing::new(cbor::encode(&kept));
        let sealed = local.seal(Purpose::Setting, &key.key, &body, &mut host.rng());
        batch.put(key, sealed);
        Ok(host.store().apply(batch).await?)
    }

    /// Returns the passwords that were made up and are in no login yet, the latest first.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`].
    pub async fn generated(&self) -> Result<Vec<Generated>, Error> {
        Ok(self.generated_rows().await?.into_iter().rev().map(|(_, kept)| kept).collect())
    }

    /// Forgets a password that was made up: a login has it now.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`].
    pub async fn forget_generated(&self, password: &SecretText) -> Result<(), Error> {
        let mut batch = Batch::default();
        let rows = self.generated_rows().await?;
        let same: Vec<_> = rows.into_iter().filter(|(_, kept)| kept.password == *password).collect();
        if same.is_empty() {
            return Ok(());
        }
        for (key, _) in same {
            batch.remove(key);
        }
        Ok(self.driver.host().store().apply(batch).await?)
    }

    /// The oldest first.
    async fn generated_rows(&self) -> Result<Vec<(StoreKey, Generated)>, Error> {
        let local = self.driver.local()?;
        let rows = self.driver.scan(Table::Client).await?;
        let open = |(key, row): (Vec<u8>, Vec<u8>)| {
            key.strip_prefix(PREFIX)?;
            let body = local.open(Purpose::Setting, &key, &row).ok()?;
            Some((StoreKey::new(Table::Client, key), cbor::decode(&body, 3 * LONGEST).ok()?))
        };
        Ok(rows.into_iter().filter_map(open).collect())
    }
}

const PREFIX: &[u8] = b"generated/";

/// More passwords than a person tries before one is kept.
const MOST: usize = 20;

/// Longer than any that is made up, or any host.
const LONGEST: usize = 512;
