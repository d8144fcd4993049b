use roamkey_proto::{AccountId, ItemId, Pin};

use crate::{Answer, Heads, HistoryCharge, NewCommit, NewEntry};

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
    /// The commits after it, in order: each with those records that no later one replaces. Count, root and quota are those
    /// of the last one.
    pub commits: Vec<NewCommit>,
    /// What all of it costs of the history's growth. That it was charged once before is only the sender's word.
    pub history: Option<HistoryCharge>,
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
    /// The last commit's root is not that of the records after it.
    WrongRoot,
    /// The account would hold more than its quota.
    OverQuota,
    /// The history grows faster than it may; in so many milliseconds there is room.
    OverHistory {
        /// How long to wait.
        wait_ms: u64,
    },
    /// There is no such account.
    UnknownAccount,
}
