//! A push: pending operations played on the head's state, sealed, and bound by a commit.

use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{
    Chain, Change, Commit, CommitId, ItemId, Op, Pin, VERSION,
    api::{Push, SealedRecord},
    cbor, limits,
};
use roamkey_sealing::record;
use roamkey_trust::commit;
use roamkey_vault::{Body, Operation, Outcome, apply};

use super::{
    core::{Core, Cx, Halt, Step, Turn},
    device::Tip,
    outbox::Attempt,
    pending::OperationId,
    rest,
};
use crate::{
    Batch, Call, Effect, EngineError, Idle, RecordFault, StoreKey, Table,
    replica::{Page, PageRecord, Summary, index_rows, open_operation, page_of, remove_index_rows},
};

/// What one commit is to hold.
#[derive(Default)]
pub(crate) struct Plan {
    /// The pages that it may change.
    pages: BTreeSet<u8>,
    operations: Vec<OperationId>,
    /// Records of epochs before this one are sealed again.
    reseal_before: u64,
    /// A commit is due even if it changes nothing.
    is_due: bool,
}

/// A commit on its way, and what is written once the server signed for it.
pub(crate) struct Prepared {
    pin: Pin,
    tip: Tip,
    summary: Summary,
    batch: Batch,
    edited: Vec<ItemId>,
}

/// A commit in the making.
struct Draft {
    pages: BTreeMap<u8, Page>,
    changes: BTreeMap<ItemId, PageRecord>,
    bytes: usize,
    settled: Vec<OperationId>,
    unapplied: Vec<(OperationId, Operation)>,
    index: Batch,
}

impl Core {
    pub(crate) fn begin_push(&mut self, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        if self.owes_revocation() {
            return Ok(Turn::Rest(Idle::AwaitingRevoker));
        }
        let known = self.anchor.tip.map_or(0, |tip| tip.log.seq);
        let log = self.log()?;
        let removal = log.removal_between(known, log.head().seq);
        if removal.is_some_and(|removal| removal.by != self.device.id) {
            return match self.pending.is_empty() {
                true => Ok(Turn::Rest(Idle::UpToDate)),
                // All commits up to here were taken without the remover's word, so that taking over adds none.
                false if self.reseals(cx.now) => self.append(Op::Rotate, cx),
                false => Ok(Turn::Rest(Idle::AwaitingRevoker)),
            };
        }
        let mut plan = Plan { is_due: removal.is_some(), ..Plan::default() };
        self.plan_edits(&mut plan);
        if self.reseals(cx.now) {
            self.plan_reseal(&mut plan);
        }
        if plan.pages.is_empty() {
            return if plan.is_due { self.prepare(plan, Vec::new(), cx) } else { Ok(Turn::Rest(Idle::UpToDate)) };
        }
        let pages = plan.pages.iter().map(|page| Page::key(*page));
        let operations = plan.operations.iter().map(|operation| operation.key());
        cx.emit(Effect::Load(pages.chain(operations).collect()));
        Ok(Turn::Wait(Step::Planning(Box::new(plan))))
    }

    fn plan_edits(&self, plan: &mut Plan) {
        for item in self.pending.items().take(limits::CHANGES) {
            plan.pages.insert(page_of(item));
            plan.operations.extend(self.pending.of_item(item));
        }
    }

    /// Adds stale pages as long as all that they hold fits beside the edits.
    fn plan_reseal(&self, plan: &mut Plan) {
        plan.reseal_before = self.reseal_epoch();
        let mut room = limits::CHANGES as u64;
        for page in self.stale_pages() {
            let count = self.summary.page(page).count();
            if count > room && !plan.pages.is_empty() {
                break;
            }
            room = room.saturating_sub(count);
            plan.pages.insert(page);
        }
    }

