#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use roamkey_client::{LocalStore as _, StoreError, store::contract};
use roamkey_sync::{Batch, StoreKey, Table};
use rusqlite::Connection;
use tempfile::TempDir;

use super::{SqliteStore, VERSION};

fn write(store: &SqliteStore, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
    let mut batch = Batch::default();
    batch.put(StoreKey::new(Table::Client, key), value.to_vec());
    pollster::block_on(store.apply(batch))
}

fn read(store: &SqliteStore, key: &[u8]) -> Option<Vec<u8>> {
    pollster::block_on(store.load(&[StoreKey::new(Table::Client, key)])).unwrap().remove(0)
}

#[test]
fn the_sqlite_store_keeps_the_contract() {
    let folder = TempDir::new().unwrap();
    let mut number = 0;
    pollster::block_on(contract::all(|| {
        number += 1;
        SqliteStore::open(&folder.path().join(format!("{number}.sqlite"))).unwrap()
    }));
}

#[test]
fn what_was_written_is_there_after_opening_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("device.sqlite");
    write(&SqliteStore::open(&path).unwrap(), b"k", b"v").unwrap();
    assert_eq!(read(&SqliteStore::open(&path).unwrap(), b"k").as_deref(), Some(b"v".as_slice()));
}

/// The first release's schema, written down here so that a change of [`STEPS`] shows.
const VERSION_1: &str = "
    CREATE TABLE rows (kind TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, key))
        WITHOUT ROWID, STRICT;
    INSERT INTO rows VALUES ('client', x'6b', x'76');
    PRAGMA application_id = 1380672630;
    PRAGMA user_version = 1;";

#[test]
fn a_store_of_the_first_release_opens() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("device.sqlite");
    Connection::open(&path).unwrap().execute_batch(VERSION_1).unwrap();
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(read(&store, b"k").as_deref(), Some(b"v".as_slice()));
    let version: u32 = store.connection.borrow().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, VERSION);
}

#[test]
fn a_store_of_a_newer_release_asks_for_an_update_and_stays_as_it_is() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("device.sqlite");
    drop(SqliteStore::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", VERSION + 1).unwrap();
    assert_eq!(SqliteStore::open(&path).unwrap_err(), StoreError::UpdateNeeded);
}

#[test]
fn a_file_of_another_program_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("device.sqlite");
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 1; PRAGMA application_id = 7").unwrap();
    assert!(matches!(SqliteStore::open(&path), Err(StoreError::Damaged(_))));
    std::fs::write(&path, "this is no database, but some text that is long enough to be taken for one").unwrap();
    assert!(matches!(SqliteStore::open(&path), Err(StoreError::Damaged(_))));
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("device.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    write(&store, b"k", b"v").unwrap();
    for entry in folder.path().read_dir().unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.file_name());
    }
}

#[test]
fn a_full_store_says_so_and_keeps_what_it_had() {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(&folder.path().join("device.sqlite")).unwrap();
    write(&store, b"k", b"before").unwrap();
    let pages: u32 = store.connection.borrow().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    store.connection.borrow().pragma_update(None, "max_page_count", pages).unwrap();
    assert_eq!(write(&store, b"k", &[7; 100_000]), Err(StoreError::Full));
    assert_eq!(read(&store, b"k").as_deref(), Some(b"before".as_slice()));
    store.connection.borrow().pragma_update(None, "max_page_count", 100_000).unwrap();
    write(&store, b"k", b"after").unwrap();
}
