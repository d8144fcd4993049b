use std::{collections::VecDeque, sync::Arc};

use rand_core::CryptoRng;
use roamkey_proto::{AccountId, DeviceId, Nonce, ReceiptKey, SessionProof, Time, VERSION};
use roamkey_sealing::{DeviceSecrets, LocalKey};
use roamkey_trust::{Log, session};

use crate::{
    Contact, Distrust, Effect, Ending, Event, Invitation, InvitationError, Pins, Reader, Table,
    checkup::{NotACheckUp, Shown},
};

mod command;
mod core;
mod device;
mod edit;
mod epochs;
mod evidence;
mod found;
mod heads;
mod heartbeat;
mod invite;
mod log;
mod opening;
mod outbox;
mod pending;
mod pull;
mod push;
mod repair;
mod reseal;
mod rest;
mod restore;
mod round;
mod settle;
mod shut_out;
mod witness;

pub use self::shut_out::ShutOut;
pub(crate) use self::{
    command::entry_of,
    epochs::{Epochs, Held, Unwrapped, unwrap_newest},
    log::header_of,
    pending::{OperationId, Pending},
    rest::{open as open_row, seal as seal_row},
};
use self::{
    core::{Core, Cx},
    opening::Opening,
};

/// One device's part of the protocol.
pub struct Engine {
    phase: Phase,
    effects: VecDeque<Effect>,
}

enum Phase {
    Opening(Opening),
    Open(Box<Core>),
}

/// What a new account starts from.
#[derive(Debug)]
pub struct Founding {
    /// The keys of its first device.
    pub secrets: DeviceSecrets,
    /// The key of the server's receipts, pinned from here on.
    pub receipt_key: ReceiptKey,
}

/// What a newcomer starts from, once the member has confirmed it.
#[derive(Debug)]
pub struct Joining {
    /// Its keys, those that its answer to the invitation showed.
    pub secrets: DeviceSecrets,
    /// What came through the pairing channel.
    pub invitation: Invitation,
}

/// Where a device stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It founded the account, and the server has not taken the genesis yet.
    Founding,
    /// It was paired, and its entry is not in the log yet.
    Joining,
    /// It is a member.
    Member,
    /// It is out for good; local use goes on.
    Ended(Ending),
}

/// What an interface shows of an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Where the device stands.
    pub standing: Standing,
    /// Where it is in both chains.
    pub pins: Pins,
    /// Operations that no commit holds yet.
    pub pending: usize,
    /// Records at the newest commit that is here, tombstones of purged items among them.
    pub records: u64,
    /// Pages that still hold records sealed before the last removal.
    pub reseal_pages: usize,
    /// Records that this device cannot read: a member's rubbish, or sealed under an epoch that was skipped.
    pub unreadable: usize,
    /// Who keeps this device from reading what is new, if anyone.
    pub shut_out: Option<ShutOut>,
    /// What the server showed in the last round that it should not have.
    pub distrust: Option<Distrust>,
}

/// Why an engine cannot go on with what it was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A row of the store is missing, or does not open under the local key: the store is damaged,
    /// or belongs to another device.
    #[error("the store is damaged in table {}", .0.name())]
    Store(Table),
    /// The event answers nothing that was asked, or comes before [`Effect::Ready`].
    #[error("the event fits nothing that the engine asked for")]
    Unexpected,
    /// What the person typed is longer than a record may be. Nothing of the event was taken.
    #[error("an item is longer than a record may be")]
    TooLong,
}

impl Engine {
    /// Opens the engine of a device that is in the store. Its first effects read what it needs;
    /// [`Effect::Ready`] follows.
    #[must_use]
    pub fn open(local: Arc<LocalKey>) -> Self {
        let mut effects = VecDeque::new();
        let phase = Phase::Opening(Opening::begin(local, &mut effects));
        Self { phase, effects }
    }

