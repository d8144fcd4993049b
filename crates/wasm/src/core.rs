//! Which session there is, and who answers which request.

mod accounts;
mod devices;
#[cfg(feature = "test-hooks")]
mod hooks;
mod items;
mod pairing;
mod passkeys;

use std::{cell::RefCell, rc::Rc};

use async_lock::Mutex;
use roamkey_client::{
    Client, Error, Host, Session,
    pairing::{Joining, Pairing},
};
use roamkey_proto::{ItemId, Time};
use serde::Serialize;
use zeroize::{Zeroize as _, Zeroizing};

use crate::messages::{Done, ErrorCode, Failure, Reply, Request};

/// A host that also keeps the unlocked session, for as long as the browser runs.
///
/// A worker dies after half a minute of silence, and the next one goes on with what is kept.
#[expect(async_fn_in_trait, reason = "browsers' futures are not Send, and no caller needs them to be")]
pub trait Browser: Host {
    /// Keeps the bytes of the session, sealed by the browser; or forgets them.
    ///
    /// # Errors
    /// [`Error::Store`] when the browser refuses.
    async fn keep_session(&self, bytes: Option<&[u8]>) -> Result<(), Error>;

    /// Returns the bytes that were kept.
    ///
    /// # Errors
    /// [`Error::Store`] when the browser refuses.
    async fn kept_session(&self) -> Result<Option<Zeroizing<Vec<u8>>>, Error>;
}

/// What answers the background worker.
///
/// Requests may come while others wait; those that change which session there is pass the door one
/// by one, and nobody holds the door while waiting for the network but for creating an account.
pub struct Core<B: Browser> {
    host: Rc<B>,
    session: RefCell<Option<Rc<Session<B>>>>,
    /// Items that served, and when; still to be written down.
    served: RefCell<Vec<(ItemId, Time)>>,
    door: Mutex<()>,
    pairing: Mutex<Option<Pairing>>,
    joining: Mutex<Option<Joining<B>>>,
}

impl<B: Browser> Core<B> {
    /// Makes a core; it reads nothing before it is asked.
    #[must_use]
    pub fn new(host: B) -> Self {
        let host = Rc::new(host);
        Self {
            host,
            session: RefCell::default(),
            served: RefCell::default(),
            door: Mutex::new(()),
            pairing: Mutex::default(),
            joining: Mutex::default(),
        }
    }

    /// Answers a request: JSON in, JSON out.
    pub async fn call(&self, mut request: String) -> String {
        let parsed = serde_json::from_str(&request);
        // It may hold a passphrase.
        request.zeroize();
        match parsed {
            Ok(request) => self.answer(request).await,
            Err(error) => {
                // Where the text is wrong, not what it says.
                let message = format!("not a request: line {}, column {}", error.line(), error.column());
                reply::<Done>(Err(Failure::new(ErrorCode::BadRequest, message)))
            }
        }
    }

