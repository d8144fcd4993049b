//! A check finds whatever is not what devices signed.

use roamkey_proto::api::Accepted;
use roamkey_server::{ChainReport, Database, Limits, check_chains, open};
use roamkey_test_services::Cluster;
use tokio::runtime::Runtime;

use crate::{device::Device, server::TestServer};

#[test]
fn what_devices_signed_passes_on_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Sqlite(folder.path().join("server.db"));
    fill(&database);
    let report = check(&database);
    assert_eq!((report.accounts, report.faults), (2, vec![]));
}

#[test]
fn what_devices_signed_passes_on_postgresql() {
    let database = Database::Postgres(Cluster::shared().database_url().unwrap());
    fill(&database);
    let report = check(&database);
    assert_eq!((report.accounts, report.faults), (2, vec![]));
}

#[test]
fn whatever_else_there_is_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.db");
    let database = Database::Sqlite(path.clone());
    fill(&database);
    let changes = [
        ("UPDATE records SET record = zeroblob(9) WHERE rowid = 1", "not the one that was signed"),
        ("DELETE FROM records WHERE rowid = 1", "records are missing"),
        ("UPDATE commits SET signed = zeroblob(9) WHERE seq = 1", "commit 1 does not verify"),
        ("DELETE FROM commits WHERE seq = 2", "commits end at 1"),
        ("UPDATE entries SET entry = zeroblob(9) WHERE seq = 2", "log does not verify"),
        ("UPDATE tree SET page = zeroblob(9) WHERE rowid = 1", "the next push makes them anew"),
        ("INSERT INTO tree SELECT account, x'0f0f', page FROM tree LIMIT 1", "the next push makes them anew"),
        ("DELETE FROM wraps; DELETE FROM entries WHERE seq = 2", "log ends at entry 1"),
    ];
    for (number, (change, fault)) in changes.into_iter().enumerate() {
        let copy = folder.path().join(format!("{number}.db"));
        roamkey_store_sqlite::backup(&path, &copy).unwrap();
        rusqlite::Connection::open(&copy).unwrap().execute_batch(change).unwrap();
        let report = check(&Database::Sqlite(copy));
        assert!(report.faults.iter().any(|found| found.contains(fault)), "{change}: {:?}", report.faults);
    }
}

/// Two accounts, of which one has a log of two entries and a vault of two commits.
fn fill(database: &Database) {
    let server = TestServer::start_with(|config| config.database = database.clone());
    let (mut account, token) = server.account(1);
    let added = account.extend(Device::new(2).joins(&account.log), &Device::new(1));
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &added).ok();
    for items in [[1, 2], [2, 3]] {
        let push = account.push(&items);
        let _: Accepted = server.client.post(&account.path("push"), Some(&token), &push).ok();
        account.accepted(&push);
    }
    server.account(2);
}

fn check(database: &Database) -> ChainReport {
    Runtime::new().unwrap().block_on(async {
        let store = open(database, &Limits::default()).await.unwrap();
        check_chains(store.as_ref()).await.unwrap()
    })
}
