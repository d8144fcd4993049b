//! A pull: the commits since the pin, the latest record of what they touch, all of it verified before any
//! of it is applied.

use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{
    Chain, CommitId, ItemId, Pin, Record, RecordHash,
    api::{PullCursor, PullPage, PullRequest, SealedRecord, SignedCommit},
    cbor, limits, mutant,
};
use roamkey_trust::{
    CommitError,
    commit::{self, Verified},
};
use roamkey_vault::Body;

use super::{
    core::{Core, Cx, Halt, Step, Turn},
    device::Tip,
    heads::Head,
};
use crate::{
    Batch, Call, Distrust, Effect, EngineError, Idle, RecordFault, StoreKey, Table,
    replica::{Page, PageRecord, Reading, Summary, index_rows, page_of, remove_index_rows},
};

/// What has come so far.
pub(crate) struct Pull {
    target: Head,
    commits_after: u64,
    reach: Reach,
    /// The signed commits, and the same verified.
    commits: Vec<Vec<u8>>,
    chain: Vec<Verified>,
    paused: Option<commit::Paused>,
    /// What the last of them says; none before a newcomer's first.
    tip: Option<Tip>,
    /// Whether they have led to the head.
    is_at_head: bool,
    /// The record and its epoch that the last of them to touch an item names.
    named: BTreeMap<ItemId, (RecordHash, u64)>,
    records: BTreeMap<ItemId, PageRecord>,
}

/// Which records are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Those that changed since the state that is here.
    Changes,
    /// All of them: what is here is to be replaced.
    Everything,
}

/// Verified commits and their records, waiting for the pages that they change.
pub(crate) struct Merging {
    pull: Pull,
    pages: Vec<u8>,
}

/// What the pages come to, before anything is written.
struct Merged {
    summary: Summary,
    pages: BTreeMap<u8, Page>,
    changed: Vec<(ItemId, Option<PageRecord>, PageRecord)>,
}

impl Core {
    pub(crate) fn needs_pull(&self) -> bool {
        let pinned = self.anchor.pins.vault;
        let moved = self.heads.as_ref().is_some_and(|heads| heads.pin(Chain::Vault) != pinned);
        moved || self.anchor.tip.is_none() || self.anchor.held != pinned.seq
    }

    pub(crate) fn begin_pull(&mut self, is_full: bool, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let target = self.heads.as_ref().ok_or(EngineError::Unexpected)?.head(Chain::Vault).clone();
        let pinned = self.anchor.pins.vault.seq;
        let pull = Pull {
            target,
            // A newcomer knows only the identifier of its pin, so it asks for that commit as well.
            commits_after: if self.anchor.tip.is_some() { pinned } else { pinned.saturating_sub(1) },
            reach: if is_full { Reach::Everything } else { Reach::Changes },
            commits: Vec::new(),
            chain: Vec::new(),
            paused: None,
            tip: self.anchor.tip,
            is_at_head: false,
            named: BTreeMap::new(),
            records: BTreeMap::new(),
        };
        Ok(self.ask_pull(pull, None, cx))
    }

    fn ask_pull(&self, pull: Pull, cursor: Option<PullCursor>, cx: &mut Cx<'_>) -> Turn {
        let records_after = match pull.reach {
            Reach::Changes => self.anchor.held,
            Reach::Everything => 0,
        };
        let request = PullRequest { target: pull.target.pin, commits_after: pull.commits_after, records_after, cursor };
        self.request(Call::Pull(request), cx);
        Turn::Wait(Step::Pulling(Box::new(pull)))
    }

