//! A server that is merely behind, as after a restore from a backup, gets back what it lost (`spec/api.md`).
//!
//! It has to show places that this device's own chains go through. If it does not take what it gets, it went back.

use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{
    Bundle, Chain, ItemId, Op, Pin,
    api::{Restore, SealedRecord, SignedCommit},
    cbor, limits, mutant,
};
use roamkey_trust::evidence::commit_of;

use super::{
    core::{Core, Cx, Halt, Step, Turn},
    device::Stage,
    heads::Heads,
    witness::commit_id,
};
use crate::{
    Call, Effect, EngineError, StoreKey, Table,
    replica::{Page, page_of},
};

/// What a server lacks, as far as it is read.
pub(crate) struct Restoring {
    /// Where it says that it is.
    heads: Heads,
    /// The first commit that it lacks; none where it lacks entries alone, as its commits are not this device's.
    first_commit: Option<u64>,
    bundles: Vec<Bundle>,
    commits: Vec<Vec<u8>>,
    items: BTreeSet<ItemId>,
}

impl Core {
    /// Tells whether a server is behind on one chain at least, its log is this device's, and this device holds all that it
    /// lacks. Where its log alone is behind it gets entries back whatever its vault is: a revocation that was lost must
    /// not wait until two histories of the vault are one again.
    pub(crate) fn is_merely_behind(&self, heads: &Heads) -> bool {
        let (shown, pinned) = (heads.pin(Chain::Log), self.anchor.pins.log);
        let is_behind = shown.seq < pinned.seq || self.lacks_commits(heads);
        let is_ours = self.log.as_ref().is_some_and(|log| log.extends(&shown));
        // One more than what it lacks may open an epoch.
        let is_short = pinned.seq.saturating_sub(shown.seq) < limits::RESTORE_ENTRIES as u64;
        is_behind && is_ours && is_short && self.anchor.stage == Stage::Member && !self.has_restored
    }

    fn lacks_commits(&self, heads: &Heads) -> bool {
        let pinned = self.anchor.pins.vault;
        let is_whole = self.anchor.held == pinned.seq && self.anchor.tip.is_some();
        let lost = pinned.seq.saturating_sub(heads.pin(Chain::Vault).seq);
        (1..=limits::RESTORE_COMMITS as u64).contains(&lost) && is_whole
    }

    /// Reads the entries and commits that the server lacks, and the commit that it says is its newest.
    pub(crate) fn begin_restore(&mut self, heads: Heads, cx: &mut Cx<'_>) -> Turn {
        self.has_restored = true;
        let log = heads.pin(Chain::Log).seq;
        let first_commit = self.lacks_commits(&heads).then(|| heads.pin(Chain::Vault).seq + 1);
        let entries = (log + 1..=self.anchor.pins.log.seq).map(|seq| StoreKey::numbered(Table::Log, seq));
        let commits = first_commit.map(|first| (first - 1).max(1)..=self.anchor.pins.vault.seq).into_iter().flatten();
        let commits = commits.map(|seq| StoreKey::numbered(Table::Commits, seq));
        cx.emit(Effect::Load(entries.chain(commits).collect()));
        let restoring =
            Restoring { heads, first_commit, bundles: Vec::new(), commits: Vec::new(), items: BTreeSet::new() };
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
        if restoring.first_commit.is_some_and(|first| first > 1) {
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
        let Restoring { heads, mut bundles, commits, .. } = restoring;
        if !self.make_newest_epoch_whole(&mut bundles, cx)? {
            return self.not_restored(heads);
        }
        let commits = commits.into_iter().map(SignedCommit).collect();
        let body = cbor::encode(&Restore { bundles, commits, records: records.into_values().collect() });
        if body.len() > limits::RESTORE_BYTES {
            return self.not_restored(heads);
        }
        self.request(Call::Restore(body), cx);
        Ok(Turn::Wait(Step::Restoring(Box::new(heads))))
    }

    /// Sees to it that every member gets the newest epoch's key with what is given back: other devices' wraps went with the
    /// lost entries, so that one of this device's own must come last that opened or opens an epoch.
    fn make_newest_epoch_whole(&mut self, bundles: &mut Vec<Bundle>, cx: &mut Cx<'_>) -> Result<bool, Halt> {
        let Some(newest) = bundles.iter_mut().rev().find(|bundle| bundle.header.is_some()) else { return Ok(true) };
        let own = self.outbox.whole.as_ref().filter(|whole| whole.bundle.entry == newest.entry);
        if let Some(own) = own {
            *newest = own.bundle.clone();
            return Ok(true);
        }
        if mutant!("restore.newest-epoch-is-whole", false) {
            return Ok(true);
        }
        if self.outbox.bundle.is_none() {
            if self.shut_out()?.is_some() || !self.may_heal(cx.now) {
                return Ok(false);
            }
            self.append(Op::Rotate, cx)?;
        }
        match &self.outbox.bundle {
            Some(outgoing) if outgoing.bundle.header.is_some() => bundles.push(outgoing.bundle.clone()),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The server is where it was, and further by the epoch that this device may have opened.
    pub(crate) fn restored(&mut self, body: &[u8], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
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
