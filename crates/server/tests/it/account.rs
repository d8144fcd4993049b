//! An account as its owner knows it: its log, its vault's head, what its records are at.

use std::collections::BTreeMap;

use roamkey_proto::{
    AccountId, Bundle, Change, Commit, CommitId, Genesis, ItemId, MerkleRoot, Op, Pin, Record, RecordHash,
    RecordHeader, SUITE, VERSION,
    api::{Push, SealedRecord},
    merkle::{Subtree, key_of},
};
use roamkey_trust::{Draft, Log, commit};

use crate::device::{Device, NOW, finish};

pub(crate) struct Account {
    pub(crate) log: Log,
    pub(crate) genesis: Bundle,
    pub(crate) founder: Device,
    /// The newest commit that the owner made.
    pub(crate) head: Pin,
    pub(crate) revisions: BTreeMap<ItemId, u64>,
    /// The latest record of each.
    records: BTreeMap<ItemId, RecordHash>,
}

impl Account {
    pub(crate) fn new(salt: u64) -> Self {
        let founder = Device::new(1);
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&salt.to_be_bytes());
        let genesis = Genesis { device: founder.keys.clone(), salt: bytes };
        let genesis = finish(Draft::genesis(genesis, NOW).unwrap(), &founder);
        let log = Log::open_whole_genesis(&genesis).unwrap();
        Self { log, genesis, founder, head: Pin::START, revisions: BTreeMap::new(), records: BTreeMap::new() }
    }

    pub(crate) fn id(&self) -> AccountId {
        self.log.account()
    }

    pub(crate) fn path(&self, end: &str) -> String {
        format!("/v1/accounts/{}/{end}", self.id())
    }

    /// A bundle for the next entry; the log stays where it is.
    pub(crate) fn bundle(&self, op: Op, author: &Device) -> Bundle {
        finish(self.log.draft(op, author.id, NOW).unwrap(), author)
    }

    /// A bundle for the next entry, and the log with it.
    pub(crate) fn extend(&mut self, op: Op, author: &Device) -> Bundle {
        let bundle = self.bundle(op, author);
        self.log.append_whole(&bundle).unwrap();
        bundle
    }

    /// A push that sets these items, as the founder would make it next.
    pub(crate) fn push(&self, items: &[u8]) -> Push {
        self.push_by(&self.founder, items, |_| {})
    }

    /// A push by a device, its commit bent before it is signed.
    pub(crate) fn push_by(&self, author: &Device, items: &[u8], bend: impl FnOnce(&mut Commit)) -> Push {
        let items: Vec<_> = items.iter().map(|&number| ItemId::new([number; 16])).collect();
        self.push_items(author, &items, 64, bend)
    }

    pub(crate) fn push_items(
        &self,
        author: &Device,
        items: &[ItemId],
        body: usize,
        bend: impl FnOnce(&mut Commit),
    ) -> Push {
        let records: Vec<_> = items.iter().map(|&item| self.record(item, body).to_bytes()).collect();
        let changed = items.iter().zip(&records);
        let changed: Vec<_> = changed.map(|(&item, record)| Change { item, record: Record::hash_of(record) }).collect();
        let new = items.iter().filter(|item| !self.revisions.contains_key(item)).count();
        let mut commit = Commit {
            version: VERSION,
            account: self.id(),
            seq: self.head.seq + 1,
            prev: CommitId::new(self.head.id),
            author: author.id,
            time: NOW,
            log: self.log.head(),
            epoch: self.log.epoch(),
            root: self.root_after(&changed),
            count: (self.revisions.len() + new) as u64,
            changed,
        };
        bend(&mut commit);
        Push { commit: commit::sign(&commit, &author.write), records: records.into_iter().map(SealedRecord).collect() }
    }

    /// Takes a push that the server accepted.
    pub(crate) fn accepted(&mut self, push: &Push) {
        let verified = commit::verify(&push.commit, &self.log).unwrap();
        self.head = Pin::vault(verified.commit.seq, verified.id);
        for change in verified.commit.changed {
            *self.revisions.entry(change.item).or_default() += 1;
            self.records.insert(change.item, change.record);
        }
    }

    pub(crate) fn root_after(&self, changed: &[Change]) -> MerkleRoot {
        let changed = changed.iter().map(|change| (change.item, change.record));
        let leaves = self.records.iter().map(|(item, record)| (*item, *record)).chain(changed);
        let leaves: BTreeMap<_, _> = leaves.map(|(item, record)| (key_of(item), record)).collect();
        Subtree::of_leaves(&leaves.into_iter().collect::<Vec<_>>(), 0).root()
    }

    pub(crate) fn record(&self, item: ItemId, body: usize) -> Record {
        let revision = self.revisions.get(&item).copied().unwrap_or(0) + 1;
        let header = RecordHeader {
            version: VERSION,
            suite: SUITE,
            account: self.id(),
            item,
            revision,
            epoch: self.log.epoch(),
        };
        Record { header, salt: [2; 32], commitment: [3; 32], ciphertext: vec![4; body] }
    }
}
