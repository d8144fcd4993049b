//! The end of an account, by its own log.

use roamkey_proto::{
    Close, Op, Time,
    api::{Accepted, SignIn},
    limits,
    problem::Problem,
};
use roamkey_server_store::{Accounts, Deleted};
use roamkey_store_sqlite::{Options, SqliteStore};

use crate::{
    account::Account,
    device::{Device, NOW},
    server::TestServer,
};

#[test]
fn a_closing_counts_a_week_by_the_servers_own_clock() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    // The author's clock is years ahead or behind: the week begins when the server hears of it.
    let close = Op::Close(Close { not_before: NOW.plus_millis(limits::CLOSE_WAIT_MS) });
    append(&server, &mut account, &token, close);
    let store = server.store();
    let (from, until) = week_from_now();
    let is_due = |time| !block_on(store.due(time, 10)).unwrap().is_empty();
    assert!(!is_due(from));
    assert!(is_due(until.max(NOW.plus_millis(limits::CLOSE_WAIT_MS))));
}

#[test]
fn a_closing_that_is_called_off_or_whose_author_is_removed_ends_nothing() {
    let server = TestServer::start_with(|config| config.limits.entry_burst = 4);
    let (mut account, token) = server.account(1);
    let (founder, thief) = (Device::new(1), Device::new(2));
    let join = account.extend(thief.joins(&account.log), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &join).ok();
    let close = || Op::Close(Close { not_before: NOW.plus_millis(limits::CLOSE_WAIT_MS) });
    append(&server, &mut account, &token, close());
    append(&server, &mut account, &token, Op::CancelClose);
    let store = server.store();
    assert!(block_on(store.due(Time(u64::MAX), 10)).unwrap().is_empty());

    let stolen = server.client.sign_in(account.id(), &thief);
    let asked = account.extend(close(), &thief);
    let _: Accepted = server.client.post(&account.path("log"), Some(&stolen), &asked).ok();
    assert!(!block_on(store.due(Time(u64::MAX), 10)).unwrap().is_empty());
    append(&server, &mut account, &token, Device::revokes(&[&thief]));
    assert!(block_on(store.due(Time(u64::MAX), 10)).unwrap().is_empty());
    // However many entries a thief made, calling it off is never too many.
    append(&server, &mut account, &token, close());
    let rotate = account.bundle(Op::Rotate, &founder);
    assert_eq!(server.client.post(&account.path("log"), Some(&token), &rotate).problem(), Problem::RateLimited);
    append(&server, &mut account, &token, Op::CancelClose);
}

#[test]
fn an_account_that_ended_says_so_and_does_not_start_again() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let (other, others_token) = server.account(2);
    let close = Op::Close(Close { not_before: NOW.plus_millis(limits::CLOSE_WAIT_MS) });
    append(&server, &mut account, &token, close);
    let store = server.store();
    while block_on(store.delete(account.id(), Time(u64::MAX), 1)).unwrap() != Deleted::Done {}
    assert_eq!(server.client.get(&account.path("heads"), Some(&token)).problem(), Problem::Unauthorized);
    let challenge = server.client.challenge(account.id(), &account.founder).challenge;
    let proof = account.founder.proof(account.id(), &server.client.url, challenge);
    assert_eq!(server.client.post("/v1/sessions", None, &SignIn { proof }).problem(), Problem::AccountClosed);
    assert_eq!(server.client.post("/v1/accounts", None, &account.genesis).problem(), Problem::AccountClosed);
    assert_eq!(server.client.get(&other.path("heads"), Some(&others_token)).status, 200);
}

fn append(server: &TestServer, account: &mut Account, token: &str, op: Op) {
    let bundle = account.extend(op, &Device::new(1));
    let _: Accepted = server.client.post(&account.path("log"), Some(token), &bundle).ok();
}

/// A moment that is surely within a week from now, and one that is surely not.
fn week_from_now() -> (Time, Time) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = Time(u64::try_from(now.as_millis()).unwrap());
    (Time(now.0 + limits::CLOSE_WAIT_MS - 60_000), now.plus_millis(limits::CLOSE_WAIT_MS + 60_000))
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

impl TestServer {
    /// A second look at its database, as an operator's command has it.
    fn store(&self) -> SqliteStore {
        SqliteStore::open(&Options::new(self.database())).unwrap()
    }
}
