//! Two histories, and the person's pick (`spec/evidence.md`).
//!
//! The server's log and vault are read from where both histories part, and verified as a newcomer does. Only when all of it
//! is here and a person has picked it does this device go over to it, in one batch: until then everything stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{
    Bundle, Chain, CommitId, DeviceId, Entry, EntryId, ItemId, Op, Pin, RecoverySlot, RevokeReason, SetRecovery, Time,
    api::{LogPage, PullCursor, PullPage, PullRequest},
    cbor, limits, mutant,
};
use roamkey_trust::{
    Authority, Change, CommitError, Log,
    commit::{self, Verified},
    evidence::commit_of,
    sign1::Sign1,
};
use roamkey_vault::{Body, Operation, merkle::page_of};

use super::{
    Epochs,
    core::{Core, Cx, Halt, Step, Turn},
    device::{Owed, Stage, Tip},
    heads::Heads,
    log::{Incoming, decode_rows},
    pending::OperationId,
    rest,
};
use crate::{
    Batch, Call, Command, CommandError, Distrust, Effect, EngineError, Histories, History, Idle, Outcome, StoreKey,
    Table,
    replica::{Page, PageRecord, Reading, Summary, index_rows},
};

mod compared;

/// The server's history, as far as it has come, beside this device's own.
pub(crate) struct Repair {
    heads: Heads,
    /// Whether it is only looked at.
    is_preview: bool,
    /// This device's entries.
    bundles: Vec<Bundle>,
    /// This device's commits, by their seq, as far as they lead to its pin.
    own: BTreeMap<u64, Own>,
    /// The commit before the first of them: this device knows no more than its name where it joined later.
    before_own: Pin,
    /// Where both logs are tried to be the same, and how far back the next try goes.
    log_from: u64,
    vault_from: u64,
    stride: u64,
    incoming: Option<Incoming>,
    /// The last entry that both have.
    log_fork: u64,
    /// The server's commits after `vault_from`.
    commits: Vec<Vec<u8>>,
    chain: Vec<Verified>,
    paused: Option<commit::Paused>,
    tip: Tip,
    records: BTreeMap<ItemId, PageRecord>,
    /// What is read of this device's own branch before it goes over.
    reading: Vec<StoreKey>,
}

/// One of this device's own commits.
struct Own {
    id: CommitId,
    tip: Tip,
    changed: Vec<ItemId>,
    time: Time,
}

impl Core {
    pub(crate) fn wants_repair(&self) -> bool {
        self.order.as_ref().is_some_and(|order| order.command.is_repair())
    }

    /// Forgets where other devices said that they are, as the person decided: what proves something is kept as evidence.
    pub(crate) fn keep_own_history(&mut self, cx: &mut Cx<'_>) {
        self.anchor.witnesses.clear();
        self.distrust = None;
        self.persist(Batch::default(), cx);
    }

    /// Begins with what this device has: all of it is compared.
    pub(crate) fn begin_repair(&mut self, heads: Heads, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let order = self.order.as_ref().ok_or(EngineError::Unexpected)?;
        let repair = Repair {
            log_from: self.anchor.pins.log.seq.min(heads.pin(Chain::Log).seq),
            vault_from: self.anchor.pins.vault.seq.min(heads.pin(Chain::Vault).seq),
            heads,
            is_preview: order.command == Command::CompareHistories,
            bundles: Vec::new(),
            own: BTreeMap::new(),
            before_own: self.anchor.pins.vault,
            stride: 1,
            incoming: None,
            log_fork: 0,
            commits: Vec::new(),
            chain: Vec::new(),
            paused: None,
            tip: Tip::START,
            records: BTreeMap::new(),
            reading: Vec::new(),
        };
        cx.emit(Effect::Scan(Table::Log));
        Ok(Turn::Wait(Step::Repairing(Box::new(repair))))
    }

