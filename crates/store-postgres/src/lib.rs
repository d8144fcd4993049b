//! The sync server's storage on PostgreSQL: for several instances, and for a database with a standby.
//!
//! Each change is one transaction in one account, which locks the account's row first, so that it is
//! right at any isolation level. What a database of several machines does to a transaction (a
//! serialisation failure, a fail-over, an answer to `COMMIT` that never arrives) is met by running
//! it again: every change that was made already is recognised by its content and answered as made.
//!
//! Only what `docs/databases.md` lists of PostgreSQL is used, so that CockroachDB, YugabyteDB and
//! Citus can serve too.

mod accounts;
mod failure;
mod heartbeats;
mod holds;
mod identity;
mod invitations;
mod logs;
mod mailboxes;
mod news;
mod open;
mod options;
mod pool;
mod row;
mod schema;
mod session;
mod sessions;
mod tls;
mod upkeep;
mod vaults;
mod work;

pub use news::Listener;
pub use open::{OpenError, PostgresStore};
pub use options::{Options, OptionsError};
