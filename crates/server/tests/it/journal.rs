//! A database that is restored to before a removal, beside a journal that is not.

use std::path::Path;

use roamkey_proto::{
    Op,
    api::{Accepted, Heads, Restore},
    problem::Problem,
};
use roamkey_server::Database;
use roamkey_store_sqlite::backup;

use crate::{account::Account, device::Device, server::TestServer};

#[test]
fn a_removed_device_does_not_go_first_after_a_restore() {
    let lost = Removal::new();
    let server = lost.restored();
    let thief = &lost.thief;
    let stolen = server.client.sign_in(lost.account.id(), thief);
    let (stale, path) = (&lost.stale, |end: &str| lost.account.path(end));
    let push = stale.push_by(thief, &[1], |_| {});
    let removes = stale.bundle(Device::revokes_but_keeps(&[&Device::new(1)], &[thief]), thief);
    let own = Restore { bundles: vec![removes.clone()], commits: vec![], records: vec![] };
    let ask = |token: &str| {
        [
            server.client.post(&path("push"), Some(token), &push),
            server.client.post(&path("log"), Some(token), &removes),
            server.client.post(&path("restore"), Some(token), &own),
            server.client.post_bytes(&path("mailboxes"), Some(token), &[]),
        ]
    };
    for refused in ask(&stolen) {
        assert_eq!(refused.problem(), Problem::Held);
        assert!(refused.retry_after.is_some());
    }
    let founder = server.client.sign_in(lost.account.id(), &Device::new(1));
    let restore = Restore { bundles: vec![lost.removal.clone()], commits: vec![], records: vec![] };
    let _: Heads = server.client.post(&path("restore"), Some(&founder), &restore).ok();
    for refused in ask(&stolen) {
        assert_eq!(refused.problem(), Problem::NotAMember);
    }
    let push = lost.account.push(&[1]);
    let _: Accepted = server.client.post(&path("push"), Some(&founder), &push).ok();
}

/// A journal beside accounts that are older than itself: whoever writes before the restore is safe after it.
#[test]
fn a_journal_that_is_set_later_learns_where_logs_are() {
    let lost = Removal::new();
    std::fs::remove_file(lost.path("journal.db")).unwrap();
    let (account, removal) = (&lost.account, &lost.removal);
    {
        let server = start(&lost.path("server.db"), lost.folder.path());
        let token = server.client.sign_in(account.id(), &Device::new(1));
        let push = account.push(&[1]);
        let _: Accepted = server.client.post(&account.path("push"), Some(&token), &push).ok();
    }
    let server = lost.restored();
    let stolen = server.client.sign_in(account.id(), &lost.thief);
    let push = lost.stale.push_by(&lost.thief, &[1], |_| {});
    assert_eq!(server.client.post(&account.path("push"), Some(&stolen), &push).problem(), Problem::Held);
    let founder = server.client.sign_in(account.id(), &Device::new(1));
    let restore = Restore { bundles: vec![removal.clone()], commits: vec![], records: vec![] };
    let _: Heads = server.client.post(&account.path("restore"), Some(&founder), &restore).ok();
}

/// Where nobody is left who could give it back, whoever runs the server lets the account go on.
#[test]
fn an_operator_lets_an_account_go_on() {
    let lost = Removal::new();
    let push = lost.stale.push(&[1]);
    let server = lost.restored();
    let token = server.client.sign_in(lost.account.id(), &Device::new(1));
    assert_eq!(server.client.post(&lost.account.path("push"), Some(&token), &push).problem(), Problem::Held);
    drop(server);
    let forget = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_roamkey-server"));
        command.args(["forget", &lost.account.id().to_string(), "--database", "sqlite:unused", "--journal"]);
        command.arg(lost.path("journal.db")).output().unwrap().status.success()
    };
    assert!(forget());
    assert!(!forget(), "there is nothing more to forget");
    let server = lost.restored();
    let token = server.client.sign_in(lost.account.id(), &Device::new(1));
    let _: Accepted = server.client.post(&lost.account.path("push"), Some(&token), &push).ok();
}

/// A server whose database was copied, and which then took the removal of a device.
struct Removal {
    folder: tempfile::TempDir,
    account: Account,
    /// The same account as of the copy.
    stale: Account,
    thief: Device,
    removal: roamkey_proto::Bundle,
}

impl Removal {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (founder, thief) = (Device::new(1), Device::new(2));
        let server = start(&folder.path().join("server.db"), folder.path());
        let (mut account, token) = server.account(1);
        let mut stale = Account::new(1);
        let append = |bundle: &roamkey_proto::Bundle| {
            let _: Accepted = server.client.post(&stale.path("log"), Some(&token), bundle).ok();
        };
        let added = account.extend(thief.joins(&account.log), &founder);
        append(&added);
        backup(&folder.path().join("server.db"), &folder.path().join("copy.db")).unwrap();
        let removal = account.extend(Device::revokes(&[&thief]), &founder);
        append(&removal);
        stale.log.append_whole(&added).unwrap();
        Self { folder, account, stale, thief, removal }
    }

    fn restored(&self) -> TestServer {
        start(&self.path("copy.db"), self.folder.path())
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

fn start(database: &Path, folder: &Path) -> TestServer {
    TestServer::start_with(|config| {
        config.database = Database::Sqlite(database.to_owned());
        config.journal = Some(folder.join("journal.db"));
    })
}

/// What was answered for is noted: an account that goes on is not held up by its own journal.
#[test]
fn an_account_that_goes_on_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("server.db");
    let mut account = Account::new(1);
    for round in 0..2 {
        let server = start(&database, folder.path());
        crate::server::create(&server.client, &account);
        let token = server.client.sign_in(account.id(), &account.founder);
        let rotated = account.extend(Op::Rotate, &Device::new(1));
        let _: Accepted = server.client.post(&account.path("log"), Some(&token), &rotated).ok();
        let push = account.push(&[round]);
        let _: Accepted = server.client.post(&account.path("push"), Some(&token), &push).ok();
        account.accepted(&push);
    }
}