    /// Founds an account: the first effect persists the device, its genesis and its epoch key, so that
    /// items can be made at once. The server hears of it at the next [`Event::Sync`].
    #[must_use]
    pub fn found(local: Arc<LocalKey>, founding: Founding, now: Time, rng: &mut impl CryptoRng) -> Self {
        let mut effects = VecDeque::new();
        let core = found::found(local, founding, &mut Cx { now, rng, effects: &mut effects });
        Self { phase: Phase::Open(Box::new(core)), effects }
    }

    /// Starts the engine of a newcomer: the first effect persists the device and the log as it came
    /// through the channel. Its own entry arrives with the next [`Event::Sync`].
    ///
    /// # Errors
    /// [`InvitationError`] when the log of the invitation does not verify.
    pub fn join(
        local: Arc<LocalKey>,
        joining: Joining,
        now: Time,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, InvitationError> {
        let mut effects = VecDeque::new();
        let core = invite::join(local, joining, &mut Cx { now, rng, effects: &mut effects })?;
        Ok(Self { phase: Phase::Open(Box::new(core)), effects })
    }

    /// Takes an event in and decides what to do.
    ///
    /// # Errors
    /// See [`EngineError`]. After [`EngineError::Store`] the engine is to be dropped; the store is as it was.
    pub fn handle(&mut self, event: Event, now: Time, rng: &mut impl CryptoRng) -> Result<(), EngineError> {
        let mut cx = Cx { now, rng, effects: &mut self.effects };
        match &mut self.phase {
            Phase::Open(core) => core.handle(event, &mut cx),
            Phase::Opening(opening) => {
                if let Some(core) = opening.handle(event, &mut cx)? {
                    self.phase = Phase::Open(core);
                }
                Ok(())
            }
        }
    }

    /// Returns the next thing to do.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Returns the account and this device, once [`Effect::Ready`] was seen.
    #[must_use]
    pub fn identity(&self) -> Option<(AccountId, DeviceId)> {
        self.core().map(|core| (core.device.account, core.device.id))
    }

    /// Returns the key of the server's receipts, as this device pinned it.
    #[must_use]
    pub fn receipt_key(&self) -> Option<ReceiptKey> {
        self.core().map(|core| core.device.receipt_key)
    }

    /// Signs what the server drew, to open a session at this origin.
    #[must_use]
    pub fn session_proof(&self, origin: &str, challenge: Nonce) -> Option<Vec<u8>> {
        let device = &self.core()?.device;
        let origin = origin.to_owned();
        let proof = SessionProof { version: VERSION, origin, account: device.account, member: device.id, challenge };
        Some(session::sign(&proof, &device.secrets.write))
    }

    /// Returns what an interface shows.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.core().map(Core::status)
    }

    /// Returns the verified log, once the first round of syncing has read it.
    #[must_use]
    pub fn log(&self) -> Option<&Log> {
        self.core()?.log.as_ref()
    }

    /// Returns where the other devices last said that they are; those that never did are missing.
    #[must_use]
    pub fn contacts(&self) -> &[Contact] {
        self.core().map_or(&[], |core| core.anchor.contacts.as_slice())
    }

    /// Returns what another device beside this one compares with: where this one is, with the server's word for it, signed.
    #[must_use]
    pub fn check_up(&self, now: Time) -> Option<Vec<u8>> {
        self.core().map(|core| core.say(now))
    }

    /// Reads what another device of the account shows beside this one, whose verified log is `log`.
    ///
    /// # Errors
    /// [`NotACheckUp`] when it is none, or nobody signed it.
    pub fn read_check_up(&self, shown: &[u8], log: &Log) -> Result<Shown, NotACheckUp> {
        self.core().ok_or(NotACheckUp)?.read_check_up(shown, log)
    }

    /// Returns what reads items.
    #[must_use]
    pub fn reader(&self) -> Option<Reader<'_>> {
        self.core().map(|core| Reader::new(&core.local, &core.epochs, &core.summary, &core.pending))
    }

    fn core(&self) -> Option<&Core> {
        match &self.phase {
            Phase::Open(core) => Some(core),
            Phase::Opening(_) => None,
        }
    }
}
