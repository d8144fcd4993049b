//! What every [`LocalStore`] must do, as tests that each backend calls.

#![expect(clippy::unwrap_used, reason = "these are tests, and fail by panicking")]

use roamkey_sync::{Batch, StoreKey, Table};

use super::LocalStore;

/// Runs the whole contract, each part on a store of its own, empty at first.
///
/// # Panics
/// When the store breaks the contract.
pub async fn all<S: LocalStore>(mut empty: impl FnMut() -> S) {
    rows_come_back_in_the_order_asked_for(&empty()).await;
    a_later_write_of_a_batch_wins(&empty()).await;
    a_removed_row_is_gone(&empty()).await;
    tables_do_not_mix(&empty()).await;
    a_scan_goes_in_the_order_of_bytes(&empty()).await;
    a_scan_ends_at_its_limit_and_goes_on_after_a_key(&empty()).await;
    the_empty_key_is_a_key(&empty()).await;
    clearing_leaves_nothing(&empty()).await;
}

async fn rows_come_back_in_the_order_asked_for(store: &impl LocalStore) {
    write(store, &[(Table::Pages, b"a", b"1"), (Table::Log, b"b", b"2")]).await;
    let keys = [key(Table::Log, b"b"), key(Table::Log, b"none"), key(Table::Pages, b"a"), key(Table::Log, b"b")];
    let expected = [Some(b"2".to_vec()), None, Some(b"1".to_vec()), Some(b"2".to_vec())];
    assert_eq!(store.load(&keys).await.unwrap(), expected);
}

async fn a_later_write_of_a_batch_wins(store: &impl LocalStore) {
    write(store, &[(Table::Client, b"k", b"first"), (Table::Client, b"k", b"second")]).await;
    assert_eq!(read(store, Table::Client, b"k").await, Some(b"second".to_vec()));
}

async fn a_removed_row_is_gone(store: &impl LocalStore) {
    write(store, &[(Table::Pending, b"k", b"v")]).await;
    let mut batch = Batch::default();
    batch.remove(key(Table::Pending, b"k"));
    batch.remove(key(Table::Pending, b"never was"));
    store.apply(batch).await.unwrap();
    assert_eq!(read(store, Table::Pending, b"k").await, None);
    assert!(store.scan(Table::Pending, None, 10).await.unwrap().is_empty());
}

async fn tables_do_not_mix(store: &impl LocalStore) {
    for (number, table) in Table::ALL.into_iter().enumerate() {
        write(store, &[(table, b"k", &[u8::try_from(number).unwrap()])]).await;
    }
    for (number, table) in Table::ALL.into_iter().enumerate() {
        let value = vec![u8::try_from(number).unwrap()];
        assert_eq!(store.scan(table, None, 10).await.unwrap(), [(b"k".to_vec(), value)], "{}", table.name());
    }
}

async fn a_scan_goes_in_the_order_of_bytes(store: &impl LocalStore) {
    let keys: [&[u8]; 6] = [b"\xff", b"a", b"", b"aa", b"\x00", b"\x7f"];
    for name in keys {
        write(store, &[(Table::Index, name, b"")]).await;
    }
    let found: Vec<_> = store.scan(Table::Index, None, 10).await.unwrap().into_iter().map(|(key, _)| key).collect();
    let mut sorted = keys.map(<[u8]>::to_vec);
    sorted.sort();
    assert_eq!(found, sorted);
}

async fn a_scan_ends_at_its_limit_and_goes_on_after_a_key(store: &impl LocalStore) {
    for number in 0..5_u8 {
        write(store, &[(Table::Commits, &[number], b"v")]).await;
    }
    let keys = async |after: Option<&[u8]>, limit| {
        let rows = store.scan(Table::Commits, after, limit).await.unwrap();
        rows.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert_eq!(keys(None, 2).await, [[0], [1]]);
    assert_eq!(keys(Some(&[1]), 2).await, [[2], [3]]);
    assert_eq!(keys(Some(&[3]), 2).await, [[4]]);
    assert_eq!(keys(Some(&[2, 0]), 1).await, [[3]]);
    assert_eq!(keys(None, 0).await, Vec::<Vec<u8>>::new());
}

async fn the_empty_key_is_a_key(store: &impl LocalStore) {
    write(store, &[(Table::Meta, b"", b"")]).await;
    assert_eq!(read(store, Table::Meta, b"").await, Some(Vec::new()));
    assert_eq!(store.scan(Table::Meta, None, 1).await.unwrap().len(), 1);
    assert!(store.scan(Table::Meta, Some(b""), 1).await.unwrap().is_empty());
}

async fn clearing_leaves_nothing(store: &impl LocalStore) {
    write(store, &[(Table::Log, b"a", b"1"), (Table::Pins, b"", b"2")]).await;
    store.clear().await.unwrap();
    for table in Table::ALL {
        assert!(store.scan(table, None, 1).await.unwrap().is_empty(), "{}", table.name());
    }
}

async fn write(store: &impl LocalStore, rows: &[(Table, &[u8], &[u8])]) {
    let mut batch = Batch::default();
    for (table, name, value) in rows {
        batch.put(key(*table, name), value.to_vec());
    }
    store.apply(batch).await.unwrap();
}

async fn read(store: &impl LocalStore, table: Table, name: &[u8]) -> Option<Vec<u8>> {
    store.load(&[key(table, name)]).await.unwrap().remove(0)
}

fn key(table: Table, name: &[u8]) -> StoreKey {
    StoreKey::new(table, name)
}
