//! The trust log: read from the store, brought up to the server's head, and what follows from it.

use roamkey_proto::{Bundle, Chain, EntryId, EpochHeader, Pin, api::LogPage, cbor, limits, mutant};
use roamkey_sealing::{DeviceSecrets, epoch::EpochPlace};
use roamkey_trust::{Change, Log, Status};

use super::{
    Epochs,
    core::{Core, Cx, Halt, Step, Turn},
    device::Stage,
    epochs::{self, Held, Unwrapped},
    heads::Head,
};
use crate::{Batch, Call, Distrust, Effect, EngineError, Idle, StoreKey, Table};

/// Entries on their way in, verified one by one, applied together.
pub(crate) struct Incoming {
    pub(crate) log: Log,
    pub(crate) headers: Vec<EpochHeader>,
    pub(crate) bundles: Vec<Bundle>,
    pub(crate) keys: Epochs,
    /// The newest epoch whose key at rest is of this history.
    upto: u64,
    /// The keys of this device from one of these entries on.
    renewed: Option<DeviceSecrets>,
}

impl Core {
    /// Reads the log from the store. The pin, which rests sealed, says that it is the one that was verified.
    pub(crate) fn read_log(&mut self, rows: Vec<(Vec<u8>, Vec<u8>)>) -> Result<Turn, Halt> {
        let bundles = decode_rows(&rows)?;
        let log = Log::resume(&bundles, &self.anchor.pins.log).map_err(|_| DAMAGED)?;
        self.headers = bundles.iter().filter_map(header_of).collect();
        self.log = Some(log);
        Ok(Turn::Next)
    }

    pub(crate) fn ask_log(&mut self, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let incoming = self.begin_incoming()?;
        Ok(self.ask_log_page(incoming, cx))
    }

    fn ask_log_page(&self, incoming: Incoming, cx: &mut Cx<'_>) -> Turn {
        self.request(Call::Log { since: incoming.log.head().seq }, cx);
        Turn::Wait(Step::AskingLog(Box::new(incoming)))
    }

    pub(crate) fn log_answered(&mut self, mut incoming: Incoming, body: &[u8], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let target = self.heads.as_ref().map(|heads| heads.head(Chain::Log).clone()).ok_or(EngineError::Unexpected)?;
        let page: LogPage = cbor::decode(body, limits::RESPONSE_BYTES).map_err(|_| Distrust::Malformed)?;
        let is_empty = page.bundles.is_empty();
        for bundle in page.bundles {
            if incoming.log.head().seq == target.pin.seq {
                break;
            }
            let exhibit = bundle.entry.clone();
            match self.take_entry(&mut incoming, bundle) {
                Err(distrust) if distrust.is_newer() => return Ok(Turn::Rest(Idle::UpdateNeeded)),
                taken => taken.inspect_err(|_| self.exhibit = vec![exhibit])?,
            }
        }
        if incoming.log.head().seq < target.pin.seq {
            let has_more = page.more && !is_empty;
            return if has_more { Ok(self.ask_log_page(incoming, cx)) } else { Err(Distrust::LogIncomplete.into()) };
        }
        if !mutant!("log.leads-to-its-head", incoming.log.head() == target.pin) {
            return Err(Distrust::LogIncomplete.into());
        }
        // A key that does not open is its author's doing, one that was not sent the server's, or whoever's that gave it
        // back what it had lost: the entries are valid, and stay, so that whoever is shut out can revoke.
        self.apply_log(incoming, Some(target), cx);
        Ok(Turn::Next)
    }

    /// Verifies the next entry, and opens the epoch that it opens where it is for this device.
    pub(crate) fn take_entry(&self, incoming: &mut Incoming, mut bundle: Bundle) -> Result<(), Distrust> {
        let seq = incoming.log.head().seq + 1;
        let prev = EntryId::new(incoming.log.head().id);
        let summary = incoming.log.append(&bundle).map_err(|cause| Distrust::Entry { seq, cause })?;
        let author = summary.author;
        let opens_epoch = summary.header.is_some();
        if author == self.device.id && summary.change == Change::Renewed {
            incoming.renewed = self.own_renewal(&incoming.log);
        }
        if opens_epoch {
            incoming.headers.push(incoming.log.header().clone());
        }
        if opens_epoch && incoming.log.active_member(self.device.id).is_some() {
            let epoch = incoming.log.epoch();
            let place = EpochPlace { account: self.device.account, epoch, seq, prev, author };
            let wrap = bundle.wraps.iter().find(|wrap| wrap.recipient == self.device.id);
            let unwrapped = epochs::unwrap_newest(
                Held { at_rest: &self.epochs, upto: incoming.upto, new: &incoming.keys },
                &incoming.renewed.as_ref().unwrap_or(&self.device.secrets).kem,
                self.device.id,
                &place,
                &incoming.headers,
                wrap.map(|wrap| wrap.wrap.as_slice()),
            );
            if let Unwrapped::Keys(keys) = unwrapped {
                keys.into_iter().for_each(|key| incoming.keys.insert(key));
            }
        }
        bundle.wraps.clear();
        incoming.bundles.push(bundle);
        Ok(())
    }

