//! What an open engine holds, and what it is waiting for.

use std::{collections::VecDeque, sync::Arc};

use rand_core::CryptoRng;
use roamkey_proto::{EpochHeader, Time, problem::Problem};
use roamkey_sealing::{DeviceSecrets, LocalKey};
use roamkey_trust::Log;

use super::{
    Epochs, Pending, Status,
    command::Order,
    device::{Anchor, Device},
    heads::Heads,
    outbox::Outbox,
    pull::{Merging, Pull},
    push::{Plan, Prepared},
    repair::Repair,
    restore::Restoring,
};
use crate::{Batch, Call, Distrust, Effect, EngineError, Event, Failure, Idle, Request, replica::Summary};

/// One device of one account, open.
pub(crate) struct Core {
    pub(crate) local: Arc<LocalKey>,
    pub(crate) device: Device,
    pub(crate) anchor: Anchor,
    pub(crate) epochs: Epochs,
    pub(crate) summary: Summary,
    pub(crate) pending: Pending,
    pub(crate) outbox: Outbox,
    /// Read and judged when a round first needs it, so that opening costs nothing for it.
    pub(crate) log: Option<Log>,
    pub(crate) order: Option<Order>,
    /// The keys that the entry being signed enters.
    pub(crate) renewing: Option<DeviceSecrets>,
    pub(crate) heads: Option<Heads>,
    pub(crate) step: Step,
    pub(crate) again: bool,
    pub(crate) setbacks: u32,
    /// Whether a server was given back in this round what it lacked.
    pub(crate) has_restored: bool,
    /// The receipts that the server showed last.
    pub(crate) shown: Vec<Vec<u8>>,
    /// The signed object that was refused in this round.
    pub(crate) exhibit: Vec<Vec<u8>>,
    pub(crate) distrust: Option<Distrust>,
    /// Rounds in a row that did not end well.
    pub(crate) failures: u32,
    /// What the server asked for with its last refusal.
    pub(crate) retry_after_ms: Option<u64>,
    /// The header of each epoch, from the first on, as far as the log is read.
    pub(crate) headers: Vec<EpochHeader>,
}

/// What comes with an event: the time, randomness, and where effects go.
pub(crate) struct Cx<'a> {
    pub(crate) now: Time,
    pub(crate) rng: &'a mut dyn CryptoRng,
    pub(crate) effects: &'a mut VecDeque<Effect>,
}

impl Cx<'_> {
    pub(crate) fn emit(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }

    pub(crate) fn persist(&mut self, batch: Batch) {
        if !batch.is_empty() {
            self.emit(Effect::Persist(batch));
        }
    }
}

/// What the engine is waiting for.
pub(crate) enum Step {
    /// Nothing: between rounds.
    Resting,
    /// A scan of the log.
    ReadingLog,
    /// A scan of the log, for an invitation.
    Inviting,
    /// The rows of commits that other devices spoke of.
    Comparing,
    /// The answer to a genesis.
    Founding,
    /// The server's heads.
    AskingHeads,
    /// Entries of the log.
    AskingLog(Box<super::log::Incoming>),
    /// The answer to a bundle.
    Appending,
    /// A page of a pull.
    Pulling(Box<Pull>),
    /// The pages that a pull changes.
    Merging(Box<Merging>),
    /// The pages and operations of a push.
    Planning(Box<Plan>),
    /// The answer to a push.
    Pushing(Box<Prepared>),
    /// That the server keeps where this device is.
    Beating,
    /// Where the other devices are.
    Hearing,
    /// The newest epoch's key for this device, which lacks it.
    AskingKey,
    /// The entries and commits that a server lacks.
    ReadingLost(Box<Restoring>),
    /// The records that a server lacks.
    ReadingRecords(Box<Restoring>),
    /// That a server takes back what it lost; it was here before.
    Restoring(Box<Heads>),
    /// What this device has, or what the server has, of two histories.
    Repairing(Box<Repair>),
}

/// How a turn of the engine ends.
pub(crate) enum Turn {
    /// An effect was emitted whose answer this step waits for.
    Wait(Step),
    /// Something is done: decide what comes next.
    Next,
    /// The round is over.
    Rest(Idle),
}

/// Why a turn cannot end well.
pub(crate) enum Halt {
    /// The server is not believed.
    Distrust(Distrust),
    /// The store is damaged.
    Broken(EngineError),
}

impl From<Distrust> for Halt {
    fn from(distrust: Distrust) -> Self {
        Self::Distrust(distrust)
    }
}

impl From<EngineError> for Halt {
    fn from(error: EngineError) -> Self {
        Self::Broken(error)
    }
}

impl Core {
    pub(crate) fn new(local: Arc<LocalKey>, device: Device, anchor: Anchor, epochs: Epochs) -> Self {
        Self {
            local,
            device,
            anchor,
            epochs,
            summary: Summary::empty(),
            pending: Pending::default(),
            outbox: Outbox::default(),
            log: None,
            order: None,
            renewing: None,
            heads: None,
            step: Step::Resting,
            again: false,
            setbacks: 0,
            has_restored: false,
            shown: Vec::new(),
            exhibit: Vec::new(),
            distrust: None,
            failures: 0,
            retry_after_ms: None,
            headers: Vec::new(),
        }
    }