    pub(crate) fn repair_scanned(
        &mut self,
        mut repair: Repair,
        rows: Vec<(Vec<u8>, Vec<u8>)>,
        cx: &mut Cx<'_>,
    ) -> Result<Turn, Halt> {
        if repair.bundles.is_empty() {
            repair.bundles = decode_rows(&rows)?;
            cx.emit(Effect::Scan(Table::Commits));
            return Ok(Turn::Wait(Step::Repairing(Box::new(repair))));
        }
        repair.take_own_commits(&rows);
        self.ask_repair_log(repair, cx)
    }

    fn ask_repair_log(&mut self, mut repair: Repair, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let target = repair.heads.pin(Chain::Log);
        let log = self.log()?;
        if repair.incoming.is_none() && repair.log_from == target.seq {
            if log.extends(&target) {
                repair.begin_log(target.seq)?;
            } else {
                repair.log_from = step_back(repair.log_from, &mut repair.stride).max(1);
            }
        }
        let since = match &repair.incoming {
            Some(incoming) if incoming.head().seq >= target.seq => return self.end_repair_log(repair, cx),
            Some(incoming) => incoming.head().seq,
            None => repair.log_from,
        };
        self.request(Call::Log { since }, cx);
        Ok(Turn::Wait(Step::Repairing(Box::new(repair))))
    }

    pub(crate) fn repair_answered(&mut self, repair: Repair, body: &[u8], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let is_log_whole =
            repair.incoming.as_ref().is_some_and(|incoming| incoming.head() == repair.heads.pin(Chain::Log));
        if is_log_whole { self.repair_pulled(repair, body, cx) } else { self.repair_logged(repair, body, cx) }
    }

    fn repair_logged(&mut self, mut repair: Repair, body: &[u8], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let page: LogPage = cbor::decode(body, limits::RESPONSE_BYTES).map_err(|_| Distrust::Malformed)?;
        if page.bundles.is_empty() {
            return Err(Distrust::LogIncomplete.into());
        }
        let mut bundles = page.bundles.into_iter().peekable();
        let log = self.log()?;
        if repair.incoming.is_none() {
            let first = bundles.peek().and_then(entry_of).ok_or(Distrust::LogIncomplete)?;
            let follows = log.entry(repair.log_from).is_some_and(|entry| entry.id == first.1.prev);
            if !follows {
                if repair.log_from == 1 {
                    return Err(Distrust::LogIncomplete.into());
                }
                repair.log_from = step_back(repair.log_from, &mut repair.stride).max(1);
                return self.ask_repair_log(repair, cx);
            }
            // Exactly there where the two part, so that no key of this device's own branch is taken for one of the other.
            let target = repair.heads.pin(Chain::Log);
            let is_ours = |bundle: &Bundle, seq| {
                entry_of(bundle).is_some_and(|(id, _)| log.entry(seq).is_some_and(|own| own.id == id))
            };
            let mut fork = repair.log_from;
            while fork < target.seq && bundles.next_if(|bundle| is_ours(bundle, fork + 1)).is_some() {
                fork += 1;
            }
            repair.begin_log(fork)?;
        }
        let target = repair.heads.pin(Chain::Log);
        let incoming = repair.incoming.as_mut().ok_or(EngineError::Unexpected)?;
        for bundle in bundles {
            if incoming.head().seq == target.seq {
                break;
            }
            match self.take_entry(incoming, bundle) {
                Err(distrust) if distrust.is_newer() => return Ok(Turn::Rest(Idle::UpdateNeeded)),
                taken => taken?,
            }
        }
        if incoming.head().seq == target.seq && incoming.head() != target {
            return Err(Distrust::LogIncomplete.into());
        }
        self.ask_repair_log(repair, cx)
    }

    fn end_repair_log(&mut self, mut repair: Repair, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        repair.stride = 1;
        self.ask_repair_pull(repair, None, cx)
    }

