use roamkey_proto::{
    Bundle, Op,
    api::{Accepted, LogPage},
    problem::Problem,
};
use roamkey_trust::Log;

use crate::{account::Account, device::Device, http::Answer, server::TestServer};

#[test]
fn an_entry_is_read_back_with_the_askers_wrap_only() {
    let server = TestServer::start();
    let (account, token, second, others) = pair(&server);
    let page: LogPage = server.client.get(&account.path("log?since=0"), Some(&token)).ok();
    assert!(!page.more);
    assert_eq!(Log::replay(&page.bundles).unwrap(), account.log);
    assert!(only_for(&page, &account.founder) && page.bundles[1].wraps.len() == 1);
    let page: LogPage = server.client.get(&account.path("log?since=1"), Some(&others)).ok();
    assert!(page.bundles.len() == 1 && page.bundles[0].wraps.len() == 1 && only_for(&page, &second));
    let page: LogPage = server.client.get(&account.path("log?since=99"), Some(&others)).ok();
    assert!(page.bundles.is_empty() && !page.more);
}

#[test]
fn a_long_log_comes_in_pages() {
    let server = TestServer::start_with(|config| config.limits.entry_burst = 200);
    let (mut account, token) = server.account(1);
    for _ in 0..104 {
        let bundle = account.extend(Op::Rotate, &Device::new(1));
        let _: Accepted = append(&server, &account, &token, &bundle).ok();
    }
    let mut bundles = Vec::new();
    loop {
        let path = account.path(&format!("log?since={}", bundles.len()));
        let page: LogPage = server.client.get(&path, Some(&token)).ok();
        bundles.extend(page.bundles);
        if !page.more {
            break;
        }
    }
    assert_eq!(Log::replay(&bundles).unwrap(), account.log);
}

#[test]
fn a_bundle_sent_again_is_accepted_again() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let bundle = account.extend(Op::Rotate, &Device::new(1));
    let first: Accepted = append(&server, &account, &token, &bundle).ok();
    assert_eq!(append(&server, &account, &token, &bundle).ok::<Accepted>(), first);
    let later = account.extend(Op::Rotate, &Device::new(1));
    let _: Accepted = append(&server, &account, &token, &later).ok();
    assert_eq!(append(&server, &account, &token, &bundle).ok::<Accepted>(), first);
}

#[test]
fn an_entry_beside_the_newest_is_a_conflict() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let beside = account.bundle(Device::new(2).joins(&account.log), &Device::new(1));
    let bundle = account.extend(Op::Rotate, &Device::new(1));
    let ahead = account.bundle(Op::Rotate, &Device::new(1));
    assert_eq!(append(&server, &account, &token, &ahead).problem(), Problem::Conflict);
    let _: Accepted = append(&server, &account, &token, &bundle).ok();
    assert_eq!(append(&server, &account, &token, &beside).problem(), Problem::Conflict);
}

#[test]
fn an_entry_by_another_device_than_the_session_is_refused() {
    let server = TestServer::start();
    let (account, token, second, _) = pair(&server);
    let bundle = account.bundle(Op::Rotate, &second);
    assert_eq!(append(&server, &account, &token, &bundle).problem(), Problem::Invalid);
}

#[test]
fn a_bundle_that_is_not_whole_is_refused() {
    let server = TestServer::start();
    let (account, token, ..) = pair(&server);
    let bends: [fn(&mut Bundle); 5] = [
        |bundle| bundle.header = None,
        |bundle| bundle.header.as_mut().unwrap()[40] ^= 1,
        |bundle| drop(bundle.wraps.pop()),
        |bundle| bundle.wraps[0].wrap[0] ^= 1,
        |bundle| bundle.entry[60] ^= 1,
    ];
    for bend in bends {
        let mut bundle = account.bundle(Op::Rotate, &account.founder);
        bend(&mut bundle);
        assert_eq!(append(&server, &account, &token, &bundle).problem(), Problem::Invalid);
    }
    let bundle = account.bundle(Op::Rotate, &account.founder);
    let _: Accepted = append(&server, &account, &token, &bundle).ok();
}

