//! What a recovery authority may do at the server: its own reads, and its entry.

use roamkey_proto::{
    AddDevice, DeviceId, KemPublicKey, Op, RecoveryKeys, RecoverySlot, SessionProof, SetRecovery, VERSION, Via,
    api::{
        Accepted, Challenge, ChallengeRequest, Heads, Heartbeats, LogPage, PullPage, PullRequest, ServerInfo, Session,
        SignIn,
    },
    problem::Problem,
};
use roamkey_trust::{SignWrite as _, WriteKey, receipt, session};

use crate::{
    account::Account,
    device::{Device, finish_recovery},
    server::TestServer,
};

/// A kit with keys made from a number.
struct Kit {
    sign: WriteKey,
    keys: RecoveryKeys,
    id: DeviceId,
}

impl Kit {
    fn new(number: u8) -> Self {
        let sign = WriteKey::from_bytes(&[0x80 | number; 32]);
        let keys = RecoveryKeys { sign: sign.public(), kem: KemPublicKey::new([0x80 | number; KemPublicKey::LEN]) };
        Self { id: keys.member_id(RecoverySlot::Kit), sign, keys }
    }

    fn set(&self) -> Op {
        Op::SetRecovery(SetRecovery { slot: RecoverySlot::Kit, keys: Some(self.keys.clone()), policy: None })
    }

    fn lets_in(&self, account: &Account, device: &Device) -> roamkey_proto::Bundle {
        let Op::AddDevice(op) = device.joins(&account.log) else { unreachable!("it is one") };
        let op = Op::AddDevice(AddDevice { via: Via::Recovery, ..op });
        finish_recovery(account.log.draft(op, self.id, crate::device::NOW).unwrap(), &self.sign)
    }

    fn sign_in(&self, server: &TestServer, account: &Account) -> crate::http::Answer {
        let request = ChallengeRequest { account: account.id(), member: self.id };
        let Challenge { challenge } = server.client.post("/v1/sessions/challenge", None, &request).ok();
        let proof = SessionProof {
            version: VERSION,
            origin: server.client.url.clone(),
            account: account.id(),
            member: self.id,
            challenge,
        };
        server.client.post("/v1/sessions", None, &SignIn { proof: session::sign(&proof, &self.sign) })
    }
}

/// An account with a commit, and a kit that its founder set.
fn with_kit(server: &TestServer) -> (Account, String, Kit) {
    let (mut account, token) = server.account(1);
    let kit = Kit::new(1);
    let founder = Device::new(1);
    let set = account.extend(kit.set(), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &set).ok();
    let push = account.push(&[1]);
    let _: Accepted = server.client.post(&account.path("push"), Some(&token), &push).ok();
    (account, token, kit)
}

#[test]
fn an_authority_reads_and_lets_a_device_in_and_does_nothing_else() {
    let server = TestServer::start();
    let (mut account, _, kit) = with_kit(&server);
    let session: Session = kit.sign_in(&server, &account).ok();
    let token = session.token.to_string();
    let heads: Heads = server.client.get(&account.path("heads"), Some(&token)).ok();
    assert!(heads.vault.is_some());
    let page: LogPage = server.client.get(&account.path("log?since=0"), Some(&token)).ok();
    let newest = page.bundles.last().unwrap();
    assert_eq!(newest.wraps.iter().map(|wrap| wrap.recipient).collect::<Vec<_>>(), [kit.id], "its own wrap alone");
    let _: Heartbeats = server.client.get(&account.path("heartbeats"), Some(&token)).ok();
    let info: ServerInfo = server.client.get("/v1/server", None).ok();
    let target = receipt::verify(&heads.vault.unwrap(), &info.receipt_key).unwrap().pin;
    let pull = PullRequest { target, commits_after: 0, records_after: target.seq, cursor: None };
    let page: PullPage = server.client.post(&account.path("pull"), Some(&token), &pull).ok();
    assert_eq!((page.commits.len(), page.records.len()), (1, 0));
    // Nobody reads the vault by a kit without a device that everyone sees.
    let whole = PullRequest { records_after: 0, ..pull };
    let records = server.client.post(&account.path("pull"), Some(&token), &whole);
    assert_eq!(records.problem(), Problem::NotAMember);

    // Whatever else a member may do, it may not.
    let push = account.push(&[2]);
    for refused in [
        server.client.post(&account.path("push"), Some(&token), &push),
        server.client.get(&account.path("export"), Some(&token)),
        server.client.post(
            &account.path("mailboxes"),
            Some(&token),
            &ChallengeRequest { account: account.id(), member: kit.id },
        ),
    ] {
        assert_eq!(refused.problem(), Problem::NotAMember);
    }
    let rotation = account.bundle(Op::Rotate, &account.founder);
    assert_eq!(server.client.post(&account.path("log"), Some(&token), &rotation).problem(), Problem::Invalid);

    let back = Device::new(7);
    let bundle = kit.lets_in(&account, &back);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &bundle).ok();
    // Sent again after a lost answer.
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &bundle).ok();
    account.log.append_whole(&bundle).unwrap();
    let theirs = server.client.sign_in(account.id(), &back);
    let _: Heads = server.client.get(&account.path("heads"), Some(&theirs)).ok();
}

#[test]
fn a_thief_that_fills_the_log_keeps_nobody_from_coming_back() {
    let server = TestServer::start_with(|config| config.limits.entry_burst = 3);
    let (mut account, token, kit) = with_kit(&server);
    let founder = Device::new(1);
    for _ in 0..2 {
        let rotated = account.extend(Op::Rotate, &founder);
        let _: Accepted = server.client.post(&account.path("log"), Some(&token), &rotated).ok();
    }
    let beyond = account.bundle(Op::Rotate, &account.founder);
    let held_up = server.client.post(&account.path("log"), Some(&token), &beyond);
    assert_eq!(held_up.problem(), Problem::RateLimited);
    let session: Session = kit.sign_in(&server, &account).ok();
    let bundle = kit.lets_in(&account, &Device::new(7));
    let _: Accepted = server.client.post(&account.path("log"), Some(&session.token.to_string()), &bundle).ok();
}

#[test]
fn a_replaced_authority_reads_nothing_more() {
    let server = TestServer::start();
    let (mut account, members, kit) = with_kit(&server);
    let session: Session = kit.sign_in(&server, &account).ok();
    let founder = Device::new(1);
    let replaced = account.extend(Kit::new(2).set(), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&members), &replaced).ok();
    let token = session.token.to_string();
    assert_eq!(server.client.get(&account.path("heads"), Some(&token)).problem(), Problem::NotAMember);
    assert_eq!(kit.sign_in(&server, &account).problem(), Problem::NotAMember);
    // One that never was gets the answer of strangers.
    assert_eq!(Kit::new(3).sign_in(&server, &account).problem(), Problem::Unauthorized);
}