    /// Asks for the server's commits since where both vaults may be the same, and for all records if it is picked.
    fn ask_repair_pull(
        &mut self,
        mut repair: Repair,
        cursor: Option<PullCursor>,
        cx: &mut Cx<'_>,
    ) -> Result<Turn, Halt> {
        let target = repair.heads.pin(Chain::Vault);
        let is_same = repair.vault_from == target.seq && repair.id_here(target.seq) == Some(target.id);
        if cursor.is_none() && repair.vault_from == target.seq && !is_same {
            repair.step_back_in_vault();
        }
        let records_after = if repair.is_preview { target.seq } else { 0 };
        let request = PullRequest { target, commits_after: repair.vault_from, records_after, cursor };
        self.request(Call::Pull(request), cx);
        Ok(Turn::Wait(Step::Repairing(Box::new(repair))))
    }

    fn repair_pulled(&mut self, mut repair: Repair, body: &[u8], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let page: PullPage = cbor::decode(body, limits::RESPONSE_BYTES).map_err(|_| Distrust::Malformed)?;
        let next = page.next;
        if next.is_some() && page.commits.is_empty() && page.records.is_empty() {
            return Err(Distrust::Malformed.into());
        }
        if repair.paused.is_none() {
            let first = page.commits.first().and_then(|commit| commit_of(&commit.0)).map(|commit| commit.prev);
            let here = repair.id_here(repair.vault_from);
            if first.is_some_and(|prev| here != Some(*prev.as_bytes())) {
                if repair.vault_from == 0 {
                    return Err(Distrust::CommitsIncomplete { target: repair.heads.pin(Chain::Vault) }.into());
                }
                repair.step_back_in_vault();
                return self.ask_repair_pull(repair, None, cx);
            }
        }
        match repair.take_commits(page.commits) {
            Err(distrust) if distrust.is_newer() => return Ok(Turn::Rest(Idle::UpdateNeeded)),
            taken => taken?,
        }
        repair.take_records(self.device.account, page.records)?;
        if let Some(cursor) = next {
            return self.ask_repair_pull(repair, Some(cursor), cx);
        }
        match repair.end(self.device.id) {
            // Somebody was removed there, and whoever did so has not sealed the vault yet: no lie.
            Err(Distrust::Commit { cause: CommitError::Unsealed { .. }, .. }) => {
                return Ok(Turn::Rest(Idle::AwaitingRevoker));
            }
            ended => ended?,
        }
        let histories = self.histories(&repair)?;
        if repair.is_preview {
            return Ok(self.answer_repair(Ok(Outcome::Histories(Box::new(histories))), cx));
        }
        if !histories.is_member {
            return Ok(self.answer_repair(Err(CommandError::NotAMember), cx));
        }
        if !mutant!("repair.the-history-that-was-picked", self.is_picked(&repair)?) {
            return Ok(self.answer_repair(Err(CommandError::OtherHistory), cx));
        }
        if !mutant!("repair.only-with-the-newest-key", self.holds_newest_key(&repair)?) {
            // What it could not read it would take for nothing, and its own version of it is gone by then.
            let withheld = Distrust::Epoch { epoch: repair.log()?.epoch() };
            return Ok(self.answer_repair(Err(CommandError::Distrust(withheld)), cx));
        }
        repair.reading = self.rows_of_branch(&repair);
        cx.emit(Effect::Load(repair.reading.clone()));
        Ok(Turn::Wait(Step::Repairing(Box::new(repair))))
    }

    fn answer_repair(&mut self, outcome: Result<Outcome, CommandError>, cx: &mut Cx<'_>) -> Turn {
        if let Some(order) = self.order.take() {
            order.answer(outcome, cx);
        }
        // What the server shows is not this device's history still: the next round says so.
        Turn::Next
    }

    /// Whether the server shows what the person was shown, or more of it.
    fn is_picked(&self, repair: &Repair) -> Result<bool, EngineError> {
        let Some(Command::TakeServersHistory { log, vault }) = self.order.as_ref().map(|order| &order.command) else {
            return Err(EngineError::Unexpected);
        };
        let chained = repair.chain.iter().any(|next| Pin::vault(next.commit.seq, next.id) == *vault);
        let is_vault = chained || repair.id_here(vault.seq) == Some(vault.id) && vault.seq <= repair.vault_fork();
        Ok(repair.log()?.extends(log) && is_vault)
    }

