use std::rc::Rc;

use roamkey_client::{Client, Contact, Error, Home, LocalStore as _};
use roamkey_proto::InvitationToken;
use roamkey_sealing::unlock::Passphrase;

use super::{Browser, Core};
use crate::{
    convert::count,
    messages::{
        ChangePassphraseRequest, CreateRequest, Done, ErrorCode, Failure, Membership, PassphraseRequest, State, Synced,
        VaultHead, WakeInfo,
    },
};

impl<B: Browser> Core<B> {
    pub(super) async fn state(&self) -> Result<State, Failure> {
        match self.session().await {
            Ok(session) => {
                let contact = session.contact().await?;
                Ok(state(session.home(), contact, session.pending()?, false))
            }
            Err(failure) if matches!(failure.code, ErrorCode::Locked | ErrorCode::NoVault) => self.locked_state().await,
            Err(failure) => Err(failure),
        }
    }

    pub(super) async fn create(&self, request: &CreateRequest) -> Result<State, Failure> {
        let server = request.server.parse().map_err(Error::from)?;
        let passphrase = passphrase(&request.passphrase)?;
        let invitation = invitation(request.invitation.as_deref())?;
        {
            let _door = self.door.lock().await;
            let Client::Vacant(vacant) = Client::open(Rc::clone(&self.host)).await? else {
                return Err(Failure::new(ErrorCode::VaultExists, "this browser is of an account already"));
            };
            let created =
                vacant.create_invited(&server, &passphrase, &request.device_name, invitation.as_ref()).await?;
            self.enter(created).await?;
        }
        self.state().await
    }

    pub(super) async fn unlock(&self, request: &PassphraseRequest) -> Result<State, Failure> {
        let passphrase = passphrase(&request.passphrase)?;
        if let Some(session) = self.at_hand() {
            session.verify(&passphrase).await?;
            return self.state().await;
        }
        {
            let _door = self.door.lock().await;
            let Client::Locked(locked) = Client::open(Rc::clone(&self.host)).await? else {
                return Err(Failure::new(ErrorCode::NoVault, "this browser is of no account"));
            };
            self.enter(locked.unlock(&passphrase).await?).await?;
        }
        self.state().await
    }

    pub(super) async fn lock(&self) -> Result<State, Failure> {
        let _door = self.door.lock().await;
        self.forget().await?;
        drop(_door);
        self.state().await
    }

    pub(super) async fn verify(&self, request: &PassphraseRequest) -> Result<Done, Failure> {
        self.session().await?.verify(&passphrase(&request.passphrase)?).await?;
        Ok(Done {})
    }

    pub(super) async fn change_passphrase(&self, request: &ChangePassphraseRequest) -> Result<Done, Failure> {
        let (old, new) = (passphrase(&request.old)?, passphrase(&request.new)?);
        self.session().await?.change_passphrase(&old, &new).await?;
        Ok(Done {})
    }

    pub(super) async fn reset(&self) -> Result<State, Failure> {
        {
            let _door = self.door.lock().await;
            self.forget().await?;
            self.host.store().clear().await.map_err(Error::from)?;
        }
        self.state().await
    }

    pub(super) async fn sync(&self) -> Result<Synced, Failure> {
        let synced = self.session().await?.sync().await?;
        let head = (synced.head.seq > 0)
            .then(|| VaultHead { seq: count(synced.head.seq), id: crate::convert::hex(&synced.head.id) });
        Ok(Synced {
            changed: synced.changed.iter().map(ToString::to_string).collect(),
            pending: count(synced.pending),
            head,
        })
    }

    pub(super) async fn wake_info(&self) -> Result<WakeInfo, Failure> {
        let wake = self.session().await?.wake().await?;
        Ok(WakeInfo { url: wake.url, token: wake.token.to_string() })
    }

    /// Forgets the keys, here and where the browser keeps them.
    pub(super) async fn forget(&self) -> Result<(), Failure> {
        self.host.keep_session(None).await?;
        self.import_forget();
        let session = self.session.borrow_mut().take();
        if let Some(session) = session {
            session.lock().await;
        }
        Ok(())
    }

    pub(super) async fn locked_state(&self) -> Result<State, Failure> {
        match Client::open(Rc::clone(&self.host)).await? {
            Client::Vacant(_) => Ok(State::Empty),
            Client::Locked(locked) => {
                let (contact, pending) = locked.contact().await?;
                Ok(state(locked.home(), contact, pending, true))
            }
        }
    }
}

fn state(home: &Home, contact: Contact, pending: usize, locked: bool) -> State {
    let membership = Membership {
        server: home.server.to_string(),
        account_id: home.account.to_string(),
        device_id: home.device.to_string(),
        pending: count(pending),
        last_sync: contact.last_sync.map(|time| time.0),
        online: contact.attempted.then_some(contact.online),
    };
    match (contact.ended, contact.distrust) {
        (true, _) => State::Revoked { membership, locked },
        (false, Some(detail)) => State::Distrust { membership, locked, detail },
        (false, None) if locked => State::Locked { membership },
        (false, None) => State::Unlocked { membership },
    }
}

pub(super) fn passphrase(typed: &str) -> Result<Passphrase, Failure> {
    Passphrase::new(typed).map_err(|error| Failure::new(ErrorCode::WeakPassphrase, error.to_string()))
}

/// Reads what was typed or pasted; nothing typed is no invitation.
fn invitation(typed: Option<&str>) -> Result<Option<InvitationToken>, Failure> {
    match typed.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => {
            text.parse().map(Some).map_err(|_| Failure::new(ErrorCode::BadInvitation, "that is no invitation"))
        }
    }
}
