//! Copies and checks, on files that are in use, damaged, or on disks that refuse.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use roamkey_proto::{
    AccountId, Bundle, ItemId, MerkleRoot, Pin, Record, RecordHash,
    merkle::{Subtree, key_of},
};
use roamkey_server_store::{Appended, Closing, Logs, NewCommit, NewEntry, NewRecord, Pushed, Quota, Vaults};
use roamkey_store_sqlite::{BackupError, Options, SqliteStore, backup, check, restore};

const ACCOUNT: AccountId = AccountId::new([1; 32]);

#[tokio::test]
async fn a_copy_is_whole_and_of_one_moment_while_others_write() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("server.db"), folder.path().join("copy.db"));
    let store = open(&path);
    found(&store).await;
    let done = AtomicBool::new(false);
    let writing = async {
        let mut seq = 1;
        while !done.load(Ordering::Relaxed) {
            push(&store, seq, 2_000).await;
            seq += 1;
        }
        seq - 1
    };
    let copying = async {
        let (from, to) = (path.clone(), copy.clone());
        let copied = tokio::task::spawn_blocking(move || backup(&from, &to)).await.unwrap();
        done.store(true, Ordering::Relaxed);
        copied
    };
    let (written, copied) = tokio::join!(writing, copying);
    copied.unwrap();
    assert_eq!(check(&copy).unwrap(), [""; 0]);
    let copied = open(&copy).heads(ACCOUNT).await.unwrap().unwrap();
    assert!(copied.vault.seq <= written);
}

/// A copy takes several steps. A writer between two of them must not send it back to its first page each time.
#[tokio::test]
async fn a_large_copy_ends_while_others_write() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("server.db"), folder.path().join("copy.db"));
    let store = open(&path);
    found(&store).await;
    for seq in 1..=50 {
        push(&store, seq, 800_000).await;
    }
    let copying = tokio::task::spawn_blocking({
        let (from, to) = (path.clone(), copy.clone());
        move || backup(&from, &to)
    });
    let mut written = 50;
    while !copying.is_finished() {
        written += 1;
        push(&store, written, 800_000).await;
    }
    copying.await.unwrap().unwrap();
    assert!(fs::metadata(&copy).unwrap().len() > 32 << 20);
    assert_eq!(check(&copy).unwrap(), [""; 0]);
    assert!(open(&copy).heads(ACCOUNT).await.unwrap().unwrap().vault.seq <= written);
}

#[tokio::test]
async fn what_is_restored_is_what_was_copied() {
    let folder = tempfile::tempdir().unwrap();
    let [path, copy, restored] = ["server.db", "copy.db", "restored.db"].map(|name| folder.path().join(name));
    let store = open(&path);
    found(&store).await;
    push(&store, 1, 100).await;
    backup(&path, &copy).unwrap();
    push(&store, 2, 100).await;
    restore(&copy, &restored).unwrap();
    assert_eq!(open(&restored).heads(ACCOUNT).await.unwrap().unwrap().vault.seq, 1);
    assert!(matches!(restore(&copy, &restored), Err(BackupError::Exists { .. })));
    assert!(matches!(backup(&path, &copy), Err(BackupError::Exists { .. })));
}

/// A log of the old database would be played into the new one.
#[tokio::test]
async fn nothing_is_restored_beside_the_log_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let [path, copy] = ["server.db", "copy.db"].map(|name| folder.path().join(name));
    found(&open(&path)).await;
    backup(&path, &copy).unwrap();
    let restored = folder.path().join("restored.db");
    fs::write(folder.path().join("restored.db-wal"), b"x").unwrap();
    assert!(matches!(restore(&copy, &restored), Err(BackupError::Exists { .. })));
    assert!(!restored.exists());
}

#[tokio::test]
async fn a_damaged_page_is_found_named_and_not_copied() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path()).await;
    damage(&path, "records");
    let faults = check(&path).unwrap();
    assert!(faults.iter().any(|fault| fault.starts_with("table records: ")), "{faults:?}");
    let copy = folder.path().join("copy.db");
    let refused = backup(&path, &copy).unwrap_err();
    assert!(matches!(refused, BackupError::Damaged { .. } | BackupError::Copy { .. }), "{refused}");
    assert!(!copy.exists());
}

/// The server says what it is, goes on with what is whole, and the copy from before brings it back.
#[tokio::test]
async fn a_store_on_a_damaged_file_errs_and_does_not_invent() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path()).await;
    let copy = folder.path().join("copy.db");
    backup(&path, &copy).unwrap();
    damage(&path, "records");
    let store = open(&path);
    let heads = store.heads(ACCOUNT).await.unwrap().unwrap();
    let query = roamkey_server_store::PullQuery {
        account: ACCOUNT,
        target: heads.vault,
        commits_after: 0,
        records_after: 0,
        cursor: None,
        limits: roamkey_server_store::PageLimits { commits: 1_000, bytes: 100_000_000 },
    };
    assert!(store.pull(query).await.is_err());
    drop(store);
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", path.display()));
    }
    restore(&copy, &path).unwrap();
    assert!(open(&path).pull(query).await.is_ok());
}

