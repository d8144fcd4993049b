//! A realm's storage: a folder with two SQLite files and a key.
//!
//! | file | holds | belongs in a backup |
//! | --- | --- | --- |
//! | `accounts.db` | what is kept of each account | yes |
//! | `marks.db` | how far each account was counted | no: it is what a backup cannot know |
//! | `key` | the realm's secret, readable by its owner alone | by itself, where the accounts are not |
//!
//! [`RealmStore::run`] carries out a [command](roamkey_realm::Command): what comes of it has been synced to both files. Several
//! processes may work on one folder.

mod files;
mod key;
mod store;

pub use files::OpenError;
pub use key::KeyError;
pub use store::{RealmStore, StoreError};
