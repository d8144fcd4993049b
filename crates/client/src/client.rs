use std::{fmt, rc::Rc, sync::Arc};

use roamkey_proto::{InvitationToken, api::Registration, limits};
use roamkey_sealing::{
    DeviceSecrets, LocalKey,
    unlock::{self, Passphrase, Stretch},
};
use roamkey_sync::{Batch, Engine, Founding, Table};
use zeroize::Zeroizing;

use crate::{
    Error, Host, LocalStore, ServerUrl, Session, api,
    home::{self, Contact, Home, Rows},
};

/// A device, as it is found on a machine. Opening it leads on to a [`Session`], and nothing else does.
pub enum Client<H: Host> {
    /// It is of no account yet.
    Vacant(Vacant<H>),
    /// It is of an account, and its keys are sealed.
    Locked(Locked<H>),
}

impl<H: Host> Client<H> {
    /// Looks at what the store holds.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn open(host: Rc<H>) -> Result<Self, Error> {
        Ok(match home::read(host.store()).await? {
            Some(rows) => Self::Locked(Locked { host, rows }),
            None => Self::Vacant(Vacant { host }),
        })
    }
}

/// A step that was not taken: where the device still is, and why.
pub struct Stayed<L> {
    /// Where it is.
    pub at: L,
    /// Why.
    pub error: Error,
}

impl<L> fmt::Debug for Stayed<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

/// A device of no account.
pub struct Vacant<H: Host> {
    pub(crate) host: Rc<H>,
}

impl<H: Host> Vacant<H> {
    /// Starts an account whose first device this is.
    ///
    /// The server must answer, so that its receipt key can be pinned; the account is there once a
    /// sync reached it, and can be used at once.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::NotAServer`], [`Error::UpdateNeeded`], [`Error::Store`].
    pub async fn create(
        self,
        server: &ServerUrl,
        passphrase: &Passphrase,
        device_name: &str,
    ) -> Result<Session<H>, Stayed<Self>> {
        self.create_invited(server, passphrase, device_name, None).await
    }

    /// Starts an account as [`Self::create`] does, on a server that may ask for an invitation.
    ///
    /// # Errors
    /// As [`Self::create`], [`Error::AsksForInvitation`], [`Error::TakesNoAccounts`]; whether the invitation serves shows at the
    /// first sync.
    pub async fn create_invited(
        self,
        server: &ServerUrl,
        passphrase: &Passphrase,
        device_name: &str,
        invitation: Option<&InvitationToken>,
    ) -> Result<Session<H>, Stayed<Self>> {
        match self.found(server, passphrase, device_name, invitation).await {
            Ok(session) => Ok(session),
            Err(error) => Err(Stayed { at: self, error }),
        }
    }

    async fn found(
        &self,
        server: &ServerUrl,
        passphrase: &Passphrase,
        name: &str,
        invitation: Option<&InvitationToken>,
    ) -> Result<Session<H>, Error> {
        let info = api::server_info(self.host.transport(), server).await?;
        match info.registration {
            Registration::Closed => return Err(Error::TakesNoAccounts),
            Registration::Invitation if invitation.is_none() => return Err(Error::AsksForInvitation),
            Registration::Open | Registration::Invitation => {}
        }
        let mut rng = self.host.rng();
        let local = Arc::new(LocalKey::make(&mut rng));
        let secrets = DeviceSecrets::make(&mut rng);
        let founding = Founding { secrets, receipt_key: info.receipt_key };
        let engine = Engine::found(Arc::clone(&local), founding, self.host.now(), &mut rng);
        let mut first = Batch::default();
        if let Some(token) = invitation {
            home::write_invitation(token, &local, self.host.as_ref(), &mut first);
        }
        self.settle_in(engine, local, server, passphrase, name, first).await
    }

    /// Starts an account that no server knows: for tests of what works without one.
    ///
    /// # Errors
    /// [`Error::Store`].
    #[cfg(any(test, feature = "test-hooks"))]
    pub async fn create_without_server(
        self,
        passphrase: &Passphrase,
        device_name: &str,
    ) -> Result<Session<H>, Stayed<Self>> {
        let nowhere: ServerUrl = "https://nowhere.invalid".parse().expect("an address");
        let local = Arc::new(LocalKey::make(&mut self.host.rng()));
        let secrets = DeviceSecrets::make(&mut self.host.rng());
        let founding = Founding { secrets, receipt_key: roamkey_proto::ReceiptKey([0; 32]) };
        let engine = Engine::found(Arc::clone(&local), founding, self.host.now(), &mut self.host.rng());
        match self.settle_in(engine, local, &nowhere, passphrase, device_name, Batch::default()).await {
            Ok(session) => Ok(session),
            Err(error) => Err(Stayed { at: self, error }),
        }
    }

