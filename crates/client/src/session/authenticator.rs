//! What an authenticator over this vault remembers on this device besides its passkeys: a PIN, its tries, settings.

use roamkey_sealing::local::Purpose;
use roamkey_sync::{Batch, StoreKey, Table};
use zeroize::Zeroizing;

use super::Session;
use crate::{Error, Host, LocalStore, StoreError};

impl<H: Host> Session<H> {
    /// Returns what was kept last, if anything was.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`].
    pub async fn authenticator_state(&self) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let local = self.driver.local()?;
        let row = self.driver.load(&[key()]).await?.pop().flatten();
        let opened = row.map(|row| local.open(Purpose::Setting, PLACE, &row)).transpose();
        Ok(opened.map_err(|_| StoreError::Damaged("the authenticator's state does not open".to_owned()))?)
    }

    /// Keeps it on this device, sealed under the local key; it is not synced. It is on the disk when this returns.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`].
    pub async fn keep_authenticator_state(&self, state: &[u8]) -> Result<(), Error> {
        let local = self.driver.local()?;
        let host = self.driver.host();
        let mut batch = Batch::default();
        batch.put(key(), local.seal(Purpose::Setting, PLACE, state, &mut host.rng()));
        Ok(host.store().apply(batch).await?)
    }

    /// Forgets it.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`].
    pub async fn forget_authenticator_state(&self) -> Result<(), Error> {
        self.driver.local()?;
        let mut batch = Batch::default();
        batch.remove(key());
        Ok(self.driver.host().store().apply(batch).await?)
    }
}

fn key() -> StoreKey {
    StoreKey::new(Table::Client, PLACE)
}

const PLACE: &[u8] = b"authenticator";