    pub(crate) fn pulled(&mut self, mut pull: Pull, body: &[u8], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let page: PullPage = cbor::decode(body, limits::RESPONSE_BYTES).map_err(|_| Distrust::Malformed)?;
        let next = page.next;
        if next.is_some() && page.commits.is_empty() && page.records.is_empty() {
            return Err(Distrust::Malformed.into());
        }
        let has_records = !page.records.is_empty();
        let chained = self.take_commits(&mut pull, page.commits).and_then(|()| match pull.is_at_head {
            // Commits come first: from the first record on, the chain is at its head.
            false if has_records || next.is_none() => self.end_chain(&mut pull),
            _ => Ok(()),
        });
        match chained {
            Err(Distrust::Commit { cause: CommitError::Unsealed { .. }, .. }) => {
                return Ok(Turn::Rest(Idle::AwaitingRevoker));
            }
            Err(distrust) if distrust.is_newer() => return Ok(Turn::Rest(Idle::UpdateNeeded)),
            chained => chained?,
        }
        match self.take_records(&mut pull, page.records) {
            Err(fault @ Distrust::Record { .. }) => return self.doubt(pull.reach, fault, cx),
            taken => taken?,
        }
        match next {
            Some(cursor) => Ok(self.ask_pull(pull, Some(cursor), cx)),
            None => self.end_pull(pull, cx),
        }
    }

    /// Verifies the commits of a page as they come, so that no more is held than honest devices wrote.
    fn take_commits(&self, pull: &mut Pull, commits: Vec<SignedCommit>) -> Result<(), Distrust> {
        let log = self.log.as_ref().ok_or(Distrust::LogIncomplete)?;
        let pinned = self.anchor.pins.vault;
        let incomplete = || Distrust::CommitsIncomplete { target: pull.target.pin };
        let expected = pull.target.pin.seq.saturating_sub(pull.commits_after);
        if (pull.commits.len() + commits.len()) as u64 > expected {
            return Err(incomplete());
        }
        let mut commits = commits.into_iter().map(|commit| commit.0);
        if pull.tip.is_none() {
            let Some(bytes) = commits.next() else { return Ok(()) };
            let first = commit::verify(&bytes, log).map_err(|cause| Distrust::Commit { seq: pinned.seq, cause })?;
            if Pin::vault(first.commit.seq, first.id) != pinned {
                return Err(incomplete());
            }
            pull.tip = Some(Tip::of(&first));
            pull.commits.push(bytes);
        }
        let log_seq = pull.tip.map_or(0, |tip| tip.log.seq);
        let start = commit::Tip { seq: pinned.seq, id: CommitId::new(pinned.id), log_seq };
        let mut chain = match pull.paused {
            Some(paused) => commit::Chain::go_on(log, paused),
            None => commit::Chain::resume(log, start),
        };
        for bytes in commits {
            let seq = pinned.seq + 1 + pull.chain.len() as u64;
            let next = chain.follow(&bytes).map_err(|cause| Distrust::Commit { seq, cause })?;
            pull.tip = Some(Tip::of(&next));
            let Verified { commit, .. } = &next;
            pull.named.extend(commit.changed.iter().map(|change| (change.item, (change.record, commit.epoch))));
            pull.chain.push(next);
            pull.commits.push(bytes);
        }
        pull.paused = Some(chain.pause());
        Ok(())
    }

    /// Ends the chain, once: verifies that the commits led to the head, and that none of them is backdated.
    fn end_chain(&self, pull: &mut Pull) -> Result<(), Distrust> {
        let target = pull.target.pin;
        let log = self.log.as_ref().ok_or(Distrust::LogIncomplete)?;
        let paused = pull.paused.filter(|_| pull.tip.is_some()).ok_or(Distrust::CommitsIncomplete { target })?;
        let end = commit::Chain::go_on(log, paused).finish(self.device.id);
        let end = end.map_err(|cause| Distrust::Commit { seq: target.seq, cause })?;
        if !mutant!("pull.leads-to-the-head", Pin::vault(end.seq, end.id) == target) {
            return Err(Distrust::CommitsIncomplete { target });
        }
        pull.is_at_head = true;
        Ok(())
    }

