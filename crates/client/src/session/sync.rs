//! Meeting the server.

use std::mem;

use roamkey_proto::{ItemId, Pin, SessionToken, Time, api::MailboxOpened, problem::Problem};
use roamkey_sync::{Event, Failure, Idle};

use super::{Session, connection::Connection};
use crate::{Error, Host, Saw, home};

/// How a meeting with the server went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synced {
    /// Items that are not as they were when somebody last synced.
    pub changed: Vec<ItemId>,
    /// Changes that the server does not hold yet.
    pub pending: usize,
    /// Items of which a change came to nothing, for example as another device destroyed them.
    pub unapplied: Vec<ItemId>,
    /// The newest commit that is here.
    pub head: Pin,
    /// What is awaited, if anything.
    pub waiting: Option<Waiting>,
}

/// Something that another device has to do first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// When to look again.
    pub until: Option<Time>,
    /// Whether this device itself has still to be let in; else a revocation is being completed.
    pub admission: bool,
}

/// Where and with what to listen for changes.
#[derive(Clone, Debug)]
pub struct Wake {
    /// The URL of the WebSocket.
    pub url: String,
    /// The first message on it, in hexadecimal.
    pub token: SessionToken,
}

impl<H: Host> Session<H> {
    /// Pulls, verifies, and pushes what is pending.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::NotAServer`], [`Error::Refused`], [`Error::Distrust`],
    /// [`Error::Ended`]; [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn sync(&self) -> Result<Synced, Error> {
        let lost = {
            let mut wire = self.driver.wire.lock().await;
            self.driver.news(|news| news.idle = None);
            self.driver.step(Event::Sync).await?;
            self.converse(&mut wire).await?
        };
        let idle = self.driver.news(|news| news.idle.take());
        self.note_contact(idle.as_ref()).await?;
        self.report(idle, lost)
    }

    /// Says where and with what to listen for changes.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::Refused`], [`Error::Locked`].
    pub async fn wake(&self) -> Result<Wake, Error> {
        let mut wire = self.driver.wire.lock().await;
        self.driver.local()?;
        // The token of before may be near its end, and a socket outlives many requests.
        wire.forget();
        let token = wire.token(&self.driver, &self.home).await?;
        let path = format!("/v1/accounts/{}/wake", self.home.account);
        Ok(Wake { url: self.home.server.socket(&path), token })
    }

    /// Opens a mailbox of the server for a pairing. An account that no server has seen yet is sent first.
    pub(crate) async fn open_mailbox(&self) -> Result<MailboxOpened, Error> {
        match self.try_open_mailbox().await {
            Err(Error::Refused { problem: Problem::Unauthorized, .. }) => {
                self.sync().await?;
                self.try_open_mailbox().await
            }
            answer => answer,
        }
    }

    async fn try_open_mailbox(&self) -> Result<MailboxOpened, Error> {
        let mut wire = self.driver.wire.lock().await;
        self.driver.local()?;
        Ok(wire.open_mailbox(&self.driver, &self.home).await?)
    }

    /// Asks the server what the engine wants to know until it wants no more; returns why the last
    /// question had no answer.
    pub(super) async fn converse(&self, wire: &mut Connection) -> Result<Option<Error>, Error> {
        let mut lost = None;
        while let Some(asked) = self.driver.take_request() {
            let event = match wire.send(&self.driver, &self.home, &asked.request).await {
                Ok(body) => Event::Answered(body),
                Err(error) => {
                    lost = error.for_person();
                    Event::Failed(Failure::from(error))
                }
            };
            self.driver.answer(asked, event).await?;
        }
        Ok(lost)
    }

    async fn note_contact(&self, idle: Option<&Idle>) -> Result<(), Error> {
        let store = self.driver.host().store();
        let local = self.driver.local()?;
        let mut contact = home::read_own_contact(store, &local).await?;
        let before = contact.clone();
        contact.attempted = true;
        contact.online = !matches!(idle, None | Some(Idle::Offline));
        if contact.online {
            contact.ended = matches!(idle, Some(Idle::Ended(_) | Idle::Refused(Problem::NotAMember)));
            contact.last_sync = Some(self.driver.host().now());
            contact.distrust = match idle {
                Some(Idle::UpdateNeeded) => return Err(Error::UpdateNeeded),
                Some(Idle::Distrusted(distrust)) => Some(distrust.to_string()),
                _ => None,
            };
            let shut_out = self.driver.status()?.shut_out;
            contact.saw = match idle {
                Some(Idle::Distrusted(distrust)) => Some(Saw::of(distrust, shut_out.as_ref())),
                _ => None,
            };
        }
        if contact == before {
            return Ok(());
        }
        home::write_contact(store, &contact, &local, &mut self.driver.host().rng()).await
    }

    fn report(&self, idle: Option<Idle>, lost: Option<Error>) -> Result<Synced, Error> {
        let until = self.driver.news(|news| news.wake_at);
        let waiting = match idle {
            Some(Idle::UpToDate) => None,
            Some(Idle::AwaitingAdmission) => Some(Waiting { until, admission: true }),
            Some(Idle::AwaitingRevoker) => Some(Waiting { until, admission: false }),
            Some(Idle::Refused(problem)) => return Err(Error::Refused { problem, retry_after_ms: None }),
            Some(Idle::UpdateNeeded) => return Err(Error::UpdateNeeded),
            Some(Idle::Distrusted(distrust)) => return Err(Error::Distrust(distrust)),
            Some(Idle::Ended(ending)) => return Err(Error::Ended(ending)),
            Some(_) | None => return Err(lost.unwrap_or(UNANSWERED)),
        };
        let status = self.driver.status()?;
        let (changed, unapplied) = self.driver.news(|news| (news.take_changed(), mem::take(&mut news.unapplied)));
        Ok(Synced { changed, pending: status.pending, unapplied, head: status.pins.vault, waiting })
    }
}

/// The engine gave up without a request that failed in this very round.
const UNANSWERED: Error = Error::Unreachable(crate::Unreachable { reason: String::new() });
