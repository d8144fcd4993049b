//! A server that is killed at any moment has kept every append that it answered for.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use roamkey_proto::{
    Pin,
    api::{Challenge, Heads, PullPage, PullRequest, ServerInfo, Session, SignIn},
    cbor,
};
use roamkey_trust::{
    commit::{Chain, Tip},
    receipt,
};

use crate::{
    account::Account,
    http::Client,
    server::{ChildServer, ORIGIN, create},
};

const ROUNDS: u64 = 30;
const WRITERS: u64 = 4;

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("server.db");
    let mut server = ChildServer::start(&database, &[]);
    let mut accounts: Vec<_> = (0..WRITERS).map(Account::new).collect();
    accounts.iter().for_each(|account| create(&Client::new(&server.url), account));
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        let killed = Arc::new(AtomicBool::new(false));
        let url = server.url.clone();
        let writers: Vec<_> = accounts.drain(..).map(|account| spawn_writer(&url, account, &killed)).collect();
        thread::sleep(Duration::from_millis(20 + round * 37 % 150));
        server.kill();
        killed.store(true, Ordering::Relaxed);
        server = ChildServer::start(&database, &[]);
        let client = Client::new(&server.url);
        for writer in writers {
            let Written { mut account, unanswered } = writer.join().unwrap();
            acknowledged = acknowledged.max(account.head.seq);
            check(&client, &mut account, unanswered.as_ref());
            accounts.push(account);
        }
    }
    assert!(acknowledged > ROUNDS, "only {acknowledged} pushes were acknowledged");
    assert!(server.terminate());
}

#[test]
fn a_server_that_is_asked_to_stop_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let server = ChildServer::start(&folder.path().join("server.db"), &[]);
    assert_eq!(Client::new(&server.url).get("/readyz", None).status, 204);
    assert!(server.terminate());
}

/// What a writer knows when the server is gone.
struct Written {
    /// As of the last push that was acknowledged.
    account: Account,
    /// The push that got no answer: it may be there or not.
    unanswered: Option<roamkey_proto::api::Push>,
}

fn spawn_writer(url: &str, mut account: Account, killed: &Arc<AtomicBool>) -> thread::JoinHandle<Written> {
    let (client, killed) = (Client::new(url), Arc::clone(killed));
    thread::spawn(move || {
        let Some(token) = sign_in(&client, &account) else { return Written { account, unanswered: None } };
        for item in (1..=20).cycle() {
            let push = account.push(&[item, item + 100]);
            let answer = client.try_post(&account.path("push"), Some(&token), &cbor::encode(&push));
            match answer {
                Ok(answer) if answer.status == 200 => account.accepted(&push),
                Ok(answer) if !killed.load(Ordering::Relaxed) && answer.status != 429 => panic!("{answer:?}"),
                _ => return Written { account, unanswered: Some(push) },
            }
        }
        unreachable!("a cycle does not end")
    })
}

/// Checks that the chain is whole and reaches at least to what was acknowledged.
pub(crate) fn check(client: &Client, account: &mut Account, unanswered: Option<&roamkey_proto::api::Push>) {
    let token = sign_in(client, account).unwrap();
    let info: ServerInfo = client.get("/v1/server", None).ok();
    let heads: Heads = client.get(&account.path("heads"), Some(&token)).ok();
    let head = heads.vault.map_or(Pin::START, |bytes| receipt::verify(&bytes, &info.receipt_key).unwrap().pin);
    if head != account.head {
        let unanswered = unanswered.expect("an acknowledged push is lost");
        assert_eq!(head.seq, account.head.seq + 1);
        account.accepted(unanswered);
    }
    assert_eq!(head, account.head);
    let mut request = PullRequest { target: head, commits_after: 0, records_after: 0, cursor: None };
    let mut chain = Chain::resume(&account.log, Tip::START);
    let (mut records, mut last) = (0, 0);
    loop {
        let page: PullPage = client.post(&account.path("pull"), Some(&token), &request).ok();
        for commit in &page.commits {
            last = chain.follow(&commit.0).unwrap().commit.seq;
        }
        records += page.records.len();
        request.cursor = page.next;
        if page.next.is_none() {
            break;
        }
    }
    assert_eq!((last, records), (head.seq, account.revisions.len()));
}

pub(crate) fn sign_in(client: &Client, account: &Account) -> Option<String> {
    let request = roamkey_proto::api::ChallengeRequest { account: account.id(), member: account.founder.id };
    let answer = client.try_post("/v1/sessions/challenge", None, &cbor::encode(&request)).ok()?;
    let Challenge { challenge } = answer.ok();
    let proof = SignIn { proof: account.founder.proof(account.id(), ORIGIN, challenge) };
    let answer = client.try_post("/v1/sessions", None, &cbor::encode(&proof)).ok()?;
    let Session { token, .. } = answer.ok();
    Some(token.to_string())
}
