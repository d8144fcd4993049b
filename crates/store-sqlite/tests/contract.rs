//! The contract of the store, on SQLite.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::ops::Deref;

use roamkey_store_sqlite::{Options, SqliteStore};

roamkey_server_store::contract_tests!(FreshStore::open());

struct FreshStore {
    store: SqliteStore,
    /// Removed when the test ends.
    _folder: tempfile::TempDir,
}

impl FreshStore {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&Options::new(folder.path().join("server.db"))).unwrap();
        Self { store, _folder: folder }
    }
}

impl Deref for FreshStore {
    type Target = SqliteStore;
    fn deref(&self) -> &SqliteStore {
        &self.store
    }
}