    async fn answer(&self, request: Request) -> String {
        if !matches!(request, Request::PasskeyComplete(_)) {
            self.note_uses().await;
        }
        match request {
            Request::State => reply(self.state().await),
            Request::Create(request) => reply(self.create(&request).await),
            Request::Unlock(request) => reply(self.unlock(&request).await),
            Request::Lock => reply(self.lock().await),
            Request::Verify(request) => reply(self.verify(&request).await),
            Request::ChangePassphrase(request) => reply(self.change_passphrase(&request).await),
            Request::Reset => reply(self.reset().await),
            Request::PasskeyPrompt(request) => reply(self.passkey_prompt(&request).await),
            Request::PasskeyComplete(request) => reply(self.passkey_complete(&request).await),
            Request::Items(request) => reply(self.items(&request).await),
            Request::Item(request) => reply(self.item(&request).await),
            Request::Reveal(request) => reply(self.reveal(&request).await),
            Request::AddLogin(request) => reply(self.add_login(&request).await),
            Request::EditLogin(request) => reply(self.edit_login(&request).await),
            Request::AddNote(request) => reply(self.add_note(&request).await),
            Request::EditNote(request) => reply(self.edit_note(&request).await),
            Request::RenameItem(request) => reply(self.rename_item(&request).await),
            Request::Trash(request) => reply(self.trash(&request).await),
            Request::Restore(request) => reply(self.restore(&request).await),
            Request::Purge(request) => reply(self.purge(&request).await),
            Request::Devices => reply(self.devices().await),
            Request::RenameDevice(request) => reply(self.rename_device(&request).await),
            Request::Revoke(request) => reply(self.revoke(&request).await),
            Request::Leave(request) => reply(self.leave(&request).await),
            Request::LogView => reply(self.log_view().await),
            Request::Unapplied(request) => reply(self.unapplied(request).await),
            Request::DismissUnapplied(request) => reply(self.dismiss_unapplied(&request).await),
            Request::Sync => reply(self.sync().await),
            Request::WakeInfo => reply(self.wake_info().await),
            Request::PairStart => reply(self.pair_start().await),
            Request::PairPoll => reply(self.pair_poll().await),
            Request::PairConfirm(request) => reply(self.pair_confirm(&request).await),
            Request::PairCancel => reply(self.pair_cancel().await),
            Request::JoinStart(request) => reply(self.join_start(&request).await),
            Request::JoinPoll => reply(self.join_poll().await),
            Request::JoinCancel => reply(self.join_cancel().await),
            #[cfg(feature = "test-hooks")]
            Request::TestCreateVault(request) => reply(self.test_create_vault(&request).await),
            #[cfg(feature = "test-hooks")]
            Request::TestAddCredential(request) => reply(self.test_add_credential(&request).await),
            #[cfg(feature = "test-hooks")]
            Request::TestCredentials => reply(self.test_credentials().await),
            #[cfg(feature = "test-hooks")]
            Request::TestRemoveCredential(request) => reply(self.test_remove_credential(&request).await),
            #[cfg(feature = "test-hooks")]
            Request::TestDumpCanaries => reply(self.test_dump_canaries().await),
        }
    }

    /// Returns the unlocked session: the one at hand, or the one that an earlier worker kept.
    async fn session(&self) -> Result<Rc<Session<B>>, Failure> {
        if let Some(session) = self.at_hand() {
            return Ok(session);
        }
        let _door = self.door.lock().await;
        if let Some(session) = self.at_hand() {
            return Ok(session);
        }
        let Client::Locked(locked) = Client::open(Rc::clone(&self.host)).await? else {
            return Err(Failure::new(ErrorCode::NoVault, "this browser is of no account"));
        };
        let kept = self.host.kept_session().await?;
        let Some(kept) = kept.as_deref().and_then(|bytes| bytes.as_slice().try_into().ok()) else {
            return Err(Error::Locked.into());
        };
        match locked.resume(kept).await {
            Ok(session) => Ok(self.hold(session)),
            // What was kept is of an account that is no more.
            Err(stayed) if matches!(stayed.error, Error::SessionOver) => {
                self.host.keep_session(None).await?;
                Err(Error::Locked.into())
            }
            Err(stayed) => Err(stayed.error.into()),
        }
    }

    fn at_hand(&self) -> Option<Rc<Session<B>>> {
        self.session.borrow().clone()
    }

    fn hold(&self, session: Session<B>) -> Rc<Session<B>> {
        let session = Rc::new(session);
        *self.session.borrow_mut() = Some(Rc::clone(&session));
        session
    }

    /// Goes on with a session that has just been opened, and keeps it for the next worker.
    async fn enter(&self, session: Session<B>) -> Result<(), Failure> {
        self.host.keep_session(Some(session.keep()?.as_slice())).await?;
        self.hold(session);
        Ok(())
    }
}

fn reply<T: Serialize>(result: Result<T, Failure>) -> String {
    let reply = match result {
        Ok(answer) => Reply::Ok(answer),
        Err(failure) => Reply::Error(failure),
    };
    serde_json::to_string(&reply).expect("answers hold strings, numbers and lists of them")
}
