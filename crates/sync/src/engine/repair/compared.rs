//! The server's history as it comes, verified and held against this device's own.

use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{
    AccountId, Chain, CommitId, DeviceId, ItemId, Pin, Record, RecordHash,
    api::{SealedRecord, SignedCommit},
    limits, mutant,
};
use roamkey_trust::{
    CommitError, Log,
    commit::{self, Verified},
    evidence::commit_of,
};
use roamkey_vault::merkle::{self, Subtree, page_of};

use super::{Own, Repair, entry_of, step_back};
use crate::{
    Distrust, EngineError, RecordFault, Table,
    engine::{
        device::Tip,
        log::{Incoming, header_of},
        witness::commit_id,
    },
    replica::PageRecord,
};

impl Repair {
    /// Reads the commits at rest that lead to the pin: others may be anyone's.
    pub(super) fn take_own_commits(&mut self, rows: &[(Vec<u8>, Vec<u8>)]) {
        for (_, row) in rows.iter().rev() {
            let (Some(commit), Some(id)) = (commit_of(row), commit_id(row)) else { break };
            if Pin::vault(commit.seq, id) != self.before_own {
                continue;
            }
            self.before_own = Pin { seq: commit.seq.saturating_sub(1), id: *commit.prev.as_bytes() };
            let tip = Tip { log: commit.log, root: commit.root, count: commit.count, time: commit.time };
            let changed = commit.changed.iter().map(|change| change.item).collect();
            self.own.insert(commit.seq, Own { id, tip, changed, time: commit.time });
        }
    }

    /// Starts the server's log from the last entry that both have.
    pub(super) fn begin_log(&mut self, fork: u64) -> Result<(), EngineError> {
        let kept = self.bundles.get(..usize::try_from(fork).unwrap_or(usize::MAX));
        let kept = kept.ok_or(EngineError::Store(Table::Log))?;
        let (id, _) = kept.last().and_then(entry_of).ok_or(EngineError::Store(Table::Log))?;
        let log = Log::resume(kept, &Pin::log(fork, id)).map_err(|_| EngineError::Store(Table::Log))?;
        let headers = kept.iter().filter_map(header_of).collect();
        self.log_fork = fork;
        self.incoming = Some(Incoming::from_fork(log, headers));
        Ok(())
    }

    pub(super) fn log(&self) -> Result<&Log, EngineError> {
        self.incoming.as_ref().map(Incoming::log).ok_or(EngineError::Unexpected)
    }

    /// The identifier of this device's own commit at a place.
    pub(super) fn id_here(&self, seq: u64) -> Option<[u8; 32]> {
        match seq {
            0 => Some(*CommitId::NONE.as_bytes()),
            seq => self.own.get(&seq).map(|own| *own.id.as_bytes()),
        }
    }

    /// Goes further back for a commit that both have: not past the first that this device has, before all are asked for.
    pub(super) fn step_back_in_vault(&mut self) {
        let first = self.own.first_key_value().map_or(0, |(seq, _)| *seq);
        let back = step_back(self.vault_from, &mut self.stride);
        self.vault_from = match back >= first {
            true => back,
            false if self.vault_from > first => first,
            false => 0,
        };
    }

    /// Verifies the server's commits as they come.
    pub(super) fn take_commits(&mut self, commits: Vec<SignedCommit>) -> Result<(), Distrust> {
        let target = self.heads.pin(Chain::Vault);
        if (self.commits.len() + commits.len()) as u64 > target.seq.saturating_sub(self.vault_from) {
            return Err(Distrust::CommitsIncomplete { target });
        }
        let log = self.incoming.as_ref().map(Incoming::log).ok_or(Distrust::LogIncomplete)?;
        let mut chain = match self.paused {
            Some(paused) => commit::Chain::go_on(log, paused),
            None => {
                self.tip = self.own.get(&self.vault_from).map_or(Tip::START, |own| own.tip);
                // The commits that both have were verified under this device's log. Beside another one, their records would
                // be of epochs whose keys go with this device's branch.
                let stands = self.vault_from == 0 || log.extends(&self.tip.log);
                if !mutant!("repair.shared-commits-stand-in-the-log", stands) {
                    return Err(Distrust::Commit { seq: self.vault_from, cause: CommitError::ForeignLog });
                }
                let id = self.own.get(&self.vault_from).map_or(CommitId::NONE, |own| own.id);
                commit::Chain::resume(log, commit::Tip { seq: self.vault_from, id, log_seq: self.tip.log.seq })
            }
        };
        for SignedCommit(bytes) in commits {
            let seq = self.vault_from + 1 + self.chain.len() as u64;
            let next = chain.follow(&bytes).map_err(|cause| Distrust::Commit { seq, cause })?;
            self.tip = Tip::of(&next);
            self.chain.push(next);
            self.commits.push(bytes);
        }
        self.paused = Some(chain.pause());
        Ok(())
    }