    fn histories(&self, repair: &Repair) -> Result<Histories, EngineError> {
        let (own, server) = (self.log()?, repair.log()?);
        let fork = repair.vault_fork();
        let theirs: Vec<_> = repair.chain.iter().filter(|next| next.commit.seq > fork).collect();
        let their_items: BTreeSet<_> =
            theirs.iter().flat_map(|next| &next.commit.changed).map(|change| change.item).collect();
        let owed = self.owed_in(repair)?;
        let here = History {
            log: own.head(),
            vault: self.anchor.pins.vault,
            items: match repair.knows_its_branch() {
                true => repair.lost_items().len(),
                false => usize::try_from(self.summary.count()).unwrap_or(usize::MAX),
            },
            last: repair.own.last_key_value().filter(|(seq, _)| **seq > fork).map(|(_, own)| own.time),
            ..members_since(own, repair.log_fork)
        };
        let there = History {
            log: server.head(),
            vault: repair.heads.pin(Chain::Vault),
            items: their_items.len(),
            last: theirs.last().map(|next| next.commit.time),
            ..members_since(server, repair.log_fork)
        };
        let own_keys = self.device.secrets.public();
        Ok(Histories {
            log: own.entry(repair.log_fork).map_or(Pin::START, |entry| Pin::log(entry.seq, entry.id)),
            vault: repair.pin_of_fork(),
            pair_again: here.added.iter().filter(|id| server.active_member(**id).is_none()).copied().collect(),
            here: with_last(here, own, repair.log_fork),
            there: with_last(there, server, repair.log_fork),
            revoke: owed.map(|owed| owed.devices).unwrap_or_default(),
            is_member: server.active_member(self.device.id).is_some_and(|member| *member.keys() == own_keys),
        })
    }

    /// Who, and which way back, went in this device's history and is there still in the server's: a fork must not bring any
    /// of them back.
    fn owed_in(&self, repair: &Repair) -> Result<Option<Owed>, EngineError> {
        let (own, server) = (self.log()?, repair.log()?);
        let mut owed = Owed {
            devices: Vec::new(),
            keep: Vec::new(),
            reason: RevokeReason::Retired,
            keep_slots: Vec::new(),
            authorities: Vec::new(),
        };
        // A repair before this one, whose revocations are not in a log yet.
        let before = mutant!("repair.revocations-outlive-the-next", &self.anchor.owed => &None);
        if let Some(before) = before.as_ref().filter(|_| self.owes_revocation()) {
            owed.add(&before.devices, &before.keep, before.reason);
            owed.keep_slots.extend(&before.keep_slots);
            owed.authorities.extend(&before.authorities);
        }
        for entry in own.entries().iter().filter(|entry| entry.seq > repair.log_fork) {
            match &entry.change {
                Change::Revoked { devices, keep, reason, keep_slots, .. } => {
                    owed.add(devices, keep, *reason);
                    owed.keep_slots.extend(keep_slots);
                }
                Change::Left => owed.add(&[entry.author], &[], RevokeReason::Retired),
                _ => {}
            }
        }
        // One that was on its way counts: the person had decided.
        let waiting = self.outbox.bundle.as_ref().and_then(|outgoing| entry_of(&outgoing.bundle));
        if let Some((_, Entry { op: Op::RevokeDevices(op), .. })) = &waiting {
            owed.add(&op.devices, &op.keep, op.reason);
            owed.keep_slots.extend(&op.keep_slots);
        }
        // A kit that was taken away does not serve again; the one in its place is of the history that is given up.
        let replaced =
            waiting.and_then(|(_, entry)| if let Op::SetRecovery(op) = entry.op { Some(op.slot) } else { None });
        let is_gone = |authority: &Authority| !authority.is_live() || replaced == Some(authority.slot());
        let went = |id: &DeviceId| owed.authorities.contains(id) || own.authority(*id).is_some_and(is_gone);
        owed.authorities = server.recovery().map(|(id, _)| id).filter(went).collect();
        // Whoever goes may have let this device in.
        owed.keep.push(self.device.id);
        owed.devices.retain(|id| *id != self.device.id && server.active_member(*id).is_some());
        owed.devices.sort_unstable();
        owed.devices.dedup();
        Ok((!owed.devices.is_empty() || !owed.authorities.is_empty()).then_some(owed))
    }

