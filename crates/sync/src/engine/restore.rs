//! A server that is merely behind, as after a restore from a backup, gets back what it lost (`spec/api.md`).
//!
//! It has to show places that this device's own chains go through. If it does not take what it gets, it went back.

use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{
    Bundle, Chain, ItemId, Pin,
    api::{Restore, SealedRecord, SignedCommit},
    cbor, limits,
};
use roamkey_trust::evidence::commit_of;

use super::{
    command::Order,
    core::{Core, Cx, Halt, Step, Turn},
    device::Stage,
    heads::Heads,
    witness::commit_id,
};
use crate::{
    Call, Command, Effect, EngineError, StoreKey, Table,
    replica::{Page, page_of},
};

/// What a server lacks, as far as it is read.
pub(crate) struct Restoring {
    /// Where it says that it is.
    heads: Heads,
    bundles: Vec<Bundle>,
    commits: Vec<Vec<u8>>,
    items: BTreeSet<ItemId>,
}

impl Core {
    /// Tells whether a server is behind on one chain at least and ahead on none, and this device holds all that it lacks.
    pub(crate) fn is_merely_behind(&self, heads: &Heads) -> bool {
        let [log, vault] = [Chain::Log, Chain::Vault].map(|chain| (heads.pin(chain), self.anchor.pin(chain)));
        let is_behind = log.0.seq < log.1.seq || vault.0.seq < vault.1.seq;
        let is_ahead = log.0.seq > log.1.seq || vault.0.seq > vault.1.seq;
        let is_ours = self.log.as_ref().is_some_and(|log| log.extends(&heads.pin(Chain::Log)));
        let is_whole =
            self.anchor.stage == Stage::Member && self.anchor.held == vault.1.seq && self.anchor.tip.is_some();
        let is_short = log.1.seq - log.0.seq.min(log.1.seq) <= limits::RESTORE_ENTRIES as u64;
        is_behind && !is_ahead && is_ours && is_whole && is_short && !self.has_restored
    }

    /// Reads the entries and commits that the server lacks, and the commit that it says is its newest.
    pub(crate) fn begin_restore(&mut self, heads: Heads, cx: &mut Cx<'_>) -> Turn {
        self.has_restored = true;
        let (log, vault) = (heads.pin(Chain::Log).seq, heads.pin(Chain::Vault).seq);
        let entries = (log + 1..=self.anchor.pins.log.seq).map(|seq| StoreKey::numbered(Table::Log, seq));
        let commits = (vault.max(1)..=self.anchor.pins.vault.seq).map(|seq| StoreKey::numbered(Table::Commits, seq));
        cx.emit(Effect::Load(entries.chain(commits).collect()));
        let restoring = Restoring { heads, bundles: Vec::new(), commits: Vec::new(), items: BTreeSet::new() };
        Turn::Wait(Step::ReadingLost(Box::new(restoring)))
    }

    pub(crate) fn lost_read(
        &mut self,
        mut restoring: Restoring,
        rows: Vec<Option<Vec<u8>>>,
        cx: &mut Cx<'_>,
    ) -> Result<Turn, Halt> {
        let shown = restoring.heads.pin(Chain::Vault);
        let entries = self.anchor.pins.log.seq - restoring.heads.pin(Chain::Log).seq;
        let mut rows = rows.into_iter();
        for row in rows.by_ref().take(usize::try_from(entries).unwrap_or(usize::MAX)) {
            let row = row.ok_or(EngineError::Store(Table::Log))?;
            let bundle = cbor::decode(&row, limits::BUNDLE_BYTES).map_err(|_| EngineError::Store(Table::Log))?;
            restoring.bundles.push(bundle);
        }
        // Commits from before this device joined are not here: then it cannot give back what follows them.
        let Some(mut commits) = rows.collect::<Option<Vec<_>>>() else { return self.not_restored(restoring.heads) };
        if shown.seq > 0 {
            let newest = commits.drain(..1.min(commits.len())).next();
            if newest.and_then(|bytes| commit_id(&bytes)).is_none_or(|id| Pin::vault(shown.seq, id) != shown) {
                return self.not_restored(restoring.heads);
            }
        }
        let read = commits.iter().filter_map(|bytes| commit_of(bytes));
        restoring.items = read.flat_map(|commit| commit.changed).map(|change| change.item).collect();
        restoring.commits = commits;
        let pages: BTreeSet<_> = restoring.items.iter().map(|item| page_of(*item)).collect();
        cx.emit(Effect::Load(pages.into_iter().map(Page::key).collect()));
        Ok(Turn::Wait(Step::ReadingRecords(Box::new(restoring))))
    }

    pub(crate) fn records_read(
        &mut self,
        restoring: Restoring,
        rows: &[Option<Vec<u8>>],
        cx: &mut Cx<'_>,
    ) -> Result<Turn, Halt> {
        let numbers: BTreeSet<_> = restoring.items.iter().map(|item| page_of(*item)).collect();
        let mut records: BTreeMap<ItemId, SealedRecord> = BTreeMap::new();
        for (number, row) in numbers.into_iter().zip(rows) {
            let page = Page::open(number, row.as_deref(), self.summary.page(number))?;
            let lost = page.records().filter(|record| restoring.items.contains(&record.header.item));
            records.extend(lost.map(|record| (record.header.item, SealedRecord(record.bytes.clone()))));
        }
        let Restoring { heads, bundles, commits, .. } = restoring;
        let commits = commits.into_iter().map(SignedCommit).collect();
        let body = cbor::encode(&Restore { bundles, commits, records: records.into_values().collect() });
        if body.len() > limits::RESTORE_BYTES {
            return self.not_restored(heads);
        }
        self.request(Call::Restore(body), cx);
        Ok(Turn::Wait(Step::Restoring(Box::new(heads))))
    }

    /// The server is where it was. Who lacks the wraps that went with the lost entries gets the key with the next epoch.
    pub(crate) fn restored(&mut self, before: &Heads, body: &[u8], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        if before.pin(Chain::Log) != self.anchor.pins.log && self.order.is_none() && self.outbox.bundle.is_none() {
            self.order = Some(Order { command: Command::Rotate, is_asked: false });
        }
        let turn = self.heads_answered(body, cx)?;
        cx.emit(Effect::Restored);
        Ok(turn)
    }

    /// What looked like an honest restore is taken for what it shows.
    pub(crate) fn not_restored(&mut self, heads: Heads) -> Result<Turn, Halt> {
        self.compare_heads(&heads)?;
        Err(EngineError::Unexpected.into())
    }
}