    /// Takes records of the server's newest state; which ones they must be, its root says in the end.
    pub(super) fn take_records(&mut self, account: AccountId, records: Vec<SealedRecord>) -> Result<(), Distrust> {
        let room = self.tip.count.min(limits::RECORDS);
        for SealedRecord(bytes) in records {
            let header = Record::header_of(&bytes).map_err(|_| Distrust::Malformed)?;
            let item = header.item;
            if header.account != account || header.revision > self.heads.pin(Chain::Vault).seq {
                return Err(Distrust::Record { item, cause: RecordFault::Header });
            }
            if self.records.insert(item, PageRecord { header, bytes }).is_some() || self.records.len() as u64 > room {
                return Err(Distrust::Malformed);
            }
        }
        Ok(())
    }

    /// Verifies that the commits led to the server's head, and that the records are those of its root.
    pub(super) fn end(&self, me: DeviceId) -> Result<(), Distrust> {
        let target = self.heads.pin(Chain::Vault);
        let log = self.incoming.as_ref().map(Incoming::log).ok_or(Distrust::LogIncomplete)?;
        let paused = self.paused.ok_or(Distrust::CommitsIncomplete { target })?;
        let end = commit::Chain::go_on(log, paused).finish(me);
        let end = end.map_err(|cause| Distrust::Commit { seq: target.seq, cause })?;
        if !mutant!("repair.leads-to-the-head", Pin::vault(end.seq, end.id) == target) {
            return Err(Distrust::CommitsIncomplete { target });
        }
        if self.is_preview {
            return Ok(());
        }
        let mut tree = merkle::Summary::empty();
        let mut pages: BTreeMap<u8, Vec<(ItemId, RecordHash)>> = BTreeMap::new();
        for (item, record) in &self.records {
            pages.entry(page_of(*item)).or_default().push((*item, record.hash()));
        }
        for (number, leaves) in pages {
            let subtree = Subtree::of_page(number, leaves).map_err(|_| Distrust::Root { seq: target.seq })?;
            tree.set(number, subtree);
        }
        let is_whole = (tree.root(), tree.count()) == (self.tip.root, self.tip.count);
        if !mutant!("repair.root-and-count", is_whole) {
            return Err(Distrust::Root { seq: target.seq });
        }
        Ok(())
    }

    /// The last commit that both have.
    pub(super) fn vault_fork(&self) -> u64 {
        let same = self.chain.iter().rev().find(|next| self.has_here(next));
        same.map_or(self.vault_from, |next| next.commit.seq)
    }

    pub(super) fn pin_of_fork(&self) -> Pin {
        let seq = self.vault_fork();
        let id = if seq == self.before_own.seq { Some(self.before_own.id) } else { self.id_here(seq) };
        Pin { seq, id: id.unwrap_or_default() }
    }

    fn has_here(&self, next: &Verified) -> bool {
        let pin = Pin::vault(next.commit.seq, next.id);
        pin == self.before_own || self.own.get(&pin.seq).is_some_and(|own| own.id == next.id)
    }

    /// Whether this device has every commit of its own branch, and so knows what that changed.
    pub(super) fn knows_its_branch(&self) -> bool {
        mutant!("repair.all-that-differs", self.vault_fork() >= self.before_own.seq => true)
    }

    /// What the server's commits after the fork name.
    pub(super) fn named_after_fork(&self) -> BTreeMap<ItemId, RecordHash> {
        let fork = self.vault_fork();
        let after = self.chain.iter().filter(|next| next.commit.seq > fork);
        after.flat_map(|next| &next.commit.changed).map(|change| (change.item, change.record)).collect()
    }

    /// The items that this device's own commits after the fork name.
    pub(super) fn lost_items(&self) -> BTreeSet<ItemId> {
        self.own.range(self.vault_fork() + 1..).flat_map(|(_, own)| own.changed.iter().copied()).collect()
    }
}
