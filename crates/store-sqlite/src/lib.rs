//! The sync server's storage on SQLite: one file, no administrator.
//!
//! One thread writes. It takes whatever is waiting, runs each change in a savepoint of one
//! transaction, and answers when that is on the disk, so that a busy server pays for one `fsync`
//! per batch and not per request. Reads run beside it, each on a snapshot of its own.

mod accounts;
mod backup;
mod check;
mod failure;
mod heartbeats;
mod holds;
mod identity;
mod invitations;
mod journal;
mod logs;
mod mailboxes;
mod open;
mod readers;
mod row;
mod schema;
mod sessions;
mod upkeep;
mod vaults;
mod writer;

pub use backup::{BackupError, backup, restore};
pub use check::{CheckError, check};
pub use journal::Journal;
pub use open::{OpenError, Options, SqliteStore};