#[tokio::test]
async fn counts_that_are_not_those_of_the_rows_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path()).await;
    rusqlite::Connection::open(&path).unwrap().execute("UPDATE accounts SET records = 9", []).unwrap();
    let faults = check(&path).unwrap();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults.concat().contains("is said to hold 9 records"), "{faults:?}");
}

#[test]
fn what_is_no_database_cannot_be_checked_or_copied() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.db");
    assert!(check(&path).is_err());
    assert!(!path.exists());
    fs::write(&path, [7; 10_000]).unwrap();
    assert!(check(&path).is_err());
    assert!(backup(&path, &folder.path().join("copy.db")).is_err());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// An account from before the store kept a tree has one from its next commit on, of all its records.
#[tokio::test]
async fn an_account_without_a_tree_gets_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path()).await;
    rusqlite::Connection::open(&path).unwrap().execute("DELETE FROM tree", []).unwrap();
    let store = open(&path);
    let wrong = NewCommit { root: MerkleRoot::new([7; 32]), ..commit(51, 3_000) };
    assert_eq!(store.push(wrong).await.unwrap(), Pushed::WrongRoot);
    push(&store, 51, 3_000).await;
    push(&store, 52, 3_000).await;
}

/// A tree that is damaged is an error, and nothing is taken on its word.
#[tokio::test]
async fn a_damaged_tree_takes_no_commit() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path()).await;
    rusqlite::Connection::open(&path).unwrap().execute("DELETE FROM tree WHERE length(path) = 1", []).unwrap();
    let store = open(&path);
    assert!(store.push(commit(51, 3_000)).await.is_err());
    assert_eq!(store.heads(ACCOUNT).await.unwrap().unwrap().vault.seq, 50);
}

/// The log of changes is folded into the file as they come, and not only at the end.
#[tokio::test]
async fn the_log_of_changes_does_not_grow_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.db");
    let store = open(&path);
    found(&store).await;
    for seq in 1..=60 {
        push(&store, seq, 500_000).await;
    }
    let log = fs::metadata(format!("{}-wal", path.display())).unwrap().len();
    assert!(log < 24 << 20, "{log} bytes of log after 30 MB of changes");
}

fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(&Options::new(path)).unwrap()
}

async fn filled(folder: &Path) -> PathBuf {
    let path = folder.join("server.db");
    let store = open(&path);
    found(&store).await;
    for seq in 1..=50 {
        push(&store, seq, 3_000).await;
    }
    path
}

async fn found(store: &SqliteStore) {
    let bundle = Bundle { entry: vec![7; 10], header: None, wraps: Vec::new() };
    let pin = Pin { seq: 1, id: [1; 32] };
    let entry = NewEntry { account: ACCOUNT, prev: Pin::START, pin, bundle, closing: Closing::Unchanged };
    assert!(matches!(store.append(entry).await.unwrap(), Appended::Accepted(_)));
}

async fn push(store: &SqliteStore, seq: u64, bytes: usize) {
    let pushed = store.push(commit(seq, bytes)).await.unwrap();
    assert!(matches!(pushed, Pushed::Accepted(_)), "{pushed:?}");
}

/// The commit at a place, of a vault whose commits put one of fifty items each.
fn commit(seq: u64, bytes: usize) -> NewCommit {
    let pin = |seq: u64| if seq == 0 { Pin::START } else { Pin { seq, id: [seq as u8; 32] } };
    let hash = Record::hash_of(&vec![9; bytes]);
    NewCommit {
        account: ACCOUNT,
        log: Pin { seq: 1, id: [1; 32] },
        prev: pin(seq - 1),
        pin: pin(seq),
        signed: vec![8; 250],
        count: seq.min(50),
        root: root(seq, hash),
        records: vec![NewRecord { item: item(seq), revision: seq, hash, bytes: vec![9; bytes] }],
        quota: Quota { records: 1_000, bytes: 1 << 40 },
        history: None,
    }
}

fn item(seq: u64) -> ItemId {
    ItemId::new([(seq % 50) as u8; 16])
}

fn root(seq: u64, hash: RecordHash) -> MerkleRoot {
    let leaves: BTreeMap<_, _> = (1..=seq.min(50)).map(|seq| (key_of(item(seq)), hash)).collect();
    Subtree::of_leaves(&leaves.into_iter().collect::<Vec<_>>(), 0).root()
}

/// Writes over the first page of a table.
fn damage(path: &Path, table: &str) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let root: u64 =
        connection.query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [table], |row| row.get(0)).unwrap();
    let size: u64 = connection.pragma_query_value(None, "page_size", |row| row.get(0)).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(connection);
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(&[0x55; 512], (root - 1) * size).unwrap();
}