    /// Writes the home together with the engine's first batch, and names the device.
    pub(crate) async fn settle_in(
        &self,
        engine: Engine,
        local: Arc<LocalKey>,
        server: &ServerUrl,
        passphrase: &Passphrase,
        name: &str,
        mut first: Batch,
    ) -> Result<Session<H>, Error> {
        let (account, device) = engine.identity().ok_or(Error::Internal("an engine that begins knows who it is"))?;
        let home = Home { server: server.clone(), account, device };
        let unlock = unlock::seal_local_key(&local, passphrase, Stretch::Argon2id64MiB, &mut self.host.rng());
        home::write(&home, unlock, &local, &self.host, &mut first);
        // A home without its engine's rows counts as none: see `home::read`. What an attempt left
        // that was broken off is overwritten.
        let session = Session::start(Rc::clone(&self.host), home, engine, local, Some(first)).await?;
        session.name_device(name).await?;
        Ok(session)
    }
}

/// A device whose keys are sealed.
pub struct Locked<H: Host> {
    host: Rc<H>,
    rows: Rows,
}

impl<H: Host> Locked<H> {
    /// Returns which account this device is of.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.rows.home
    }

    /// Returns how it stands with the server, and how many changes wait for it.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn contact(&self) -> Result<(Contact, usize), Error> {
        let pending = self.host.store().scan(Table::Pending, None, MOST_PENDING).await?.len();
        Ok((home::read_contact(self.host.store()).await?, pending))
    }

    /// Returns how many changes came to nothing and are kept for the person: see [`Session::unapplied`].
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn unapplied(&self) -> Result<usize, Error> {
        Ok(self.host.store().scan(Table::Unapplied, None, MOST_PENDING).await?.len())
    }

    /// Unlocks with the passphrase.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`], [`Error::Store`], [`Error::Damaged`].
    pub async fn unlock(self, passphrase: &Passphrase) -> Result<Session<H>, Stayed<Self>> {
        // Read anew: the passphrase may have been changed since.
        let opened = match home::read_unlock(self.host.store()).await {
            Ok(blob) => open_local_key(&blob, passphrase),
            Err(error) => Err(error),
        };
        match opened {
            Ok(local) => self.begin(local).await,
            Err(error) => Err(Stayed { at: self, error }),
        }
    }

    /// Goes on with a session that was kept, from the bytes of [`Session::keep`].
    ///
    /// # Errors
    /// [`Error::SessionOver`], [`Error::Store`], [`Error::Damaged`].
    pub async fn resume(self, kept: &[u8; 32]) -> Result<Session<H>, Stayed<Self>> {
        self.begin(LocalKey::from_bytes(kept)).await
    }

    /// Deletes everything that this device holds. The account and its other devices stay.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn reset(self) -> Result<Vacant<H>, Stayed<Self>> {
        match self.host.store().clear().await {
            Ok(()) => Ok(Vacant { host: self.host }),
            Err(error) => Err(Stayed { at: self, error: error.into() }),
        }
    }

    async fn begin(self, local: LocalKey) -> Result<Session<H>, Stayed<Self>> {
        match self.start(Arc::new(local)).await {
            Ok(session) => Ok(session),
            Err(error) => Err(Stayed { at: self, error }),
        }
    }

    async fn start(&self, local: Arc<LocalKey>) -> Result<Session<H>, Error> {
        home::check(&self.rows, &local)?;
        let engine = Engine::open(Arc::clone(&local));
        Session::start(Rc::clone(&self.host), self.rows.home.clone(), engine, local, None).await
    }
}

/// Opens the local key; the same bytes for the session that is kept.
pub(crate) fn open_local_key(blob: &[u8], passphrase: &Passphrase) -> Result<LocalKey, Error> {
    unlock::open_local_key(blob, passphrase).map_err(|error| match error {
        unlock::UnlockError::Blob(roamkey_proto::DecodeError::UpdateNeeded { .. }) => {
            crate::StoreError::UpdateNeeded.into()
        }
        unlock::UnlockError::Blob(_) => crate::StoreError::Damaged("what unlocks is malformed".to_owned()).into(),
        _ => Error::WrongPassphrase,
    })
}

/// The bytes of a session that is kept; wiped when dropped.
pub type KeptSession = Zeroizing<[u8; 32]>;

/// More than one vault has records: a count that is never cut short in practice.
const MOST_PENDING: usize = limits::RECORDS as usize;
