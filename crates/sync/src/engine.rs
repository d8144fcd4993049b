use std::{collections::VecDeque, sync::Arc};

use rand_core::CryptoRng;
use roamkey_proto::{AccountId, DeviceId, Nonce, ReceiptKey, Time};
use roamkey_sealing::{DeviceSecrets, LocalKey};
use roamkey_trust::Log;

use crate::{Distrust, Effect, Ending, Event, Invitation, Pins, Reader, Table};

/// One device's part of the protocol.
pub struct Engine {}

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
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Records at the newest commit that is here.
    pub records: u64,
    /// Pages that still hold records sealed before the last removal.
    pub reseal_pages: usize,
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
}

impl Engine {
    /// Opens the engine of a device that is in the store. Its first effects read what it needs;
    /// [`Effect::Ready`] follows.
    #[must_use]
    pub fn open(local: Arc<LocalKey>) -> Self;

    /// Founds an account: the first effect persists the device, its genesis and its epoch key, so that
    /// items can be made at once. The server hears of it at the next [`Event::Sync`].
    pub fn found<R: CryptoRng>(local: Arc<LocalKey>, founding: Founding, now: Time, rng: &mut R) -> Self;

    /// Starts the engine of a newcomer.
    pub fn join<R: CryptoRng>(local: Arc<LocalKey>, joining: Joining, rng: &mut R) -> Result<Self, Distrust>;

    /// Takes an event in and decides what to do.
    ///
    /// # Errors
    /// See [`EngineError`]; the engine is then to be dropped, the store is as it was.
    pub fn handle<R: CryptoRng>(&mut self, event: Event, now: Time, rng: &mut R) -> Result<(), EngineError>;

    /// Returns the next thing to do.
    pub fn next_effect(&mut self) -> Option<Effect>;

    /// Returns the account and this device, once [`Effect::Ready`] was seen.
    pub fn identity(&self) -> Option<(AccountId, DeviceId)>;

    /// Signs what the server drew, to open a session at this origin.
    pub fn session_proof(&self, origin: &str, challenge: Nonce) -> Option<Vec<u8>>;

    /// Returns what an interface shows.
    pub fn status(&self) -> Option<Status>;

    /// Returns the verified log, once the first round of syncing has read it.
    pub fn log(&self) -> Option<&Log>;

    /// Returns what reads items.
    pub fn reader(&self) -> Option<Reader<'_>>;
}
