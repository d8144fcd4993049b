mod holdings;

pub use self::holdings::{Holdings, Replaced};

use roamkey_proto::{
    AccountId, ItemId, MerkleRoot, Pin, RecordHash, Time,
    api::{PullPage, PullRequest},
    mutant,
};

use crate::{Answer, Grown, Heads};

/// The commits of the vaults and the latest record of each item.
pub trait Vaults: Send + Sync {
    /// Takes a commit with its records if it builds on the newest commit and names the newest log
    /// entry, all or nothing. A commit that is in the chain already is accepted again.
    fn push(&self, commit: NewCommit) -> Answer<'_, Pushed>;

    /// Returns one page of what happened up to the named head, as of one moment.
    fn pull(&self, query: PullQuery) -> Answer<'_, Pulled>;

    /// Returns the pages of the tree over an account's records as they rest, their paths and bytes, in any order: for a
    /// check, whose answer is [`TreeUpdate::rests_as`](crate::TreeUpdate::rests_as).
    fn tree(&self, account: AccountId) -> Answer<'_, Vec<(Vec<u8>, Vec<u8>)>>;
}

/// A verified commit to append.
#[derive(Clone, Debug)]
pub struct NewCommit {
    /// The account.
    pub account: AccountId,
    /// The log entry that it names.
    pub log: Pin,
    /// The commit that it builds on, [`Pin::START`] for the first.
    pub prev: Pin,
    /// Its own place.
    pub pin: Pin,
    /// The signed bytes.
    pub signed: Vec<u8>,
    /// The number of records that its author counts after it.
    pub count: u64,
    /// The root that its author signed over the records after it.
    pub root: MerkleRoot,
    /// What it adds or replaces.
    pub records: Vec<NewRecord>,
    /// What the account may hold after it.
    pub quota: Quota,
    /// What it costs of the history's growth; nothing for a commit that must get in.
    pub history: Option<HistoryCharge>,
}

impl NewCommit {
    /// Tells whether the tree over the records after the commit has the root that its author signed. A commit under another
    /// one stops every other device of the account for good, and nobody could make a next one.
    #[must_use]
    pub fn is_over(&self, tree: &Grown) -> bool {
        mutant!("push.root-is-that-of-the-records", self.root == tree.root)
    }
}

/// What a commit costs of the growth that an account's history may have.
///
/// Commits are kept for good, so a quota of them would be used up for good by a thief. Growth that
/// is limited in time comes back once the thief is gone: a bucket that fills by `cost_ms` a commit,
/// leaks with the clock, and is full at `depth_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryCharge {
    /// Now.
    pub now: Time,
    /// Milliseconds of growth that the commit takes.
    pub cost_ms: u64,
    /// Milliseconds of growth that may be taken in advance.
    pub depth_ms: u64,
}

/// A record of a commit.
#[derive(Clone, Debug)]
pub struct NewRecord {
    /// The item.
    pub item: ItemId,
    /// Its revision, to be higher than the stored one.
    pub revision: u64,
    /// The hash of its bytes, which its commit names.
    pub hash: RecordHash,
    /// The sealed bytes.
    pub bytes: Vec<u8>,
}

/// What an account may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Records, tombstones included.
    pub records: u64,
    /// Bytes of all records together.
    pub bytes: u64,
}

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It is durable; the chains are here now.
    Accepted(Heads),
    /// The newest commit or the newest log entry is another one.
    Conflict(Heads),
    /// A record's revision does not rise.
    StaleRevision(ItemId),
    /// The commit's count is not what there is after it.
    WrongCount {
        /// The number there would be.
        records: u64,
    },
    /// The commit's root is not that of the records after it.
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

/// One page to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullQuery {
    /// The account.
    pub account: AccountId,
    /// What the device asks for.
    pub target: Pin,
    /// Commits after this seq.
    pub commits_after: u64,
    /// Records changed by a commit after this seq.
    pub records_after: u64,
    /// Where the page before ended: its last commit, and its last item if it got to records.
    pub cursor: Option<roamkey_proto::api::PullCursor>,
    /// How much fits into a page.
    pub limits: PageLimits,
}

impl PullQuery {
    /// Asks for what a device's request names.
    #[must_use]
    pub fn new(account: AccountId, request: &PullRequest, limits: PageLimits) -> Self {
        Self {
            account,
            target: request.target,
            commits_after: request.commits_after,
            records_after: request.records_after,
            cursor: request.cursor,
            limits,
        }
    }
}

/// How much fits into a page. A page holds at least one commit or record, whatever its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimits {
    /// Commits.
    pub commits: usize,
    /// Bytes of commits and records together, after which the page ends.
    pub bytes: usize,
}

/// What a pull gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// A page, as of the target.
    Page(PullPage),
    /// The target is not the newest commit.
    HeadMoved(Heads),
    /// There is no such account.
    UnknownAccount,
}