#[test]
fn a_revocation_that_met_a_conflict_goes_first() {
    let server = TestServer::start();
    let (mut account, token, second, others) = pair(&server);
    let late = account.bundle(Device::revokes(&[&second]), &account.founder);
    let rotated = account.extend(Op::Rotate, &second);
    let _: Accepted = append(&server, &account, &others, &rotated).ok();
    assert_eq!(append(&server, &account, &token, &late).problem(), Problem::Conflict);
    let rotated = account.bundle(Op::Rotate, &second);
    let held = append(&server, &account, &others, &rotated);
    assert_eq!(held.problem(), Problem::Held);
    assert!((1..=10).contains(&held.retry_after.unwrap()));
    let push = account.push_by(&second, &[1], |_| {});
    assert_eq!(server.client.post(&account.path("push"), Some(&others), &push).problem(), Problem::Held);
    let revoked = account.extend(Device::revokes(&[&second]), &Device::new(1));
    let _: Accepted = append(&server, &account, &token, &revoked).ok();
}

#[test]
fn a_thief_cannot_hold_its_own_revocation() {
    let server = TestServer::start();
    let (mut account, token, thief, others) = pair(&server);
    let stale = account.bundle(Device::revokes_but_keeps(&[&account.founder], &[&thief]), &thief);
    let rotated = account.extend(Op::Rotate, &Device::new(1));
    let _: Accepted = append(&server, &account, &token, &rotated).ok();
    assert_eq!(append(&server, &account, &others, &stale).problem(), Problem::Conflict);
    let held = account.bundle(Op::Rotate, &account.founder);
    assert_eq!(append(&server, &account, &token, &held).problem(), Problem::Held);
    let revoked = account.extend(Device::revokes(&[&thief]), &Device::new(1));
    let _: Accepted = append(&server, &account, &token, &revoked).ok();
}

#[test]
fn a_thief_that_fills_the_log_is_slowed_and_its_revocation_is_not() {
    let server = TestServer::start_with(|config| config.limits.entry_burst = 3);
    let (mut account, token, second, others) = pair(&server);
    for _ in 0..2 {
        let rotated = account.extend(Op::Rotate, &second);
        let _: Accepted = append(&server, &account, &others, &rotated).ok();
    }
    let beyond = account.bundle(Op::Rotate, &second);
    assert_eq!(append(&server, &account, &others, &beyond).problem(), Problem::RateLimited);
    let revoked = account.extend(Device::revokes(&[&second]), &Device::new(1));
    let _: Accepted = append(&server, &account, &token, &revoked).ok();
}

#[test]
fn anothers_old_revocation_holds_nothing() {
    let server = TestServer::start();
    let (mut account, token, second, others) = pair(&server);
    let founders = account.bundle(Device::revokes(&[&second]), &account.founder);
    let rotated = account.extend(Op::Rotate, &Device::new(1));
    let _: Accepted = append(&server, &account, &token, &rotated).ok();
    assert_eq!(append(&server, &account, &others, &founders).problem(), Problem::Conflict);
    let rotated = account.extend(Op::Rotate, &Device::new(1));
    let _: Accepted = append(&server, &account, &token, &rotated).ok();
}

/// An account with a second device, and a session of each.
fn pair(server: &TestServer) -> (Account, String, Device, String) {
    let (mut account, token) = server.account(1);
    let second = Device::new(2);
    let added = account.extend(second.joins(&account.log), &Device::new(1));
    let _: Accepted = append(server, &account, &token, &added).ok();
    let others = server.client.sign_in(account.id(), &second);
    (account, token, second, others)
}

fn append(server: &TestServer, account: &Account, token: &str, bundle: &Bundle) -> Answer {
    server.client.post(&account.path("log"), Some(token), bundle)
}

fn only_for(page: &LogPage, device: &Device) -> bool {
    page.bundles.iter().flat_map(|bundle| &bundle.wraps).all(|wrap| wrap.recipient == device.id)
}