    /// Goes over to the server's history, all at once.
    pub(crate) fn repair_loaded(
        &mut self,
        mut repair: Repair,
        rows: Vec<Option<Vec<u8>>>,
        cx: &mut Cx<'_>,
    ) -> Result<Turn, Halt> {
        let rows: BTreeMap<_, _> = std::mem::take(&mut repair.reading).into_iter().zip(rows).collect();
        let bodies = self.own_bodies(&repair, &rows)?;
        let lost: Vec<_> = bodies.iter().map(|(item, _)| *item).collect();
        let owed = self.owed_in(&repair)?;
        let mut batch = Batch::default();
        let given_up = repair.bundles.iter().skip(usize::try_from(repair.log_fork).unwrap_or(usize::MAX));
        let given_up = given_up.map(|bundle| bundle.entry.clone()).collect();
        self.keep_branch(given_up, &repair.heads, &mut batch, cx);

        let incoming = repair.incoming.take().ok_or(EngineError::Unexpected)?;
        let epoch_at_fork = self.log()?.entry(repair.log_fork).map_or(0, |entry| entry.epoch);
        for seq in repair.log_fork + 1..=self.anchor.pins.log.seq {
            batch.remove(StoreKey::numbered(Table::Log, seq));
        }
        for key in self.epochs.split_off(epoch_at_fork + 1) {
            batch.remove(StoreKey::numbered(Table::Epochs, key.number()));
        }
        for seq in repair.vault_from + 1..=self.anchor.pins.vault.seq {
            batch.remove(StoreKey::numbered(Table::Commits, seq));
        }
        for (seq, bytes) in (repair.vault_from + 1..).zip(&repair.commits) {
            batch.put(StoreKey::numbered(Table::Commits, seq), bytes.clone());
        }
        self.outbox.take_bundle(&mut batch);
        self.outbox.drop_whole_before(u64::MAX, &mut batch);
        self.take_over_log(incoming, &repair, &mut batch, cx);
        self.take_over_records(&repair, &mut batch, cx)?;
        self.play_again(&repair, bodies, &rows, &mut batch, cx)?;

        let chained: BTreeMap<_, _> = repair.chain.iter().map(|next| (next.commit.seq, next.id)).collect();
        let settled = self.settle(self.anchor.pins.vault.seq, &chained, &mut batch);
        self.anchor.witnesses.clear();
        self.anchor.contacts.iter_mut().for_each(|contact| (contact.log, contact.vault) = (Pin::START, Pin::START));
        self.anchor.owed = mutant!("repair.revocations-first", owed => None);
        self.persist(batch, cx);
        cx.emit(Effect::MembersChanged);
        let changed: BTreeSet<_> = repair.records.keys().chain(&lost).copied().collect();
        cx.emit(Effect::Changed(changed.into_iter().collect()));
        self.announce(settled, cx);
        self.heads = Some(repair.heads);
        if let Some(order) = self.order.take() {
            order.answer(Ok(Outcome::Repaired), cx);
        }
        Ok(Turn::Next)
    }

    /// The pages that hold what this device's own branch changed, and what waits to be changed on them.
    fn rows_of_branch(&self, repair: &Repair) -> Vec<StoreKey> {
        let pages: BTreeSet<u8> = match repair.knows_its_branch() {
            true => repair.lost_items().into_iter().map(page_of).collect(),
            false => (0..=u8::MAX).collect(),
        };
        let rows_of = |page: u8| [Page::key(page)].into_iter().chain(self.pending.of_page(page).map(OperationId::key));
        pages.into_iter().flat_map(rows_of).collect()
    }