    pub(crate) fn prepare(&mut self, plan: Plan, rows: Vec<Option<Vec<u8>>>, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let mut draft = self.draft(&plan, &rows, cx)?;
        self.hand_back(std::mem::take(&mut draft.unapplied), cx);
        if draft.changes.is_empty() && !plan.is_due {
            self.settle_unchanged(draft, cx);
            return Ok(Turn::Next);
        }
        let mut summary = self.summary.clone();
        let mut batch = draft.index;
        let touched: BTreeSet<u8> = draft.changes.keys().map(|item| page_of(*item)).collect();
        for (number, page) in draft.pages.iter().filter(|(number, _)| touched.contains(number)) {
            summary.set(*number, page, &self.epochs)?;
            batch.put(Page::key(*number), page.to_row());
        }
        draft.changes.keys().for_each(|item| summary.note(*item, true));
        let log = self.log()?;
        let commit = Commit {
            version: VERSION,
            account: self.device.account,
            seq: self.anchor.pins.vault.seq + 1,
            prev: CommitId::new(self.anchor.pins.vault.id),
            author: self.device.id,
            time: cx.now,
            log: log.head(),
            epoch: log.epoch(),
            root: summary.root(),
            count: summary.count(),
            changed: draft.changes.values().map(|new| Change { item: new.header.item, record: new.hash() }).collect(),
        };
        let id = Commit::id_of(&cbor::encode(&commit));
        let signed = commit::sign(&commit, &self.device.secrets.write);
        batch.put(StoreKey::numbered(Table::Commits, commit.seq), signed.clone());
        let edited = draft.settled.iter().map(|operation| operation.item).collect::<BTreeSet<_>>();
        let attempt = Attempt { seq: commit.seq, id, operations: draft.settled };
        let mut before = Batch::default();
        self.outbox.put_attempt(attempt, &self.local, &mut before, &mut cx.rng);
        cx.persist(before);
        let records = draft.changes.into_values().map(|new| SealedRecord(new.bytes)).collect();
        self.request(Call::Push(cbor::encode(&Push { commit: signed, records })), cx);
        Ok(Turn::Wait(Step::Pushing(Box::new(Prepared {
            pin: Pin::vault(commit.seq, id),
            tip: Tip { log: commit.log, root: commit.root, count: commit.count, time: commit.time },
            summary,
            batch,
            edited: edited.into_iter().collect(),
        }))))
    }

    pub(crate) fn pushed(&mut self, prepared: Prepared, body: &[u8], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let Prepared { pin, tip, summary, mut batch, edited } = prepared;
        let head = self.accept(Chain::Vault, pin, body)?;
        if let Some(heads) = &mut self.heads {
            heads.advance(Chain::Vault, head.clone());
        }
        self.advance(head, tip, summary, &mut batch, cx);
        let chained = BTreeMap::from([(pin.seq, CommitId::new(pin.id))]);
        let settled = self.settle(pin.seq, &chained, &mut batch);
        self.persist(batch, cx);
        if !edited.is_empty() {
            cx.emit(Effect::Changed(edited));
        }
        self.announce(settled, cx);
        Ok(Turn::Next)
    }

    /// Operations that come to nothing need no commit.
    fn settle_unchanged(&mut self, draft: Draft, cx: &mut Cx<'_>) {
        let mut batch = Batch::default();
        let items: BTreeSet<_> = draft.settled.iter().map(|operation| operation.item).collect();
        for operation in draft.settled {
            self.pending.remove(operation);
            batch.remove(operation.key());
        }
        if batch.is_empty() {
            return;
        }
        cx.persist(batch);
        cx.emit(Effect::Changed(items.iter().copied().collect()));
        cx.emit(Effect::Stored(
            items.into_iter().filter(|item| self.pending.of_item(*item).next().is_none()).collect(),
        ));
    }

    /// Takes operations that cannot be applied out of the queue, and keeps what they hold for the person. Before
    /// the commit is sent: whatever becomes of that, they are not of it.
    fn hand_back(&mut self, unapplied: Vec<(OperationId, Operation)>, cx: &mut Cx<'_>) {
        let mut batch = Batch::default();
        for (id, operation) in &unapplied {
            self.pending.remove(*id);
            batch.remove(id.key());
            if operation.holds_value() {
                let mut key = [0; UNAPPLIED_KEY_BYTES];
                cx.rng.fill_bytes(&mut key);
                let key = StoreKey::new(Table::Unapplied, key);
                let sealed = rest::seal(&self.local, &key, &operation.encode(), &mut cx.rng);
                batch.put(key, sealed);
            }
        }
        if batch.is_empty() {
            return;
        }
        cx.persist(batch);
        cx.emit(Effect::Changed(unapplied.iter().map(|(id, _)| id.item).collect()));
        let telling = unapplied.into_iter().map(|(_, operation)| operation).filter(Operation::holds_value);
        telling.for_each(|operation| cx.emit(Effect::Unapplied(operation)));
    }

    fn draft(&self, plan: &Plan, rows: &[Option<Vec<u8>>], cx: &mut Cx<'_>) -> Result<Draft, Halt> {
        let (pages, waiting) = rows.split_at_checked(plan.pages.len()).ok_or(EngineError::Unexpected)?;
        let mut draft = Draft {
            pages: BTreeMap::new(),
            changes: BTreeMap::new(),
            bytes: 0,
            settled: Vec::new(),
            unapplied: Vec::new(),
            index: Batch::default(),
        };
        for (&number, row) in plan.pages.iter().zip(pages) {
            draft.pages.insert(number, Page::open(number, row.as_deref(), self.summary.page(number))?);
        }
        let mut operations: BTreeMap<(u8, ItemId), Vec<(OperationId, Operation)>> = BTreeMap::new();
        for (id, row) in plan.operations.iter().zip(waiting) {
            let row = row.as_deref().ok_or(EngineError::Store(Table::Pending))?;
            let operation = open_operation(&self.local, *id, row)?;
            operations.entry((page_of(id.item), id.item)).or_default().push((*id, operation));
        }
        for ((_, item), operations) in operations {
            if !self.play(&mut draft, item, operations, cx)? {
                break;
            }
        }
        self.reseal(&mut draft, plan, cx)?;
        Ok(draft)
    }