    /// Takes records that are what the newest commit to touch their items names, and no others.
    fn take_records(&self, pull: &mut Pull, records: Vec<SealedRecord>) -> Result<(), Distrust> {
        // Every record counts in the head's tree.
        let room = pull.tip.map_or(0, |tip| tip.count).min(limits::RECORDS);
        for SealedRecord(bytes) in records {
            let header = Record::header_of(&bytes).map_err(|_| Distrust::Malformed)?;
            let record = PageRecord { header, bytes };
            self.verify_record(pull, &record)?;
            if pull.records.insert(header.item, record).is_some() || pull.records.len() as u64 > room {
                return Err(Distrust::Malformed);
            }
        }
        Ok(())
    }

    fn verify_record(&self, pull: &Pull, record: &PageRecord) -> Result<(), Distrust> {
        let item = record.header.item;
        let holds_pin = self.anchor.held == self.anchor.pins.vault.seq;
        let is_strict = pull.reach == Reach::Changes && holds_pin;
        let fault = match pull.named.get(&item) {
            _ if !mutant!("pull.record-of-this-account", record.header.account == self.device.account) => {
                Some(RecordFault::Header)
            }
            Some((hash, _)) if !mutant!("pull.record-is-the-named-one", *hash == record.hash()) => {
                Some(RecordFault::NotNamed)
            }
            Some((_, epoch)) if *epoch != record.header.epoch => Some(RecordFault::Header),
            // Each commit raises it by one: from a higher one it could be driven to where it cannot rise.
            _ if record.header.revision > pull.target.pin.seq => Some(RecordFault::Revision),
            None if is_strict => Some(RecordFault::NotNamed),
            _ => None,
        };
        fault.map_or(Ok(()), |cause| Err(Distrust::Record { item, cause }))
    }

    fn end_pull(&mut self, pull: Pull, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let missing = pull.named.keys().find(|item| !pull.records.contains_key(item)).copied();
        if let Some(item) = missing.filter(|_| !mutant!("pull.no-record-missing", false)) {
            return self.doubt(pull.reach, Distrust::Record { item, cause: RecordFault::Missing }, cx);
        }
        let pages: BTreeSet<u8> = match pull.reach {
            Reach::Changes => pull.records.keys().map(|item| page_of(*item)).collect(),
            Reach::Everything => (0..=u8::MAX).collect(),
        };
        let pages: Vec<u8> = pages.into_iter().collect();
        cx.emit(Effect::Load(pages.iter().map(|page| Page::key(*page)).collect()));
        Ok(Turn::Wait(Step::Merging(Box::new(Merging { pull, pages }))))
    }

    pub(crate) fn merge(&mut self, merging: Merging, rows: &[Option<Vec<u8>>], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let Merging { pull, pages } = merging;
        let tip = pull.tip.ok_or(EngineError::Unexpected)?;
        let reach = pull.reach;
        let mut merged = match self.merge_pages(&pull, &pages, rows, &tip) {
            Err(Halt::Distrust(fault)) => return self.doubt(reach, fault, cx),
            merged => merged?,
        };
        let mut batch = Batch::default();
        self.index(&mut merged, &mut batch);
        self.reclaim_all(&merged, &mut batch, cx);
        for (number, page) in &merged.pages {
            batch.put(Page::key(*number), page.to_row());
        }
        let chained: BTreeMap<_, _> = pull.chain.iter().map(|next| (next.commit.seq, next.id)).collect();
        for (seq, bytes) in (pull.commits_after + 1..).zip(pull.commits) {
            batch.put(StoreKey::numbered(Table::Commits, seq), bytes);
        }
        self.advance(pull.target, tip, merged.summary, &mut batch, cx);
        self.note_authors(&pull.chain, cx.now);
        let settled = self.settle(self.anchor.pins.vault.seq, &chained, &mut batch);
        self.persist(batch, cx);
        let changed: Vec<_> = merged.changed.into_iter().map(|(item, ..)| item).collect();
        if !changed.is_empty() {
            cx.emit(Effect::Changed(changed));
        }
        self.announce(settled, cx);
        Ok(Turn::Next)
    }

