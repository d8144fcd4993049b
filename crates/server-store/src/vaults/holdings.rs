//! What an account holds, and whether a commit fits to it: what of a push is the same in every database.

use roamkey_proto::ItemId;

use super::{HistoryCharge, NewCommit, NewRecord, Pushed};
use crate::Heads;

/// What an account holds, in the numbers of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// Records, tombstones included.
    pub records: i64,
    /// Bytes of all records together.
    pub bytes: i64,
    /// Growth of the history that is not paid back: milliseconds.
    pub history_owed: i64,
    /// As of when: milliseconds since 1970.
    pub history_as_of: i64,
}

/// A record that gives way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Its revision.
    pub revision: i64,
    /// How many bytes it has.
    pub bytes: i64,
}

impl NewCommit {
    /// Decides about a commit by what there is, all but its root: what the chains and the account come to, or why not.
    ///
    /// `is_there` tells whether these very bytes are at its place already, `replaced` what a record takes the place of; each
    /// is asked only where it matters.
    ///
    /// # Errors
    /// Those of `is_there` and `replaced`.
    pub fn judge<E>(
        &self,
        before: Heads,
        holdings: Holdings,
        is_there: impl FnOnce() -> Result<bool, E>,
        replaced: impl FnMut(&NewRecord) -> Result<Option<Replaced>, E>,
    ) -> Result<Result<(Heads, Holdings), Pushed>, E> {
        // The newest is known by its name, one that others have built on by its bytes.
        if before.vault == self.pin || (before.vault.seq > self.pin.seq && is_there()?) {
            return Ok(Err(Pushed::Accepted(before)));
        }
        if before.vault != self.prev || before.log != self.log {
            return Ok(Err(Pushed::Conflict(before)));
        }
        let after = Heads { log: before.log, vault: self.pin, vault_log: self.log.seq };
        let holdings = match holdings.with(&self.records, replaced)? {
            Ok(holdings) => holdings,
            Err(item) => return Ok(Err(Pushed::StaleRevision(item))),
        };
        Ok(if holdings.records != int(self.count) {
            Err(Pushed::WrongCount { records: holdings.records.unsigned_abs() })
        } else if holdings.exceed(self) {
            Err(Pushed::OverQuota)
        } else {
            let charged = holdings.charged(self.history);
            charged.map(|holdings| (after, holdings)).map_err(|wait_ms| Pushed::OverHistory { wait_ms })
        })
    }
}

impl Holdings {
    /// Counts records in, or names the first whose revision does not rise.
    ///
    /// # Errors
    /// Those of `replaced`.
    pub fn with<'r, E>(
        mut self,
        records: impl IntoIterator<Item = &'r NewRecord>,
        mut replaced: impl FnMut(&NewRecord) -> Result<Option<Replaced>, E>,
    ) -> Result<Result<Self, ItemId>, E> {
        for record in records {
            let replaced = replaced(record)?;
            if replaced.is_some_and(|replaced| int(record.revision) <= replaced.revision) {
                return Ok(Err(record.item));
            }
            self.records += i64::from(replaced.is_none());
            self.bytes -= replaced.map_or(0, |replaced| replaced.bytes);
            self.bytes += i64::try_from(record.bytes.len()).unwrap_or(i64::MAX);
        }
        Ok(Ok(self))
    }

    /// Tells whether it is more than an account may hold after a commit.
    #[must_use]
    pub fn exceed(&self, commit: &NewCommit) -> bool {
        self.records > int(commit.quota.records) || self.bytes > int(commit.quota.bytes)
    }

    /// Takes growth of the history, or says how many milliseconds to wait for it.
    ///
    /// # Errors
    /// The wait.
    pub fn charged(self, charge: Option<HistoryCharge>) -> Result<Self, u64> {
        let Some(charge) = charge else { return Ok(self) };
        let now = int(charge.now.0);
        // Counted as what is owed, not as when it is paid back, which would be far off once a clock is set back. By more than the
        // clocks of two instances differ, it forgives: a thief sets no clock, and waiting for where it was would keep everybody out.
        let since = now.saturating_sub(self.history_as_of);
        let paid = if since < -CLOCKS_APART_MS { i64::MAX } else { since.max(0) };
        let owed = self.history_owed.saturating_sub(paid).max(0).saturating_add(int(charge.cost_ms));
        match owed.saturating_sub(int(charge.depth_ms)) {
            ..=0 => Ok(Self { history_owed: owed, history_as_of: now, ..self }),
            wait => Err(wait.unsigned_abs()),
        }
    }
}

/// How far the clocks of a server's instances may be apart, in milliseconds.
const CLOCKS_APART_MS: i64 = 60_000;

/// As databases have numbers; none that is kept comes near the end of them.
fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
