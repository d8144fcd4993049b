//! Which session there is, and who answers which request.

mod accounts;
mod devices;
#[cfg(feature = "test-hooks")]
mod hooks;
mod items;
mod logins;
mod moving;
mod pairing;
mod passkeys;
mod recovery;
mod repair;
mod signals;
mod trust;

use std::{cell::RefCell, pin::Pin, rc::Rc};

use async_lock::Mutex;
use roamkey_client::{
    Client, Error, Host, Session,
    pairing::{Joining, Pairing},
    recovery::Recovering,
};
use roamkey_proto::{ItemId, Time};
use roamkey_sync::Histories;
use serde::Serialize;
use zeroize::{Zeroize as _, Zeroizing};

use self::moving::Moving;
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
    /// The two histories that the person was shown last.
    shown: RefCell<Option<Histories>>,
    /// The file that is being imported.
    moving: RefCell<Moving>,
    recovering: Mutex<Option<Recovering<B>>>,
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
            shown: RefCell::default(),
            moving: RefCell::default(),
            recovering: Mutex::default(),
        }
    }

    /// Answers a request: JSON in, JSON out.
    pub async fn call(&self, mut request: String) -> String {
        let parsed = serde_json::from_str(&request);
        // It may hold a passphrase.
        request.zeroize();
        match parsed {
            Ok(request) => {
                if !matches!(request, Request::PasskeyComplete(_)) {
                    self.note_uses().await;
                }
                self.answer(request).await
            }
            Err(error) => {
                // Where the text is wrong, not what it says.
                let message = format!("not a request: line {}, column {}", error.line(), error.column());
                reply::<Done>(Err(Failure::new(ErrorCode::BadRequest, message)))
            }
        }
    }

    /// A future of its own for each kind of request: browsers compile a function at its first call, and a cold worker
    /// is to compile what its one request needs.
    fn answer(&self, request: Request) -> Pin<Box<dyn Future<Output = String> + '_>> {
        match request {
            Request::State => later(self.state()),
            Request::Create(request) => later(async move { self.create(&request).await }),
            Request::Unlock(request) => later(async move { self.unlock(&request).await }),
            Request::Lock => later(self.lock()),
            Request::Verify(request) => later(async move { self.verify(&request).await }),
            Request::ChangePassphrase(request) => later(async move { self.change_passphrase(&request).await }),
            Request::Reset => later(self.reset()),
            Request::PasskeyProxied(request) => later(async move { Self::passkey_proxied(&request) }),
            Request::PasskeyPrompt(request) => later(async move { self.passkey_prompt(&request).await }),
            Request::PasskeyComplete(request) => later(async move { self.passkey_complete(&request).await }),
            Request::PasskeySignal(request) => later(async move { self.passkey_signal(&request).await }),
            Request::Capabilities(request) => later(async move { self.capabilities(&request).await }),
            Request::Items(request) => later(async move { self.items(&request).await }),
            Request::ItemIds(request) => later(async move { self.item_ids(&request).await }),
            Request::SiteItems(request) => later(async move { self.site_items(&request).await }),
            Request::Item(request) => later(async move { self.item(&request).await }),
            Request::Reveal(request) => later(async move { self.reveal(&request).await }),
            Request::Code(request) => later(async move { self.code(&request).await }),
            Request::Generate(request) => later(async move { self.generate(&request) }),
            Request::AddLogin(request) => later(async move { self.add_login(&request).await }),
            Request::EditLogin(request) => later(async move { self.edit_login(&request).await }),
            Request::AddNote(request) => later(async move { self.add_note(&request).await }),
            Request::EditNote(request) => later(async move { self.edit_note(&request).await }),
            Request::RenameItem(request) => later(async move { self.rename_item(&request).await }),
            Request::OfferAgain(request) => later(async move { self.offer_again(&request).await }),
            Request::Trash(request) => later(async move { self.trash(&request).await }),
            Request::Restore(request) => later(async move { self.restore(&request).await }),
            Request::Purge(request) => later(async move { self.purge(&request).await }),
            Request::TrashAll(request) => later(async move { self.trash_all(&request).await }),
            Request::RestoreAll(request) => later(async move { self.restore_all(&request).await }),
            Request::PurgeAll(request) => later(async move { self.purge_all(&request).await }),
            Request::LoginPage(request) => later(async move { Self::login_page(&request) }),
            Request::FillLogin(request) => later(async move { self.fill_login(&request).await }),
            Request::WeighLogin(request) => later(async move { self.weigh_login(&request).await }),
            Request::KeepGenerated(request) => later(async move { self.keep_generated(&request).await }),
            Request::GeneratedLately => later(self.generated_lately()),
            Request::ReusedPasswords => later(self.reused_passwords()),
            Request::FilePiece(request) => later(async move { self.file_piece(&request).await }),
            Request::ImportOpen(request) => later(async move { self.import_open(&request).await }),
            Request::ImportPlanned(request) => later(async move { self.import_planned(&request) }),
            Request::ImportChoose(request) => later(async move { self.import_choose(&request) }),
            Request::ImportRun => later(self.import_run()),
            Request::ImportProgress => later(async { Ok(self.import_progress()) }),
            Request::ImportForget => later(async { Ok(self.import_forget()) }),
            Request::Imports => later(self.imports()),
            Request::UndoImport(request) => later(async move { self.undo_import(&request).await }),
            Request::Export(request) => later(async move { self.export(&request).await }),
            Request::CompareFile(request) => later(async move { self.compare_file(&request).await }),
            Request::Devices => later(self.devices()),
            Request::RenameDevice(request) => later(async move { self.rename_device(&request).await }),
            Request::Revoke(request) => later(async move { self.revoke(&request).await }),
            Request::Leave(request) => later(async move { self.leave(&request).await }),
            Request::LogView => later(self.log_view()),
            Request::ExportLog => later(self.export_log()),
            Request::Standing => later(self.standing()),
            Request::ExportEvidence => later(self.export_evidence()),
            Request::Histories => later(self.histories()),
            Request::Repair(request) => later(async move { self.repair(&request).await }),
            Request::Exposure(request) => later(async move { self.exposure(&request).await }),
            Request::MarkReplaced(request) => later(async move { self.mark_replaced(&request).await }),
            Request::Unapplied(request) => later(async move { self.unapplied(request).await }),
            Request::DismissUnapplied(request) => later(async move { self.dismiss_unapplied(&request).await }),
            Request::Sync => later(self.sync()),
            Request::WakeInfo => later(self.wake_info()),
            Request::PairStart => later(self.pair_start()),
            Request::PairPoll => later(self.pair_poll()),
            Request::PairConfirm(request) => later(async move { self.pair_confirm(&request).await }),
            Request::PairCancel => later(self.pair_cancel()),
            Request::JoinStart(request) => later(async move { self.join_start(&request).await }),
            Request::JoinPoll => later(self.join_poll()),
            Request::JoinCancel => later(self.join_cancel()),
            Request::WaysBack => later(self.ways_back()),
            Request::MakeKit => later(self.make_kit()),
            Request::RehearseKit(request) => later(async move { self.rehearse_kit(&request).await }),
            Request::RemoveKit => later(self.remove_kit()),
            Request::RecoverStart(request) => later(async move { self.recover_start(&request).await }),
            Request::RecoverFinish(request) => later(async move { self.recover_finish(&request).await }),
            Request::RecoverCancel => later(self.recover_cancel()),
            Request::RevokeOthers => later(self.revoke_others()),
            #[cfg(feature = "test-hooks")]
            Request::TestCreateVault(request) => later(async move { self.test_create_vault(&request).await }),
            #[cfg(feature = "test-hooks")]
            Request::TestAddCredential(request) => later(async move { self.test_add_credential(&request).await }),
            #[cfg(feature = "test-hooks")]
            Request::TestCredentials => later(self.test_credentials()),
            #[cfg(feature = "test-hooks")]
            Request::TestRemoveCredential(request) => later(async move { self.test_remove_credential(&request).await }),
            #[cfg(feature = "test-hooks")]
            Request::TestDumpCanaries => later(self.test_dump_canaries()),
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

fn later<'c, T: Serialize>(
    answer: impl Future<Output = Result<T, Failure>> + 'c,
) -> Pin<Box<dyn Future<Output = String> + 'c>> {
    Box::pin(async { reply(answer.await) })
}

fn reply<T: Serialize>(result: Result<T, Failure>) -> String {
    let reply = match result {
        Ok(answer) => Reply::Ok(answer),
        Err(failure) => Reply::Error(failure),
    };
    serde_json::to_string(&reply).expect("answers hold strings, numbers and lists of them")
}
