//! After devices were removed, every record is sealed again under a key that they never had.
//!
//! There is no list of what is left to do: the oldest epoch of each page says it, so that a crash, another
//! device's edit or another device's help changes nothing.

use roamkey_proto::{Time, mutant};
use roamkey_trust::Log;

use super::{core::Core, device::Duty};

impl Core {
    /// The pages with records that a removed device may have the keys of.
    pub(crate) fn stale_pages(&self) -> Vec<u8> {
        self.summary.pages_before(self.reseal_epoch())
    }

    /// The epoch since which all who were removed are out; 0 if none was.
    pub(crate) fn reseal_epoch(&self) -> u64 {
        let Some(log) = &self.log else { return 0 };
        let removal = log.removal_between(0, log.head().seq);
        removal.and_then(|removal| log.entry(removal.entry.seq)).map_or(0, |entry| entry.epoch)
    }

    /// The one who removed seals again; when it has been idle for a day, whoever comes. Who holds a key that was skipped
    /// helps at once: the remover may lack it.
    pub(crate) fn reseals(&self, now: Time) -> bool {
        let Some(log) = &self.log else { return false };
        let Some(removal) = log.removal_between(0, log.head().seq) else { return false };
        let seen = self.anchor.duty.map_or(removal.since, |duty| duty.seen);
        let since = mutant!("takeover.by-the-own-clock", seen => removal.since);
        let active = since.max(self.anchor.moved_at);
        let holds_skipped = || self.skipped_epochs().into_iter().any(|epoch| self.epochs.holds(epoch));
        removal.by == self.device.id || holds_skipped() || now.millis_since(active) > IDLE_MS
    }

    /// Notes when this device first saw who answers for the newest removal.
    pub(crate) fn note_duty(&mut self, log: &Log, now: Time) {
        let at = log.removal_between(0, log.head().seq).map(|removal| removal.at);
        if self.anchor.duty.map(|duty| duty.at) != at {
            self.anchor.duty = at.map(|at| Duty { at, seen: now });
        }
    }
}

/// Milliseconds without a commit after which another device goes on: a day.
const IDLE_MS: u64 = 24 * 60 * 60 * 1000;
