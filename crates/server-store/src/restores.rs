use roamkey_proto::{AccountId, ItemId, Pin};

use crate::{Answer, Heads, NewCommit, NewEntry};

/// What devices give back to a server that lost it: one that was restored from a backup.
pub trait Restores: Send + Sync {
    /// Appends entries and commits and puts records, all or nothing, if both chains are where the sender
    /// believes them.
    fn restore(&self, restore: NewRestore) -> Answer<'_, Restored>;
}

/// Verified entries and commits to append.
#[derive(Clone, Debug)]
pub struct NewRestore {
    /// The account.
    pub account: AccountId,
    /// The newest entry that the store is believed to hold.
    pub log: Pin,
    /// The entries after it, in order.
    pub entries: Vec<NewEntry>,
    /// The newest commit that the store is believed to hold.
    pub vault: Pin,
    /// The commits after it, in order: each with those records that no later one replaces. Count and quota are those
    /// of the last one; the growth of the history was charged when they came in first.
    pub commits: Vec<NewCommit>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restored {
    /// It is durable; the chains are here now.
    Accepted(Heads),
    /// A chain is elsewhere.
    Conflict(Heads),
    /// A record's revision does not rise.
    StaleRevision(ItemId),
    /// The last commit's count is not what there is after it.
    WrongCount {
        /// The number there would be.
        records: u64,
    },
    /// The account would hold more than its quota.
    OverQuota,
    /// There is no such account.
    UnknownAccount,
}
