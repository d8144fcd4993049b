use roamkey_proto::{
    AccountId, Nonce, Op,
    api::{Accepted, Challenge, Heads, Session, SignIn},
    limits,
    problem::Problem,
};

use crate::{account::Account, device::Device, server::TestServer};

#[test]
fn a_member_signs_in_by_its_write_key() {
    let server = TestServer::start();
    let account = Account::new(1);
    crate::server::create(&server.client, &account);
    let session: Session = server.client.try_sign_in(account.id(), &account.founder).ok();
    assert_eq!(session.lifetime_ms, limits::SESSION_LIFETIME_MS);
    let _: Heads = server.client.get(&account.path("heads"), Some(&session.token.to_string())).ok();
}

#[test]
fn a_proof_opens_one_session() {
    let server = TestServer::start();
    let (account, _) = server.account(1);
    let Challenge { challenge } = server.client.challenge(account.id(), &account.founder);
    let sign_in = SignIn { proof: account.founder.proof(account.id(), &server.client.url, challenge) };
    let _: Session = server.client.post("/v1/sessions", None, &sign_in).ok();
    assert_eq!(server.client.post("/v1/sessions", None, &sign_in).problem(), Problem::Unauthorized);
}

#[test]
fn a_proof_for_another_server_opens_nothing() {
    let server = TestServer::start();
    let (account, _) = server.account(1);
    let Challenge { challenge } = server.client.challenge(account.id(), &account.founder);
    let sign_in = SignIn { proof: account.founder.proof(account.id(), "https://evil.example", challenge) };
    assert_eq!(server.client.post("/v1/sessions", None, &sign_in).problem(), Problem::Unauthorized);
}

#[test]
fn an_own_or_anothers_challenge_opens_nothing() {
    let server = TestServer::start();
    let (account, _) = server.account(1);
    let Challenge { challenge } = server.client.challenge(account.id(), &Device::new(9));
    for challenge in [challenge, Nonce::new([0; 32]), Nonce::new([255; 32])] {
        let sign_in = SignIn { proof: account.founder.proof(account.id(), &server.client.url, challenge) };
        assert_eq!(server.client.post("/v1/sessions", None, &sign_in).problem(), Problem::Unauthorized);
    }
}

#[test]
fn strangers_get_one_answer_whether_the_account_is_there_or_not() {
    let server = TestServer::start();
    let (account, _) = server.account(1);
    let stranger = Device::new(9);
    let here = server.client.try_sign_in(account.id(), &stranger);
    let nowhere = server.client.try_sign_in(AccountId::new([9; 32]), &stranger);
    assert_eq!(here.problem(), Problem::Unauthorized);
    assert_eq!((here.status, &here.body), (nowhere.status, &nowhere.body));
    let mut forger = Device::new(9);
    forger.id = account.founder.id;
    assert_eq!(server.client.try_sign_in(account.id(), &forger).body, here.body);
}

#[test]
fn a_session_is_of_one_account() {
    let server = TestServer::start();
    let (account, token) = server.account(1);
    let (other, _) = server.account(2);
    for token in [None, Some("00"), Some(&"0".repeat(64)), Some(token.as_str())] {
        assert_eq!(server.client.get(&other.path("heads"), token).problem(), Problem::Unauthorized);
    }
    let _: Heads = server.client.get(&account.path("heads"), Some(&token)).ok();
}

#[test]
fn a_session_dies_with_revocation() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let (founder, second) = (Device::new(1), Device::new(2));
    let added = account.extend(second.joins(&account.log), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &added).ok();
    let others = server.client.sign_in(account.id(), &second);
    let revoked = account.extend(Device::revokes(&[&second]), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &revoked).ok();
    assert_eq!(server.client.get(&account.path("heads"), Some(&others)).problem(), Problem::NotAMember);
    assert_eq!(server.client.try_sign_in(account.id(), &second).problem(), Problem::NotAMember);
    let _: Heads = server.client.get(&account.path("heads"), Some(&token)).ok();
}

#[test]
fn a_session_dies_with_leaving() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let (founder, second) = (Device::new(1), Device::new(2));
    let added = account.extend(second.joins(&account.log), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &added).ok();
    let others = server.client.sign_in(account.id(), &second);
    let left = account.extend(Op::Leave, &second);
    let _: Accepted = server.client.post(&account.path("log"), Some(&others), &left).ok();
    assert_eq!(server.client.get(&account.path("heads"), Some(&others)).problem(), Problem::NotAMember);
}

#[test]
fn a_session_dies_with_renewal_and_the_new_key_opens_one() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let renewed = account.founder.renewed(7);
    let bundle = account.extend(renewed.renews(&account.log), &renewed);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &bundle).ok();
    assert_eq!(server.client.get(&account.path("heads"), Some(&token)).problem(), Problem::Unauthorized);
    assert_eq!(server.client.try_sign_in(account.id(), &account.founder).problem(), Problem::Unauthorized);
    let token = server.client.sign_in(account.id(), &renewed);
    let _: Heads = server.client.get(&account.path("heads"), Some(&token)).ok();
}

#[test]
fn an_address_cannot_try_sign_ins_without_end() {
    let server = TestServer::start_with(|config| {
        config.limits.sign_in_burst = 4;
        config.limits.sign_in_rate = 1;
    });
    let (account, _) = server.account(1);
    let refused = (0..6).map(|_| server.client.try_sign_in_or_problem(account.id(), &account.founder));
    assert!(refused.into_iter().any(|problem| problem == Some(Problem::RateLimited)));
}

#[test]
fn a_device_cannot_ask_without_end() {
    let server = TestServer::start_with(|config| {
        config.limits.device_burst = 5;
        config.limits.device_rate = 1;
    });
    let (account, token) = server.account(1);
    let answers: Vec<_> = (0..10).map(|_| server.client.get(&account.path("heads"), Some(&token))).collect();
    let limited: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(answers[0].status == 200 && limited.len() >= 4);
    assert!(limited.iter().all(|answer| answer.retry_after.unwrap() >= 1));
}

/// However many devices a thief has added, the others keep a share that is theirs, and revoke them.
#[test]
fn devices_use_up_what_is_common_and_no_others_share() {
    let server = TestServer::start_with(|config| {
        config.limits.share_burst = 3;
        config.limits.account_burst = 4;
        (config.limits.share_rate, config.limits.account_rate) = (1, 1);
    });
    let (mut account, token) = server.account(1);
    let added = account.extend(Device::new(2).joins(&account.log), &Device::new(1));
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &added).ok();
    let stolen = server.client.sign_in(account.id(), &Device::new(2));
    let asked: Vec<_> = (0..20).map(|_| server.client.get(&account.path("heads"), Some(&stolen)).status).collect();
    assert!(asked.contains(&429), "{asked:?}");
    let removed = account.extend(Device::revokes(&[&Device::new(2)]), &Device::new(1));
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &removed).ok();
}

impl crate::http::Client {
    fn try_sign_in_or_problem(&self, account: AccountId, device: &Device) -> Option<Problem> {
        let request = roamkey_proto::api::ChallengeRequest { account, member: device.id };
        let answer = self.post("/v1/sessions/challenge", None, &request);
        if answer.status != 200 {
            return Some(answer.problem());
        }
        let Challenge { challenge } = answer.ok();
        let answer = self.post("/v1/sessions", None, &SignIn { proof: device.proof(account, &self.url, challenge) });
        (answer.status != 200).then(|| answer.problem())
    }
}
