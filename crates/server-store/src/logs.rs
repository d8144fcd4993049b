use roamkey_proto::{AccountId, Bundle, DeviceId, Pin, Time};

use crate::Answer;

/// The trust logs, and with them the accounts.
pub trait Logs: Send + Sync {
    /// Appends an entry if `prev` is the newest one; a genesis, whose `prev` is [`Pin::START`],
    /// makes its account. An entry that is in the log already is accepted again, so that a lost
    /// answer costs its sender nothing.
    fn append(&self, entry: NewEntry) -> Answer<'_, Appended>;

    /// Returns where the chains of an account are.
    fn heads(&self, account: AccountId) -> Answer<'_, Option<Heads>>;

    /// Returns up to `limit` bundles after `after`, in order, with the wraps of `wraps_of` only;
    /// none for an account that is not there.
    fn bundles(
        &self,
        account: AccountId,
        after: u64,
        limit: usize,
        wraps_of: Option<DeviceId>,
    ) -> Answer<'_, Vec<Bundle>>;
}

/// A verified entry to append.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// The account.
    pub account: AccountId,
    /// The entry that it builds on.
    pub prev: Pin,
    /// Its own place.
    pub pin: Pin,
    /// The entry, its epoch header, every wrap.
    pub bundle: Bundle,
    /// What it means for the account's end.
    pub closing: Closing,
}

/// What an entry means for the end of its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// Nothing.
    Unchanged,
    /// The account is deleted then.
    DeletesAt(Time),
    /// The account stays after all.
    Cancelled,
}

/// Where an account's chains are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heads {
    /// The newest entry of the trust log.
    pub log: Pin,
    /// The newest commit of the vault, [`Pin::START`] before the first.
    pub vault: Pin,
    /// The seq of the log entry that the newest commit names, 0 before the first.
    pub vault_log: u64,
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is durable; the chains are here now.
    Accepted(Heads),
    /// Another entry is the newest. A genesis meets this when its account is there.
    Conflict(Heads),
    /// There is no such account.
    UnknownAccount,
    /// The account was deleted, and does not start again.
    Deleted,
}
