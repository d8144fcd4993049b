//! Epochs that a member opened for itself alone: who did, and what is saved of what was written there (`spec/epochs.md`).

use std::collections::BTreeSet;

use roamkey_proto::DeviceId;
use roamkey_vault::{Action, Body, Operation};

use super::{
    core::{Core, Cx},
    device::Stage,
};
use crate::{EngineError, replica::PageRecord};

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

    /// The active devices that opened an epoch since the newest one whose key is here.
    pub(crate) fn openers_to_revoke(&self) -> Result<Vec<DeviceId>, EngineError> {
        let log = self.log()?;
        let held = self.epochs.newest().map_or(0, |key| key.number());
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
