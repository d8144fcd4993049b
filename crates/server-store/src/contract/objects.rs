//! Small objects for the claims: the store looks at no signature, so any bytes do.

#![expect(clippy::panic, reason = "claims fail by panicking")]

use std::collections::BTreeMap;

use roamkey_proto::{
    AccountId, Bundle, DeviceId, EntryWrap, ItemId, MerkleRoot, Nonce, Pin, Record, RecordHash, SessionToken, Time,
    WritePublicKey,
    api::PullCursor,
    merkle::{Subtree, key_of},
};

use crate::{
    Appended, Closing, Heads, NewCommit, NewEntry, NewRecord, NewSession, PageLimits, PullQuery, Pulled, Pushed, Quota,
    Store, TokenHash,
};

pub(super) const ROOMY: Quota = Quota { records: 1_000, bytes: 1_000_000 };
pub(super) const WIDE: PageLimits = PageLimits { commits: 1_000, bytes: 1_000_000 };

pub(super) fn account(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

pub(super) fn device(number: u8) -> DeviceId {
    DeviceId::new([number; 32])
}

pub(super) fn item(number: u8) -> ItemId {
    ItemId::new([number; 16])
}

/// The pin that this number stands for; another `branch` has other identifiers.
pub(super) fn pin(seq: u64, branch: u8) -> Pin {
    match seq {
        0 => Pin::START,
        _ => Pin { seq, id: [branch; 32] },
    }
}

pub(super) fn entry(account: AccountId, seq: u64) -> NewEntry {
    let wraps = [1, 2].map(|number| EntryWrap { recipient: device(number), wrap: vec![number; 40] }).to_vec();
    let bundle = Bundle { entry: vec![7; 10], header: Some(vec![8; 20]), wraps };
    NewEntry { account, prev: pin(seq - 1, 1), pin: pin(seq, 1), bundle, closing: Closing::Unchanged }
}

pub(super) async fn open_account(store: &dyn Store, account: AccountId) -> Heads {
    match store.append(entry(account, 1)).await {
        Ok(Appended::Accepted(heads)) => heads,
        other => panic!("a genesis was not accepted: {other:?}"),
    }
}

/// A commit as [`push`] takes it: that finds its root.
pub(super) fn commit(account: AccountId, seq: u64, count: u64, records: &[(u8, u64)]) -> NewCommit {
    let records = records.iter().map(|&(number, revision)| NewRecord {
        item: item(number),
        revision,
        hash: Record::hash_of(&record_bytes(number, revision)),
        bytes: record_bytes(number, revision),
    });
    NewCommit {
        account,
        log: pin(1, 1),
        prev: pin(seq - 1, 1),
        pin: pin(seq, 1),
        signed: commit_bytes(seq),
        count,
        root: MerkleRoot::EMPTY,
        records: records.collect(),
        quota: ROOMY,
        history: None,
    }
}

pub(super) fn commit_bytes(seq: u64) -> Vec<u8> {
    format!("commit {seq}").into_bytes()
}

pub(super) fn record_bytes(item: u8, revision: u64) -> Vec<u8> {
    format!("record {item} revision {revision}").into_bytes()
}

/// Signs the root over what the store gives as the vault's records and what the commit puts.
pub(super) async fn rooted(store: &dyn Store, mut commit: NewCommit) -> NewCommit {
    commit.root = root_after(store, commit.account, &[&commit]).await;
    commit
}

pub(super) async fn root_after(store: &dyn Store, account: AccountId, commits: &[&NewCommit]) -> MerkleRoot {
    let mut leaves = BTreeMap::new();
    if let Some(heads) = store.heads(account).await.unwrap_or_else(|error| panic!("no heads: {error}")) {
        let (_, records) = pull_all(store, account, heads.vault, (0, 0), WIDE).await;
        leaves.extend(records.iter().map(|record| (key_of(item_of(record)), Record::hash_of(record))));
    }
    let records = commits.iter().flat_map(|commit| &commit.records);
    leaves.extend(records.map(|record| (key_of(record.item), record.hash)));
    let leaves: Vec<(_, RecordHash)> = leaves.into_iter().collect();
    Subtree::of_leaves(&leaves, 0).root()
}

fn item_of(record: &[u8]) -> ItemId {
    let text = String::from_utf8_lossy(record);
    let number = text.split(' ').nth(1).and_then(|number| number.parse().ok());
    item(number.unwrap_or_else(|| panic!("no record of ours: {text}")))
}

pub(super) async fn push(store: &dyn Store, commit: NewCommit) -> Heads {
    match store.push(rooted(store, commit).await).await {
        Ok(Pushed::Accepted(heads)) => heads,
        other => panic!("a commit was not accepted: {other:?}"),
    }
}

/// Pulls page by page; what comes is commits and records as bytes.
pub(super) async fn pull_all(
    store: &dyn Store,
    account: AccountId,
    target: Pin,
    after: (u64, u64),
    limits: PageLimits,
) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let (mut commits, mut records, mut cursor) = (Vec::new(), Vec::new(), None);
    for _ in 0..100 {
        let page = match store.pull(query(account, target, after, cursor, limits)).await {
            Ok(Pulled::Page(page)) => page,
            other => panic!("not a page: {other:?}"),
        };
        commits.extend(page.commits.into_iter().map(|commit| commit.0));
        records.extend(page.records.into_iter().map(|record| record.0));
        cursor = page.next;
        if cursor.is_none() {
            return (commits, records);
        }
    }
    panic!("the pull does not end");
}

pub(super) fn query(
    account: AccountId,
    target: Pin,
    (commits_after, records_after): (u64, u64),
    cursor: Option<PullCursor>,
    limits: PageLimits,
) -> PullQuery {
    PullQuery { account, target, commits_after, records_after, cursor, limits }
}

pub(super) fn token(number: u8) -> TokenHash {
    TokenHash::of_session(&SessionToken::new([number; 32]))
}

pub(super) fn session(account: AccountId, number: u8, expires: u64) -> NewSession {
    NewSession {
        token: token(number),
        account,
        member: device(1),
        write: WritePublicKey::new([9; 32]),
        expires: Time(expires),
        challenge: Nonce::new([number; 32]),
        challenge_expires: Time(expires),
        keep: 3,
    }
}
