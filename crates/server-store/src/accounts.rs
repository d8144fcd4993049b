use roamkey_proto::{AccountId, EntryWrap, Time};

use crate::Answer;

/// Accounts as a whole: their end, and what only an export shows.
pub trait Accounts: Send + Sync {
    /// Returns up to `at_most` accounts after one, or from the first, in the order of their identifiers.
    fn list(&self, after: Option<AccountId>, at_most: usize) -> Answer<'_, Vec<AccountId>>;

    /// Returns up to `at_most` accounts whose log has closed them for good by now.
    fn due(&self, now: Time, at_most: usize) -> Answer<'_, Vec<AccountId>>;

    /// Deletes up to `at_most` rows of an account that is due, its sessions first and the account itself last, so
    /// that no transaction is long and nobody sees a half. What remains is its identifier: nobody starts it again. What
    /// has begun is finished: from the first slice on no entry calls it off.
    fn delete(&self, account: AccountId, now: Time, at_most: usize) -> Answer<'_, Deleted>;

    /// Tells whether an account is deleted, or is being deleted.
    fn was_deleted(&self, account: AccountId) -> Answer<'_, bool>;

    /// Returns the wraps, for every device, of the entries after `after` up to `through`, by entry and device.
    fn wraps(&self, account: AccountId, after: u64, through: u64) -> Answer<'_, Vec<(u64, EntryWrap)>>;
}

/// How far a deletion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// The account is not there, or its time has not come: nothing was touched.
    NotDue,
    /// Some rows are gone, and there are more.
    More,
    /// All is gone.
    Done,
}