    /// Plays the operations of one item on its body; tells whether there was room.
    fn play(
        &self,
        draft: &mut Draft,
        item: ItemId,
        operations: Vec<(OperationId, Operation)>,
        cx: &mut Cx<'_>,
    ) -> Result<bool, Halt> {
        let before = draft.pages.get(&page_of(item)).and_then(|page| page.record(item)).cloned();
        let mut body = before.as_ref().and_then(|record| record.read(&self.epochs).into_body());
        let (mut settled, mut unapplied, mut is_changed) = (Vec::new(), Vec::new(), false);
        for (id, operation) in operations {
            match apply(body.as_ref(), &operation) {
                Ok(Outcome::Changed(changed) | Outcome::Late(changed)) => {
                    settled.push(id);
                    self.index_change(item, body.as_ref(), &changed, &mut draft.index);
                    body = Some(changed);
                    is_changed = true;
                }
                Ok(Outcome::Unchanged | Outcome::Superseded) => settled.push(id),
                Ok(Outcome::Gone) | Err(_) => unapplied.push((id, operation)),
            }
        }
        if let Some(body) = body.filter(|_| is_changed) {
            let record = self.seal(item, before.as_ref(), &body.encode(), cx)?;
            if !draft.put(record) {
                return Ok(false);
            }
        }
        draft.settled.extend(settled);
        draft.unapplied.extend(unapplied);
        Ok(true)
    }

    fn index_change(&self, item: ItemId, before: Option<&Body>, after: &Body, batch: &mut Batch) {
        match (before, after) {
            (_, Body::Item(body)) => index_rows(&self.local, item, body, batch),
            (Some(Body::Item(body)), Body::Tombstone) => remove_index_rows(&self.local, item, body, batch),
            (_, Body::Tombstone) => {}
        }
    }

    /// Seals what was sealed before a removal again, so that who was removed has no key for it.
    fn reseal(&self, draft: &mut Draft, plan: &Plan, cx: &mut Cx<'_>) -> Result<(), Halt> {
        let stale: Vec<PageRecord> = draft
            .pages
            .values()
            .flat_map(Page::records)
            .filter(|record| record.header.epoch < plan.reseal_before && self.epochs.holds(record.header.epoch))
            .cloned()
            .collect();
        for record in stale {
            // The page is the one that was verified, so what does not open is a member's rubbish: nothing is lost
            // with it, and left as it is it would be due for ever.
            let body = match record.open(&self.epochs) {
                Err(RecordFault::Sealed | RecordFault::Malformed) => Body::Tombstone.encode(),
                body => body.map_err(|_| EngineError::Store(Table::Pages))?,
            };
            let sealed = self.seal(record.header.item, Some(&record), &body, cx)?;
            if !draft.put(sealed) {
                break;
            }
        }
        Ok(())
    }

    fn seal(
        &self,
        item: ItemId,
        before: Option<&PageRecord>,
        body: &[u8],
        cx: &mut Cx<'_>,
    ) -> Result<PageRecord, EngineError> {
        let key = self.epochs.key(self.log()?.epoch()).ok_or(EngineError::Store(Table::Epochs))?;
        let revision = before.map_or(0, |before| before.header.revision).checked_add(1);
        let revision = revision.ok_or(EngineError::Store(Table::Pages))?;
        // The merge refuses bodies that no record holds, and a body from a record fits in one.
        let record = record::seal(key, &self.device.secrets.hedge, item, revision, body, &mut cx.rng)
            .map_err(|_| EngineError::TooLong)?;
        Ok(PageRecord { header: record.header, bytes: record.to_bytes() })
    }
}

impl Draft {
    /// Adds a record unless the commit is full.
    fn put(&mut self, record: PageRecord) -> bool {
        let bytes = self.bytes + record.bytes.len() + FRAME_BYTES;
        if self.changes.len() >= limits::CHANGES || bytes > limits::PUSH_BYTES - limits::COMMIT_BYTES {
            return false;
        }
        self.bytes = bytes;
        if let Some(page) = self.pages.get_mut(&page_of(record.header.item)) {
            page.put(record.clone());
        }
        self.changes.insert(record.header.item, record);
        true
    }
}

/// Enough that no two rows ever meet.
const UNAPPLIED_KEY_BYTES: usize = 16;

/// Bytes that a record takes in a push besides its own.
const FRAME_BYTES: usize = 8;
