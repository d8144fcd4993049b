//! An unlocked device: reading and changing items, meeting the server.
//!
//! Everything takes `&self` and may be called while another call waits. Three rules keep that
//! sound on one thread: the engine is never borrowed across an await; whoever feeds it holds the
//! *turn*, which never waits for the network; whoever talks to the server holds the *wire*, which
//! is never needed to read or to edit. So a sign-in with a passkey does not wait for a slow sync.

mod account;
mod authenticator;
mod connection;
mod devices;
mod driver;
mod evidence;
mod export;
mod exposure;
mod generated;
mod import;
mod items;
mod list;
mod logins;
mod recovery;
mod repair;
mod reused;
mod sync;
mod unapplied;

use std::{cell::RefCell, rc::Rc, sync::Arc};

use async_lock::Mutex;
use roamkey_sealing::{
    LocalKey,
    unlock::{self, Passphrase, Stretch},
};
use roamkey_sync::{Batch, Engine, Status};

pub use self::{
    devices::{Device, DeviceStatus, Profile, Revocation},
    export::{Difference, FileComparison},
    generated::Generated,
    import::{Duplicates, Fate, ImportPlan, ImportSummary, Imported, Planned},
    items::{Found, ItemDraft},
    list::{Counts, Kind, Order, Page, Query, Summary, Where},
    logins::{Typed, Weighed},
    recovery::WayBack,
    sync::{Synced, Waiting, Wake},
    unapplied::{Unapplied, UnappliedId},
};
use self::{driver::Driver, list::List};
use crate::{
    Error, Host, LocalStore,
    client::{KeptSession, open_local_key},
    home::{self, Contact, Home},
};

/// An unlocked device of an account.
///
/// It lasts until [`Session::lock`]; from then on every call answers [`Error::Locked`].
pub struct Session<H: Host> {
    home: Home,
    driver: Driver<H>,
    list: RefCell<List>,
    /// Whoever brings the list up to date: who comes meanwhile would find nothing left to read, and get the list of before.
    listing: Mutex<()>,
}

impl<H: Host> Session<H> {
    /// Starts the engine and runs it until items can be read.
    pub(crate) async fn start(
        host: Rc<H>,
        home: Home,
        engine: Engine,
        local: Arc<LocalKey>,
        first: Option<Batch>,
    ) -> Result<Self, Error> {
        let driver = Driver::new(host, engine, local, first);
        driver.begin().await?;
        Ok(Self { home, driver, list: RefCell::default(), listing: Mutex::new(()) })
    }

    /// Returns which account this device is of.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Returns the machine that it runs on.
    pub(crate) fn host(&self) -> &H {
        self.driver.host()
    }

    /// Returns how it stands with the server.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`].
    pub async fn contact(&self) -> Result<Contact, Error> {
        home::read_own_contact(self.driver.host().store(), &*self.driver.local()?).await
    }

    /// Returns the number of changes that the server does not hold yet.
    ///
    /// # Errors
    /// [`Error::Locked`].
    pub fn pending(&self) -> Result<usize, Error> {
        self.driver.status().map(|status| status.pending)
    }

    /// Returns where this device stands: its pins, and what the server showed that it should not have.
    ///
    /// # Errors
    /// [`Error::Locked`].
    pub fn status(&self) -> Result<Status, Error> {
        self.driver.status()
    }

    /// Returns the bytes from which [`Locked::resume`](crate::Locked::resume) goes on. Whoever keeps
    /// them must seal them, and must forget them when the device locks.
    ///
    /// # Errors
    /// [`Error::Locked`].
    pub fn keep(&self) -> Result<KeptSession, Error> {
        self.driver.local().map(|local| local.expose_bytes())
    }

    /// Forgets the keys. What waits for the network meanwhile finds the device locked.
    pub async fn lock(&self) {
        self.driver.close().await;
        *self.list.borrow_mut() = List::default();
    }

    /// Checks that this is the passphrase, for whoever asks that the person be verified.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`], [`Error::Locked`], [`Error::Store`].
    pub async fn verify(&self, passphrase: &Passphrase) -> Result<(), Error> {
        self.driver.local()?;
        let blob = home::read_unlock(self.driver.host().store()).await?;
        open_local_key(&blob, passphrase).map(drop)
    }

    /// Seals the local key under another passphrase. The old one serves no more.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`], [`Error::Locked`], [`Error::Store`].
    pub async fn change_passphrase(&self, old: &Passphrase, new: &Passphrase) -> Result<(), Error> {
        self.verify(old).await?;
        let local = self.driver.local()?;
        let host = self.driver.host();
        let blob = unlock::seal_local_key(&local, new, Stretch::Argon2id64MiB, &mut host.rng());
        Ok(host.store().apply(home::write_unlock(blob)).await?)
    }

    /// Forgets the keys and deletes everything that this device holds. The account and its other
    /// devices stay.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn reset(&self) -> Result<(), Error> {
        self.lock().await;
        Ok(self.driver.host().store().clear().await?)
    }
}
