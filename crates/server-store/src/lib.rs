//! Storage of the sync server: one small trait a subject, and the contract that every backend keeps.
//!
//! The server itself holds no state that another instance lacks, so sessions, spent challenges,
//! holds and mailboxes live here beside the chains. Every answer of a writing method means that the
//! change is durable. What a caller has to decide about, a lost race or a full quota, is an outcome;
//! an error means that the store could not do its work.

mod accounts;
#[cfg(feature = "contract")]
pub mod contract;
mod error;
mod heartbeats;
mod holds;
mod identity;
mod invitations;
mod logs;
mod mailboxes;
mod restores;
mod sessions;
mod tree;
mod vaults;

pub use accounts::{Accounts, Deleted};
pub use error::{Answer, StoreError};
pub use heartbeats::{Heartbeat, Heartbeats};
pub use holds::{Hold, Holds};
pub use identity::{Identity, ServerSecrets};
pub use invitations::{Invitations, NewInvitation};
pub use logs::{Appended, Closing, Heads, Logs, NewEntry};
pub use mailboxes::{Claimed, MailboxOpening, MailboxSend, Mailboxes, Sent};
pub use restores::{NewRestore, Restored, Restores};
pub use sessions::{Admission, NewSession, Opened, Sessions, TokenHash};
pub use tree::{Grown, PagePath, TreeDamaged, TreeUpdate};
pub use vaults::{
    HistoryCharge, Holdings, NewCommit, NewRecord, PageLimits, PullQuery, Pulled, Pushed, Quota, Replaced, Vaults,
};

use roamkey_proto::Time;

/// Everything that the server keeps.
pub trait Store:
    Identity + Logs + Vaults + Restores + Sessions + Holds + Heartbeats + Mailboxes + Invitations + Accounts
{
    /// Forgets what is over: sessions, spent challenges, holds, mailboxes, invitations that nobody used.
    fn sweep(&self, now: Time) -> Answer<'_, ()>;

    /// Tells whether the store reads and takes writes at the moment.
    fn check(&self) -> Answer<'_, ()>;
}
