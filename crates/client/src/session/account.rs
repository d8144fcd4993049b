//! The account as a whole, and what a device compares with another one beside it.

use roamkey_sealing::unlock::Passphrase;
use roamkey_sync::{
    Command, Event, Outcome,
    checkup::{CheckUp, Comparison, NotACheckUp, Shown},
};
use roamkey_trust::Closing;

use super::Session;
use crate::{Error, Host, Quarantine, Saw};

impl<H: Host> Session<H> {
    /// Says what this device saw that it should not have, what is safe, and what to do; none while the server is believed.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`].
    pub async fn quarantine(&self) -> Result<Option<Quarantine>, Error> {
        let status = self.driver.status()?;
        let saw = match &status.distrust {
            Some(distrust) => Some(Saw::of(distrust, status.shut_out.as_ref())),
            None => self.contact().await?.saw,
        };
        Ok(saw.map(Quarantine::from))
    }

    /// Returns what a person compares with another device beside this one: words.
    ///
    /// # Errors
    /// [`Error::Locked`].
    pub fn check_up(&self) -> Result<CheckUp, Error> {
        Ok(CheckUp { account: self.home.account, pins: self.driver.status()?.pins })
    }

    /// Returns what another device beside this one reads: the same, and more, signed.
    ///
    /// # Errors
    /// [`Error::Locked`].
    pub fn check_up_code(&self) -> Result<Vec<u8>, Error> {
        let now = self.driver.host().now();
        self.driver.with_engine(|engine| engine.check_up(now))?.ok_or(Error::Locked)
    }

    /// Compares with what another device beside this one shows. Where that is ahead, the next syncs have to lead there.
    ///
    /// # Errors
    /// [`Error::NotACheckUp`], [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn compare(&self, shown: &[u8]) -> Result<Comparison, Error> {
        let log = self.log().await?;
        let shown = self.driver.with_engine(|engine| engine.read_check_up(shown, &log))?;
        let Shown { comparison, witness } = shown.map_err(|NotACheckUp| Error::NotACheckUp)?;
        if let Some(pins) = witness {
            self.driver.step(Event::Witness(pins)).await?;
        }
        Ok(comparison)
    }

    /// Draws new keys for this device; what was copied of the old ones serves nobody any more.
    ///
    /// # Errors
    /// [`Error::Busy`]; those of [`Session::sync`].
    pub async fn renew_keys(&self) -> Result<(), Error> {
        self.sync().await?;
        self.command(Command::Renew).await?;
        self.sync().await.map(drop)
    }

    /// Returns whether the account is to end, and when at the soonest.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn closing(&self) -> Result<Option<Closing>, Error> {
        Ok(self.log().await?.closing().copied())
    }

    /// Asks for the end of the account: a week later the server deletes all that it holds of it. The person is
    /// verified for this very act; until then any device calls it off.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`], [`Error::AlreadySo`]; those of [`Session::sync`].
    pub async fn close_account(&self, passphrase: &Passphrase) -> Result<(), Error> {
        self.verify(passphrase).await?;
        self.sync().await?;
        self.once(Command::Close).await
    }

    /// Calls the end of the account off.
    ///
    /// # Errors
    /// [`Error::AlreadySo`]; those of [`Session::sync`].
    pub async fn keep_account(&self) -> Result<(), Error> {
        self.sync().await?;
        self.once(Command::CancelClose).await
    }

    pub(crate) async fn once(&self, command: Command) -> Result<(), Error> {
        match self.command(command).await? {
            Outcome::AlreadySo => Err(Error::AlreadySo),
            _ => Ok(()),
        }
    }
}
