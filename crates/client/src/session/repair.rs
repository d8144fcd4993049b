//! Two histories, and the person's pick.

use roamkey_sealing::unlock::Passphrase;
use roamkey_sync::{Command, CommandError, Histories, Outcome};

use super::Session;
use crate::{Error, Host};

impl<H: Host> Session<H> {
    /// Compares this device's history with the one that the server shows, for a person to pick one.
    ///
    /// # Errors
    /// [`Error::Busy`]; those of [`Session::sync`].
    pub async fn histories(&self) -> Result<Histories, Error> {
        match self.command(Command::CompareHistories).await? {
            Outcome::Histories(histories) => Ok(*histories),
            _ => Err(Error::Internal("a comparison came to something else")),
        }
    }

    /// Goes over to the server's history that the person was shown: who was revoked in this device's own is revoked again
    /// first, and what was changed in it waits to be sent as changes. The person is verified for this very act.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`]; [`Error::PairAgain`] where this device is no member in it; [`Error::OtherHistory`]
    /// where the server shows another one by now; those of [`Session::sync`].
    pub async fn take_servers_history(&self, seen: &Histories, passphrase: &Passphrase) -> Result<(), Error> {
        self.verify(passphrase).await?;
        if !seen.is_member {
            return Err(Error::PairAgain);
        }
        let command = Command::TakeServersHistory { log: seen.there.log, vault: seen.there.vault };
        match self.try_command(command).await? {
            Err(CommandError::OtherHistory) => return Err(Error::OtherHistory),
            Err(CommandError::NotAMember) => return Err(Error::PairAgain),
            taken => taken.map_err(super::devices::refused)?,
        };
        self.sync().await.map(drop)
    }

    /// Stays with this device's history: what other devices said of another one is forgotten, the evidence stays. The person
    /// is verified for this very act.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`]; [`Error::Distrust`] where the server itself shows another history still; those of
    /// [`Session::sync`].
    pub async fn keep_own_history(&self, passphrase: &Passphrase) -> Result<(), Error> {
        self.verify(passphrase).await?;
        self.command(Command::KeepOwnHistory).await?;
        self.sync().await.map(drop)
    }
}
