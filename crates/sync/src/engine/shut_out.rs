//! Epochs that a member opened for itself alone: who did, and what is saved of what was written there (`spec/epochs.md`).

use std::collections::BTreeSet;

use roamkey_proto::{DeviceId, Op, Time, api::LogPage, cbor, limits, mutant};
use roamkey_sealing::epoch::EpochPlace;
use roamkey_vault::{Action, Body, Operation};

use super::{
    Epochs,
    core::{Core, Cx, Halt, Step, Turn},
    device::Stage,
    epochs::{self, Held, Unwrapped},
};
use crate::{Batch, Call, Distrust, EngineError, replica::PageRecord};

/// This device holds no key for the newest epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShutOut {
    /// The newest epoch.
    pub epoch: u64,
    /// The active devices that opened it and those before it which did not open either: revoking all of them ends it.
    pub openers: Vec<DeviceId>,
}

impl Core {
    /// Tells whether this device, a member, holds no key for the newest epoch.
    pub(crate) fn shut_out(&self) -> Result<Option<ShutOut>, EngineError> {
        let epoch = self.log()?.epoch();
        if self.anchor.stage != Stage::Member || self.epochs.holds(epoch) {
            return Ok(None);
        }
        Ok(Some(ShutOut { epoch, openers: self.openers_to_revoke()? }))
    }

    /// Asks for the entry of the newest epoch alone: a server that did not send the key may have it by now.
    pub(crate) fn ask_for_key(&self, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        self.request(Call::Log { since: self.log()?.header().seq - 1 }, cx);
        Ok(Turn::Wait(Step::AskingKey))
    }

    /// Takes the key if it came. The signed header says which one it must be, so nothing else of the answer counts.
    pub(crate) fn key_answered(&mut self, body: &[u8], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let page: LogPage = cbor::decode(body, limits::RESPONSE_BYTES).map_err(|_| Distrust::Malformed)?;
        let log = self.log()?;
        let (header, epoch) = (log.header(), log.epoch());
        let opener = log.opener_of(epoch).ok_or(EngineError::Unexpected)?;
        // Wraps are bound to who signed, which is the authority where a device came by recovery.
        let author = log.entry(header.seq).map_or(opener, |entry| entry.author);
        let place = EpochPlace { account: header.account, epoch, seq: header.seq, prev: header.prev, author };
        let wraps = page.bundles.first().map_or(&[][..], |bundle| &bundle.wraps);
        let wrap = wraps.iter().find(|wrap| wrap.recipient == self.device.id).map(|wrap| wrap.wrap.as_slice());
        let held = Held { at_rest: &self.epochs, upto: u64::MAX, new: &Epochs::default() };
        let why =
            match epochs::unwrap_newest(held, &self.device.secrets.kem, self.device.id, &place, &self.headers, wrap) {
                Unwrapped::Keys(keys) => {
                    let mut batch = Batch::default();
                    for key in keys {
                        Epochs::persist(&key, &self.local, &mut batch, &mut cx.rng);
                        self.epochs.insert(key);
                    }
                    cx.persist(batch);
                    return Ok(Turn::Next);
                }
                Unwrapped::NotSent => Distrust::Epoch { epoch },
                Unwrapped::Refused => Distrust::ShutOut { epoch, opener },
            };
        if self.may_let_itself_in(cx.now)? { self.append(Op::Rotate, cx) } else { Err(why.into()) }
    }

    /// Tells whether nobody is left to revoke for the epochs whose keys are not here: then the log lets any member leave
    /// them out, and waiting for one who can open them may be for ever.
    fn may_let_itself_in(&mut self, now: Time) -> Result<bool, EngineError> {
        let (openers, is_owed) = (self.openers_to_revoke()?, self.log()?.owes_epoch());
        if !openers.is_empty() || self.epochs.newest().is_none() || self.order.is_some() {
            return Ok(false);
        }
        Ok(is_owed || self.may_heal(now))
    }

    /// Tells whether this device may open an epoch for no other reason than what others show: once a day, for whoever
    /// shows it again and again would fill the log.
    pub(crate) fn may_heal(&mut self, now: Time) -> bool {
        let is_due = self.anchor.healed_at.is_none_or(|last| now.millis_since(last) >= HEAL_EVERY_MS || last > now);
        let may = mutant!("epoch.heals-once-a-day", is_due);
        if may {
            self.anchor.healed_at = Some(now);
        }
        may
    }

    /// Tells whether the others have not heard yet that this device cannot open the newest epoch; whoever can opens the
    /// next one for it.
    pub(crate) fn is_to_say_that_it_is_shut_out(&mut self, epoch: u64, cx: &Cx<'_>) -> bool {
        let is_unheard = self.anchor.cried_for < epoch;
        self.anchor.cried_for = epoch;
        mutant!("heartbeat.when-shut-out", is_unheard => false) || self.is_beat_due(cx.now)
    }

    /// The active devices that opened an epoch since the newest one whose key is here; a device that never had one has
    /// nobody to blame.
    pub(crate) fn openers_to_revoke(&self) -> Result<Vec<DeviceId>, EngineError> {
        let log = self.log()?;
        let Some(held) = self.epochs.newest().map(|key| key.number()) else { return Ok(Vec::new()) };
        let openers = (held + 1..=log.epoch()).filter_map(|epoch| log.opener_of(epoch));
        let openers: BTreeSet<_> = openers.filter(|opener| log.active_member(*opener).is_some()).collect();
        Ok(openers.into_iter().collect())
    }

    /// The epochs that some later one skips.
    pub(crate) fn skipped_epochs(&self) -> BTreeSet<u64> {
        self.headers.iter().flat_map(|header| header.skipped()).collect()
    }

    /// What of this device's own version of an item is to be played again, as another one takes its place.
    ///
    /// A record of an epoch that was skipped is unreadable for who lacks the key, and who lacks the key could not know what
    /// it replaced with the next. So what was readable here is offered again, and the two meet as edits do.
    pub(crate) fn reclaim(
        &self,
        skipped: &BTreeSet<u64>,
        before: Option<&PageRecord>,
        after: &PageRecord,
        cx: &Cx<'_>,
    ) -> Option<Operation> {
        let before = before?;
        let is_lost = !self.epochs.holds(after.header.epoch);
        let was_hidden = skipped.contains(&before.header.epoch) && before.header.epoch < after.header.epoch;
        if !is_lost && !was_hidden {
            return None;
        }
        let Ok(Body::Item(item)) = before.body(&self.epochs) else { return None };
        let own = before.open(&self.epochs);
        let is_same = after.open(&self.epochs).is_ok_and(|after| own.is_ok_and(|own| own == after));
        (!is_same).then(|| Operation { item: after.header.item, at: cx.now, action: Action::Create(item) })
    }
}

/// Milliseconds between two epochs that this device opens because of what others show: a day.
const HEAL_EVERY_MS: u64 = 24 * 60 * 60 * 1000;
