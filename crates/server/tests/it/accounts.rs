use roamkey_proto::{
    Chain, Pin,
    api::{Accepted, Heads, ServerInfo},
    problem::Problem,
};
use roamkey_server::Registration;
use roamkey_trust::receipt;

use crate::{account::Account, device::Device, server::TestServer};

#[test]
fn a_new_account_gets_a_receipt_that_verifies() {
    let server = TestServer::start();
    let info: ServerInfo = server.client.get("/v1/server", None).ok();
    assert_eq!(info.versions, [1]);
    let account = Account::new(1);
    let accepted: Accepted = server.client.post("/v1/accounts", None, &account.genesis).ok();
    let receipt = receipt::verify(&accepted.receipt, &info.receipt_key).unwrap();
    assert_eq!((receipt.account, receipt.chain, receipt.pin), (account.id(), Chain::Log, account.log.head()));
}

#[test]
fn heads_are_receipts_of_both_chains() {
    let server = TestServer::start();
    let info: ServerInfo = server.client.get("/v1/server", None).ok();
    let (mut account, token) = server.account(1);
    let heads: Heads = server.client.get(&account.path("heads"), Some(&token)).ok();
    assert_eq!(heads.vault, None);
    let push = account.push(&[1]);
    let _: Accepted = server.client.post(&account.path("push"), Some(&token), &push).ok();
    account.accepted(&push);
    let heads: Heads = server.client.get(&account.path("heads"), Some(&token)).ok();
    let pin = |receipt: &[u8]| -> Pin { receipt::verify(receipt, &info.receipt_key).unwrap().pin };
    assert_eq!((pin(&heads.log), pin(&heads.vault.unwrap())), (account.log.head(), account.head));
}

#[test]
fn an_account_starts_once_and_the_same_genesis_may_come_again() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let _: Accepted = server.client.post("/v1/accounts", None, &account.genesis).ok();
    let bundle = account.extend(Device::new(2).joins(&account.log), &Device::new(1));
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &bundle).ok();
    let _: Accepted = server.client.post("/v1/accounts", None, &account.genesis).ok();
    let mut later = Account::new(1);
    later.genesis = later_genesis();
    assert_eq!(server.client.post("/v1/accounts", None, &later.genesis).problem(), Problem::AccountExists);
}

#[test]
fn a_genesis_that_does_not_verify_is_refused() {
    let server = TestServer::start();
    let mut account = Account::new(1);
    let last = account.genesis.entry.len() - 1;
    account.genesis.entry[last] ^= 1;
    assert_eq!(server.client.post("/v1/accounts", None, &account.genesis).problem(), Problem::Invalid);
    let mut account = Account::new(1);
    account.genesis.wraps.clear();
    assert_eq!(server.client.post("/v1/accounts", None, &account.genesis).problem(), Problem::Invalid);
    let mut account = Account::new(1);
    account.genesis.header = None;
    assert_eq!(server.client.post("/v1/accounts", None, &account.genesis).problem(), Problem::Invalid);
}

#[test]
fn a_closed_server_takes_no_new_accounts() {
    let server = TestServer::start_with(|config| config.registration = Registration::Closed);
    let account = Account::new(1);
    assert_eq!(server.client.post("/v1/accounts", None, &account.genesis).problem(), Problem::NotInvited);
}

#[test]
fn an_address_cannot_start_accounts_without_end() {
    let server = TestServer::start_with(|config| config.limits.registration_burst = 2);
    for salt in 1..=2 {
        let _: Accepted = server.client.post("/v1/accounts", None, &Account::new(salt).genesis).ok();
    }
    let refused = server.client.post("/v1/accounts", None, &Account::new(3).genesis);
    assert_eq!(refused.problem(), Problem::RateLimited);
    assert!(refused.retry_after.unwrap() >= 1);
}

/// A second genesis of the account that [`Account::new`] starts: the same operation at another time.
fn later_genesis() -> roamkey_proto::Bundle {
    let founder = Device::new(1);
    let mut salt = [0; 32];
    salt[7] = 1;
    let genesis = roamkey_proto::Genesis { device: founder.keys.clone(), salt };
    let draft = roamkey_trust::Draft::genesis(genesis, crate::device::NOW.plus_millis(1)).unwrap();
    crate::device::finish(draft, &founder)
}
