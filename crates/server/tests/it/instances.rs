//! Two instances on one PostgreSQL: whatever one of them knows, the other does.

use roamkey_proto::api::{Accepted, MailboxClaimed, MailboxOpened, PullPage, PullRequest, Wake};
use roamkey_server::Database;
use roamkey_test_services::{Cluster, Nats};

use crate::{
    device::Device,
    server::TestServer,
    wake::{Socket, open, wake},
};

#[test]
fn a_session_and_a_vault_of_one_instance_serve_at_the_other() {
    let [one, other] = pair(None);
    let (mut account, token) = one.account(1);
    let push = account.push(&[1, 2]);
    let _: Accepted = other.client.post(&account.path("push"), Some(&token), &push).ok();
    account.accepted(&push);
    let request = PullRequest { target: account.head, commits_after: 0, records_after: 0, cursor: None };
    let page: PullPage = one.client.post(&account.path("pull"), Some(&token), &request).ok();
    assert_eq!((page.commits.len(), page.records.len()), (1, 2));
}

#[test]
fn a_revocation_at_one_instance_counts_at_the_other_at_once() {
    let [one, other] = pair(None);
    let (mut account, token) = one.account(1);
    let (founder, second) = (Device::new(1), Device::new(2));
    let added = account.extend(second.joins(&account.log), &founder);
    let _: Accepted = one.client.post(&account.path("log"), Some(&token), &added).ok();
    let seconds_token = other.client.sign_in(account.id(), &second);
    assert_eq!(other.client.get(&account.path("heads"), Some(&seconds_token)).status, 200);
    let revoked = account.extend(Device::revokes(&[&second]), &founder);
    let _: Accepted = one.client.post(&account.path("log"), Some(&token), &revoked).ok();
    let refused = other.client.get(&account.path("heads"), Some(&seconds_token));
    assert_eq!(refused.problem(), roamkey_proto::problem::Problem::NotAMember);
}

#[test]
fn two_sides_meet_in_a_mailbox_through_different_instances() {
    let [one, other] = pair(None);
    let (account, token) = one.account(1);
    let opened: MailboxOpened = one.client.post_bytes(&account.path("mailboxes"), Some(&token), b"").ok();
    let claim = format!("/v1/mailboxes/{}/claim", opened.number);
    let _: MailboxClaimed = other.client.post_bytes(&claim, None, b"").ok();
}

#[test]
fn an_append_at_one_instance_wakes_the_sockets_of_the_other() {
    wakes_across(None);
}

#[test]
fn wake_ups_go_over_nats_where_there_is_one() {
    let nats = Nats::start().unwrap();
    wakes_across(Some(nats.url()));
}

/// A connection that broke may have carried news: they are looked up.
#[test]
fn what_an_instance_missed_it_looks_up() {
    let address = Cluster::shared().database_url().unwrap();
    let [one, other] = [(); 2].map(|()| instance(&address, None));
    let (account, token) = one.account(1);
    let mut socket = open(&other, &account, &token);
    assert_eq!(wake(&mut socket), Ok(Wake { log: 1, vault: 0 }));
    deafen(&address);
    let _: Accepted = one.client.post(&account.path("push"), Some(&token), &account.push(&[1])).ok();
    hears_of(&mut socket, 1);
}

fn wakes_across(nats: Option<&str>) {
    let [one, other] = pair(nats);
    let (mut account, token) = one.account(1);
    let mut socket = open(&other, &account, &token);
    assert_eq!(wake(&mut socket), Ok(Wake { log: 1, vault: 0 }));
    for seq in 1..=3 {
        let push = account.push(&[1]);
        let _: Accepted = one.client.post(&account.path("push"), Some(&token), &push).ok();
        account.accepted(&push);
        hears_of(&mut socket, seq);
    }
}

/// Waits for the news of a commit. What was said before may be said again: an instance that begins to listen looks it up.
fn hears_of(socket: &mut Socket, vault: u64) {
    loop {
        let heard = wake(socket).unwrap();
        if heard.vault >= vault {
            return assert_eq!(heard, Wake { log: 1, vault });
        }
    }
}

fn pair(nats: Option<&str>) -> [TestServer; 2] {
    let address = Cluster::shared().database_url().unwrap();
    [(); 2].map(|()| instance(&address, nats))
}

fn instance(address: &str, nats: Option<&str>) -> TestServer {
    TestServer::start_with(|config| {
        config.database = Database::Postgres(address.to_owned());
        config.nats = nats.map(ToOwned::to_owned);
    })
}

/// Ends the connections on which instances listen.
fn deafen(address: &str) {
    let database = address.rsplit('/').next().unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE query = 'LISTEN roamkey' AND datname = current_database()";
    let mut ended = 0;
    // They listen soon after the start, and not before its end.
    while ended < 2 {
        ended += Cluster::shared().sql(database, end).unwrap().lines().filter(|line| *line == "t").count();
    }
}
