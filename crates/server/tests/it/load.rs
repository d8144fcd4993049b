//! How much the server takes and how small it stays. Run by hand, in a release build:
//! `cargo test --release -p roamkey-server --test it -- --ignored --nocapture load`

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use roamkey_proto::{
    ItemId,
    api::{Accepted, PullPage, PullRequest, SignIn},
    cbor,
};

use crate::{
    account::Account,
    http::Client,
    server::{ChildServer, ORIGIN, create},
};

#[test]
#[ignore = "measures for a quarter of a minute"]
fn load_of_64_connections() {
    let folder = tempfile::tempdir().unwrap();
    let server = ChildServer::start(&folder.path().join("server.db"), FLAGS);
    println!("idle: {} kB resident", resident(&server));
    let writers: Vec<_> = (0..64)
        .map(|salt| {
            let client = Client::new(&server.url);
            let mut account = Account::new(salt);
            create(&client, &account);
            let token = sign_in(&client, &account);
            // Signed beforehand: the generator shares the cores with the server.
            let pushes: Vec<_> = (0..700)
                .map(|_| {
                    let push = account.push_items(&account.founder, &[ItemId::new([1; 16])], 528, |_| {});
                    account.accepted(&push);
                    cbor::encode(&push)
                })
                .collect();
            (client, account.path("push"), token, pushes)
        })
        .collect();
    let began = Instant::now();
    let until = began + Duration::from_secs(10);
    let threads: Vec<_> = writers
        .into_iter()
        .map(|(client, path, token, pushes)| {
            thread::spawn(move || {
                let mut waits = Vec::with_capacity(pushes.len());
                for push in pushes {
                    let sent = Instant::now();
                    if sent > until {
                        break;
                    }
                    let _: Accepted = client.post_bytes(&path, Some(&token), &push).ok();
                    waits.push(sent.elapsed());
                }
                waits
            })
        })
        .collect();
    let mut waits: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    let seconds = began.elapsed().as_secs_f64();
    waits.sort_unstable();
    let at = |share: usize| waits[(waits.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!("{:.0} durable pushes/s, p50 {:.1} ms, p99 {:.1} ms", waits.len() as f64 / seconds, at(50), at(99));
    println!("after pushes: {} kB resident", resident(&server));
    assert!(server.terminate());
}

#[test]
#[ignore = "measures for a quarter of a minute"]
fn load_of_ten_thousand_items() {
    let folder = tempfile::tempdir().unwrap();
    let server = ChildServer::start(&folder.path().join("server.db"), FLAGS);
    let client = Client::new(&server.url);
    let mut account = Account::new(1);
    create(&client, &account);
    let token = sign_in(&client, &account);
    for part in 0..20_u16 {
        let items: Vec<_> = (0..500).map(|number| item(part * 500 + number)).collect();
        let push = account.push_items(&account.founder, &items, 528, |_| {});
        let _: Accepted = client.post(&account.path("push"), Some(&token), &push).ok();
        account.accepted(&push);
    }
    println!("after 20 pushes of 500: {} kB resident", resident(&server));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (client, path, token, target) = (client.clone(), account.path("pull"), token.clone(), account.head);
            thread::spawn(move || {
                for _ in 0..5 {
                    let began = Instant::now();
                    let mut request = PullRequest { target, commits_after: 0, records_after: 0, cursor: None };
                    let mut records = 0;
                    loop {
                        let page: PullPage = client.post(&path, Some(&token), &request).ok();
                        records += page.records.len();
                        request.cursor = page.next;
                        if page.next.is_none() {
                            break;
                        }
                    }
                    assert_eq!(records, 10_000);
                    println!("10,000 items pulled in {:.0} ms", began.elapsed().as_secs_f64() * 1e3);
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    println!("after 20 pulls of 10,000: {} kB resident", resident(&server));
    assert!(server.terminate());
}

const FLAGS: &[&str] = &["--device-burst", "1000000"];

fn item(number: u16) -> ItemId {
    let mut bytes = [0; 16];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    ItemId::new(bytes)
}

fn sign_in(client: &Client, account: &Account) -> String {
    let challenge = client.challenge(account.id(), &account.founder).challenge;
    let proof = account.founder.proof(account.id(), ORIGIN, challenge);
    let session: roamkey_proto::api::Session = client.post("/v1/sessions", None, &SignIn { proof }).ok();
    session.token.to_string()
}

fn resident(server: &ChildServer) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
