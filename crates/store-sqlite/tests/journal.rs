//! The journal of trust logs.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use roamkey_proto::{AccountId, Pin};
use roamkey_store_sqlite::{Journal, OpenError};

const ACCOUNT: AccountId = AccountId::new([1; 32]);

#[tokio::test]
async fn what_was_noted_never_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let pin = |seq: u64, id: u8| Pin { seq, id: [id; 32] };
    let journal = Journal::open(&path).unwrap();
    assert_eq!(journal.newest(ACCOUNT).await.unwrap(), None);
    for (noted, newest) in
        [(pin(2, 2), pin(2, 2)), (pin(1, 1), pin(2, 2)), (pin(2, 9), pin(2, 2)), (pin(3, 3), pin(3, 3))]
    {
        journal.note(ACCOUNT, noted).await.unwrap();
        assert_eq!(journal.newest(ACCOUNT).await.unwrap(), Some(newest));
    }
    drop(journal);
    let journal = Journal::open(&path).unwrap();
    assert_eq!(journal.newest(ACCOUNT).await.unwrap(), Some(pin(3, 3)));
    assert_eq!(journal.newest(AccountId::new([2; 32])).await.unwrap(), None);
    assert!(journal.forget(ACCOUNT).await.unwrap());
    assert!(!journal.forget(ACCOUNT).await.unwrap());
    assert_eq!(journal.newest(ACCOUNT).await.unwrap(), None);
}

#[test]
fn a_journal_of_a_newer_server_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 9).unwrap();
    assert!(matches!(Journal::open(&path).unwrap_err(), OpenError::UpdateNeeded { found: 9, .. }));
}