    /// Moves this device on to a verified state of the vault.
    pub(crate) fn advance(&mut self, head: Head, tip: Tip, summary: Summary, batch: &mut Batch, cx: &mut Cx<'_>) {
        self.anchor.pins.vault = head.pin;
        self.anchor.pins.vault_receipt = head.receipt;
        self.anchor.tip = Some(tip);
        self.anchor.held = head.pin.seq;
        self.anchor.moved_at = cx.now;
        self.summary = summary;
        self.summary.persist(&self.local, batch, &mut cx.rng);
    }

    fn merge_pages(&self, pull: &Pull, pages: &[u8], rows: &[Option<Vec<u8>>], tip: &Tip) -> Result<Merged, Halt> {
        let mut records: BTreeMap<u8, Vec<&PageRecord>> = BTreeMap::new();
        for (item, record) in &pull.records {
            records.entry(page_of(*item)).or_default().push(record);
        }
        let mut merged = Merged { summary: self.summary.clone(), pages: BTreeMap::new(), changed: Vec::new() };
        for (&number, row) in pages.iter().zip(rows) {
            let held = Page::open(number, row.as_deref(), self.summary.page(number))?;
            let mut page = match pull.reach {
                Reach::Changes => held.clone(),
                Reach::Everything => Page::default(),
            };
            for &record in records.get(&number).into_iter().flatten() {
                let item = record.header.item;
                let before = held.record(item);
                let rises = before.is_none_or(|before| before.hash() == record.hash()) || rises(before, record);
                if !mutant!("pull.revision-rises", rises) {
                    return Err(Distrust::Record { item, cause: RecordFault::Revision }.into());
                }
                if before != Some(record) {
                    merged.changed.push((item, before.cloned(), record.clone()));
                }
                page.put(record.clone());
            }
            merged.summary.set(number, &page, &self.epochs)?;
            merged.pages.insert(number, page);
        }
        let is_whole = (merged.summary.root(), merged.summary.count()) == (tip.root, tip.count);
        if !mutant!("pull.root-and-count", is_whole) {
            return Err(Distrust::Root { seq: pull.target.pin.seq }.into());
        }
        Ok(merged)
    }

    /// Opens what changed, so that it can be found by what it is for, and notes what does not open.
    fn index(&self, merged: &mut Merged, batch: &mut Batch) {
        for (item, before, record) in &merged.changed {
            let reading = record.read(&self.epochs);
            merged.summary.note(*item, matches!(reading, Reading::Body(_)));
            match reading {
                Reading::Body(Body::Item(body)) => index_rows(&self.local, *item, &body, batch),
                Reading::Rubbish | Reading::Skipped => {}
                Reading::Body(Body::Tombstone) => {
                    if let Some(Ok(Body::Item(body))) = before.as_ref().map(|before| before.body(&self.epochs)) {
                        remove_index_rows(&self.local, *item, &body, batch);
                    }
                }
            }
        }
    }

    /// Puts what was readable here and is no more, or was hidden from who replaced it, among what waits to be pushed.
    fn reclaim_all(&mut self, merged: &Merged, batch: &mut Batch, cx: &mut Cx<'_>) {
        let skipped = self.skipped_epochs();
        if skipped.is_empty() {
            return;
        }
        for (_, before, after) in &merged.changed {
            if let Some(operation) = self.reclaim(&skipped, before.as_ref(), after, cx) {
                self.put_pending(&operation, batch, cx);
            }
        }
    }

    /// A fault in records may be a race: all of them are asked for once before it counts.
    fn doubt(&mut self, reach: Reach, fault: Distrust, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        match reach {
            Reach::Changes if !mutant!("pull.all-of-it-before-evidence", false) => self.begin_pull(true, cx),
            _ => Err(fault.into()),
        }
    }
}

impl Tip {
    pub(crate) fn of(verified: &Verified) -> Self {
        let commit = &verified.commit;
        Self { log: commit.log, root: commit.root, count: commit.count, time: commit.time }
    }
}

fn rises(before: Option<&PageRecord>, record: &PageRecord) -> bool {
    before.is_none_or(|before| record.header.revision > before.header.revision)
}