    /// What this device's own branch made of items: of those that its commits name; or, where it has not all of them, of
    /// those that are not the server's.
    fn own_bodies(
        &self,
        repair: &Repair,
        rows: &BTreeMap<StoreKey, Option<Vec<u8>>>,
    ) -> Result<Vec<(ItemId, Body)>, EngineError> {
        let (knows, named) = (repair.knows_its_branch(), repair.lost_items());
        let is_lost = |record: &PageRecord| match knows {
            true => named.contains(&record.header.item),
            false => repair.records.get(&record.header.item) != Some(record),
        };
        let mut bodies = Vec::new();
        for number in 0..=u8::MAX {
            let Some(row) = rows.get(&Page::key(number)) else { continue };
            let page = Page::open(number, row.as_deref(), self.summary.page(number))?;
            for record in page.records().filter(|record| is_lost(record)) {
                if let Reading::Body(body) = record.read(&self.epochs) {
                    bodies.push((record.header.item, body));
                }
            }
        }
        Ok(bodies)
    }

    /// Tells whether this device can open the newest epoch of the server's log.
    fn holds_newest_key(&self, repair: &Repair) -> Result<bool, EngineError> {
        let at_fork = self.log()?.entry(repair.log_fork).map_or(0, |entry| entry.epoch);
        let incoming = repair.incoming.as_ref().ok_or(EngineError::Unexpected)?;
        let newest = incoming.log().epoch();
        Ok(incoming.keys.holds(newest) || newest <= at_fork && self.epochs.holds(newest))
    }

    fn take_over_log(&mut self, incoming: Incoming, repair: &Repair, batch: &mut Batch, cx: &mut Cx<'_>) {
        let Incoming { log, headers, bundles, keys, .. } = incoming;
        for (seq, bundle) in (repair.log_fork + 1..).zip(&bundles) {
            batch.put(StoreKey::numbered(Table::Log, seq), cbor::encode(bundle));
        }
        for key in keys {
            Epochs::persist(&key, &self.local, batch, &mut cx.rng);
            self.epochs.insert(key);
        }
        self.anchor.pins.log = log.head();
        self.anchor.pins.log_receipt.clone_from(&repair.heads.head(Chain::Log).receipt);
        self.anchor.stage = Stage::Member;
        self.anchor.cried_for = 0;
        self.anchor.duty = None;
        self.note_duty(&log, cx.now);
        self.headers = headers;
        self.log = Some(log);
    }

    fn take_over_records(&mut self, repair: &Repair, batch: &mut Batch, cx: &mut Cx<'_>) -> Result<(), EngineError> {
        let mut pages: BTreeMap<u8, Page> = (0..=u8::MAX).map(|number| (number, Page::default())).collect();
        for record in repair.records.values() {
            if let Some(page) = pages.get_mut(&page_of(record.header.item)) {
                page.put(record.clone());
            }
        }
        let mut summary = Summary::empty();
        for (number, page) in &pages {
            summary.set(*number, page, &self.epochs)?;
            batch.put(Page::key(*number), page.to_row());
        }
        for record in repair.records.values() {
            let reading = record.read(&self.epochs);
            summary.note(record.header.item, matches!(reading, Reading::Body(_)));
            if let Reading::Body(Body::Item(body)) = reading {
                index_rows(&self.local, record.header.item, &body, batch);
            }
        }
        let head = repair.heads.head(Chain::Vault).clone();
        self.advance(head, repair.tip, summary, batch, cx);
        Ok(())
    }