    /// The keys that this device entered with the bundle it sent. Where an older copy of its store was put back there are
    /// none, and it is shut out, by itself.
    fn own_renewal(&self, log: &Log) -> Option<DeviceSecrets> {
        let sealed = self.outbox.bundle.as_ref()?.renewed.as_ref()?;
        let secrets = DeviceSecrets::open(self.device.account, &self.local, sealed).ok()?;
        log.member(self.device.id).is_some_and(|member| *member.keys() == secrets.public()).then_some(secrets)
    }

    pub(crate) fn begin_incoming(&self) -> Result<Incoming, EngineError> {
        Ok(Incoming::after(self.log()?.clone(), self.headers.clone()))
    }

    /// Applies verified entries: the log, its pin and the keys of its epochs, in one batch.
    pub(crate) fn apply_log(&mut self, incoming: Incoming, head: Option<Head>, cx: &mut Cx<'_>) {
        let Incoming { log, headers, bundles, keys, renewed, .. } = incoming;
        let mut batch = Batch::default();
        if let Some(secrets) = renewed {
            self.device.secrets = secrets;
            self.device.persist(&self.local, &mut batch, &mut cx.rng);
        }
        let first = log.head().seq + 1 - bundles.len() as u64;
        for (seq, bundle) in (first..).zip(&bundles) {
            batch.put(StoreKey::numbered(Table::Log, seq), cbor::encode(bundle));
        }
        for key in keys {
            Epochs::persist(&key, &self.local, &mut batch, &mut cx.rng);
            self.epochs.insert(key);
        }
        self.anchor.pins.log = log.head();
        self.anchor.pins.log_receipt = head.and_then(|head| head.receipt);
        self.anchor.stage = self.stage_in(&log);
        self.headers = headers;
        self.settle_bundle(&log, &mut batch, cx);
        self.outbox.drop_whole_before(log.header().seq, &mut batch);
        self.note_duty(&log, cx.now);
        self.log = Some(log);
        self.persist(batch, cx);
        cx.emit(Effect::MembersChanged);
    }

    fn stage_in(&self, log: &Log) -> Stage {
        match log.member(self.device.id).map(|member| member.status()) {
            None => Stage::Joining,
            Some(Status::Active) => Stage::Member,
            Some(Status::Revoked { at, by, reason }) => Stage::Revoked { by, reason, at },
            Some(Status::Left { at }) => Stage::Left { at },
        }
    }
}

impl Incoming {
    fn after(log: Log, headers: Vec<EpochHeader>) -> Self {
        Self { log, headers, bundles: Vec::new(), keys: Epochs::default(), upto: u64::MAX, renewed: None }
    }

    /// Goes on from the end of a log that this device's own log has left.
    pub(crate) fn from_fork(log: Log, headers: Vec<EpochHeader>) -> Self {
        Self { upto: log.epoch(), ..Self::after(log, headers) }
    }

    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    pub(crate) fn head(&self) -> Pin {
        self.log.head()
    }
}

pub(crate) fn decode_rows(rows: &[(Vec<u8>, Vec<u8>)]) -> Result<Vec<Bundle>, EngineError> {
    rows.iter().map(|(_, row)| cbor::decode(row, limits::BUNDLE_BYTES).map_err(|_| DAMAGED)).collect()
}

pub(crate) fn header_of(bundle: &Bundle) -> Option<EpochHeader> {
    cbor::decode(bundle.header.as_deref()?, limits::HEADER_BYTES).ok()
}

const DAMAGED: EngineError = EngineError::Store(Table::Log);