    pub(crate) fn handle(&mut self, event: Event, cx: &mut Cx<'_>) -> Result<(), EngineError> {
        match event {
            Event::Sync => self.start(cx),
            Event::Edit(edits) => {
                self.edit(edits, cx)?;
                self.start_if_resting(cx)
            }
            Event::Command(command) => {
                self.command(command, cx);
                self.start_if_resting(cx)
            }
            Event::Witness(pins) => {
                self.witness(pins, cx);
                self.start(cx)
            }
            Event::Loaded(rows) => self.loaded(rows, cx),
            Event::Scanned(rows) => self.scanned(rows, cx),
            Event::Answered(body) => self.answered(&body, cx),
            Event::Failed(failure) => self.failed(failure, cx),
        }
    }

    pub(crate) fn status(&self) -> Status {
        Status {
            standing: self.anchor.stage.standing(),
            pins: self.anchor.pins.clone(),
            pending: self.pending.len(),
            records: self.summary.count(),
            reseal_pages: self.stale_pages().len(),
            unreadable: self.summary.unreadable(),
            shut_out: self.shut_out().ok().flatten(),
            distrust: self.distrust.clone(),
        }
    }

    pub(crate) fn request(&self, call: Call, cx: &mut Cx<'_>) {
        cx.emit(Effect::Request(Request { account: self.device.account, call }));
    }

    /// Writes where the device stands along with the rest of a batch.
    pub(crate) fn persist(&self, mut batch: Batch, cx: &mut Cx<'_>) {
        self.anchor.persist(&self.local, &mut batch, &mut cx.rng);
        cx.persist(batch);
    }

    /// The log; a round reads it before all else.
    pub(crate) fn log(&self) -> Result<&Log, EngineError> {
        self.log.as_ref().ok_or(EngineError::Unexpected)
    }

    fn loaded(&mut self, rows: Vec<Option<Vec<u8>>>, cx: &mut Cx<'_>) -> Result<(), EngineError> {
        let turn = match std::mem::replace(&mut self.step, Step::Resting) {
            Step::Comparing => self.compare(&rows, cx),
            Step::ReadingLost(restoring) => self.lost_read(*restoring, rows, cx),
            Step::ReadingRecords(restoring) => self.records_read(*restoring, &rows, cx),
            Step::Merging(merging) => self.merge(*merging, &rows, cx),
            Step::Planning(plan) => self.prepare(*plan, rows, cx),
            Step::Repairing(repair) => self.repair_loaded(*repair, rows, cx),
            other => return self.unexpected(other),
        };
        self.run(turn, cx)
    }

    fn scanned(&mut self, rows: Vec<(Vec<u8>, Vec<u8>)>, cx: &mut Cx<'_>) -> Result<(), EngineError> {
        let turn = match std::mem::replace(&mut self.step, Step::Resting) {
            Step::ReadingLog => self.read_log(rows),
            Step::Inviting => self.invite(rows, cx),
            Step::Repairing(repair) => self.repair_scanned(*repair, rows, cx),
            other => return self.unexpected(other),
        };
        self.run(turn, cx)
    }

    fn answered(&mut self, body: &[u8], cx: &mut Cx<'_>) -> Result<(), EngineError> {
        let turn = match std::mem::replace(&mut self.step, Step::Resting) {
            Step::Founding => self.founded(body, cx),
            Step::AskingHeads => self.heads_answered(body, cx),
            Step::AskingLog(incoming) => self.log_answered(*incoming, body, cx),
            Step::Appending => self.appended(body, cx),
            Step::Pulling(pull) => self.pulled(*pull, body, cx),
            Step::Pushing(prepared) => self.pushed(*prepared, body, cx),
            Step::Repairing(repair) => self.repair_answered(*repair, body, cx),
            Step::Beating => self.beaten(cx),
            Step::Hearing => self.heard(body, cx),
            Step::AskingKey => self.key_answered(body, cx),
            Step::Restoring(_) => self.restored(body, cx),
            other => return self.unexpected(other),
        };
        self.run(turn, cx)
    }

    fn failed(&mut self, failure: Failure, cx: &mut Cx<'_>) -> Result<(), EngineError> {
        let turn = match std::mem::replace(&mut self.step, Step::Resting) {
            Step::Beating | Step::Hearing => self.unheard(cx),
            Step::Restoring(heads) if is_final(failure) || is_evasive(failure, self.failures) => {
                self.not_restored(*heads)
            }
            step @ (Step::Founding
            | Step::AskingHeads
            | Step::AskingLog(_)
            | Step::Appending
            | Step::AskingKey
            | Step::Pulling(_)
            | Step::Restoring(_)
            | Step::Repairing(_)
            | Step::Pushing(_)) => self.refused(&step, failure, cx),
            other => return self.unexpected(other),
        };
        self.run(turn, cx)
    }

    fn unexpected(&mut self, step: Step) -> Result<(), EngineError> {
        self.step = step;
        Err(EngineError::Unexpected)
    }
}

/// Whether a server puts a device off that would give it back what it lost, again and again: no way to hide a rollback.
fn is_evasive(failure: Failure, failures: u32) -> bool {
    matches!(failure, Failure::Refused { .. }) && failures >= PATIENCE
}

/// Rounds in a row that a server may be too busy to be restored.
const PATIENCE: u32 = 5;

/// Whether a server will not take back what it lost. One that is busy, or was given it by another device meanwhile, is no
/// liar.
fn is_final(failure: Failure) -> bool {
    let Failure::Refused { problem, .. } = failure else { return false };
    !matches!(
        problem,
        Problem::Conflict
            | Problem::HeadMoved
            | Problem::Held
            | Problem::RateLimited
            | Problem::Unavailable
            | Problem::Internal
    )
}