    /// Turns what this device's own branch made of items into operations that wait, before those that waited already.
    fn play_again(
        &mut self,
        repair: &Repair,
        bodies: Vec<(ItemId, Body)>,
        rows: &BTreeMap<StoreKey, Option<Vec<u8>>>,
        batch: &mut Batch,
        cx: &mut Cx<'_>,
    ) -> Result<(), EngineError> {
        let named = repair.named_after_fork();
        for (item, body) in bodies {
            let theirs = repair.records.get(&item).and_then(|record| record.read(&self.epochs).into_body());
            let base = theirs.as_ref().filter(|_| !named.contains_key(&item));
            // What was typed since they were read stays behind them.
            let is_read = |id: &OperationId| rows.contains_key(&id.key());
            let waiting: Vec<_> = self.pending.of_item(item).filter(is_read).collect();
            let waited: Vec<_> =
                waiting.iter().map(|id| self.waiting_operation(*id, rows)).collect::<Result<_, _>>()?;
            let again = roamkey_vault::replay(item, base, body, cx.now);
            for id in waiting {
                self.pending.remove(id);
                batch.remove(id.key());
            }
            for operation in again.iter().chain(&waited) {
                self.put_pending(operation, batch, cx);
            }
        }
        Ok(())
    }

    fn waiting_operation(
        &self,
        id: OperationId,
        rows: &BTreeMap<StoreKey, Option<Vec<u8>>>,
    ) -> Result<Operation, EngineError> {
        let row = rows.get(&id.key()).and_then(Option::as_deref).ok_or(EngineError::Store(Table::Pending))?;
        let bytes = rest::open(&self.local, &id.key(), row)?;
        Operation::decode(&bytes).map_err(|_| EngineError::Store(Table::Pending))
    }

    /// The revocations that are owed since a repair, as one entry, and then a way back that is to go.
    pub(crate) fn owed_revocation(&self) -> Result<Option<Op>, EngineError> {
        let Some(owed) = &self.anchor.owed else { return Ok(None) };
        let log = self.log()?;
        let revocation = super::command::revocation(log, &owed.devices, &owed.keep, owed.reason, &owed.keep_slots);
        let emptied = || owed.slot_to_empty(log).map(|slot| SetRecovery { slot, keys: None, policy: None });
        Ok(revocation.or_else(|| emptied().map(Op::SetRecovery)))
    }

    /// Tells whether somebody is still a member, or a way back still one, that went in the history that this device gave up.
    pub(crate) fn owes_revocation(&self) -> bool {
        let (Some(log), Some(owed)) = (&self.log, &self.anchor.owed) else { return false };
        owed.devices.iter().any(|device| log.active_member(*device).is_some()) || owed.slot_to_empty(log).is_some()
    }
}

/// Twice as far back at each try: where histories part is near as a rule, and may be anywhere.
fn step_back(from: u64, stride: &mut u64) -> u64 {
    let back = from.saturating_sub(*stride);
    *stride = stride.saturating_mul(2);
    back
}

fn entry_of(bundle: &Bundle) -> Option<(EntryId, Entry)> {
    let signed = Sign1::parse(&bundle.entry, limits::ENTRY_BYTES).ok()?;
    let entry = cbor::decode_versioned(signed.unverified_payload(), limits::ENTRY_BYTES).ok()?;
    Some((Entry::id_of(signed.unverified_payload()), entry))
}

fn members_since(log: &Log, fork: u64) -> History {
    let (mut added, mut gone) = (Vec::new(), Vec::new());
    for entry in log.entries().iter().filter(|entry| entry.seq > fork) {
        match &entry.change {
            Change::Added(device) => added.push(*device),
            Change::Revoked { devices, .. } => gone.extend(devices),
            Change::Left => gone.push(entry.author),
            _ => {}
        }
    }
    History { log: Pin::START, vault: Pin::START, added, gone, items: 0, last: None }
}

fn with_last(history: History, log: &Log, fork: u64) -> History {
    let entry = log.entries().last().filter(|entry| entry.seq > fork).map(|entry| entry.time);
    History { last: history.last.or(entry), ..history }
}

impl Owed {
    fn add(&mut self, devices: &[DeviceId], keep: &[DeviceId], reason: RevokeReason) {
        self.devices.extend(devices);
        self.keep.extend(keep);
        if reason == RevokeReason::Lost {
            self.reason = reason;
        }
    }

    fn slot_to_empty(&self, log: &Log) -> Option<RecoverySlot> {
        let live = self.authorities.iter().filter_map(|id| log.authority(*id)).find(|authority| authority.is_live());
        live.map(Authority::slot)
    }
}
