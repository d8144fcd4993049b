//! Clients that are slow, silent or too many: the server stays there for the others, and loses nothing.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use roamkey_proto::api::{Accepted, Heads};

use crate::{account::Account, http::Client, server::TestServer};

#[test]
fn clients_that_drip_hold_nobody_up_and_are_closed_in_their_time() {
    let server = TestServer::start_with(|config| config.limits.request_seconds = 2);
    let (mut account, token) = server.account(1);
    // One byte of a head now and then, and bodies that stop in their middle.
    let drips: Vec<_> = (0..50)
        .map(|number| {
            let mut stream = connect(&server);
            let start: &[u8] = match number % 2 {
                0 => b"GET /v1/server HT",
                _ => b"POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: 99\r\n\r\nab",
            };
            stream.write_all(start).unwrap();
            thread::spawn(move || {
                let mut answer = Vec::new();
                // Closed, with a refusal or without: not one waits for ever.
                let _ = stream.read_to_end(&mut answer);
                String::from_utf8_lossy(&answer).into_owned()
            })
        })
        .collect();
    for item in 1..=5 {
        let push = account.push(&[item]);
        let _: Accepted = server.client.post(&account.path("push"), Some(&token), &push).ok();
        account.accepted(&push);
    }
    for drip in drips {
        let answer = drip.join().unwrap();
        assert!(!answer.starts_with("HTTP/1.1 2") && !answer.starts_with("HTTP/1.1 5"), "{answer}");
    }
    holds_everything(&server.client, &account, &token);
}

#[test]
fn clients_that_vanish_in_the_middle_leave_nothing_behind() {
    let server = TestServer::start_with(|config| config.metrics = Some(([127, 0, 0, 1], 0).into()));
    let (mut account, token) = server.account(1);
    for item in 1..=20 {
        let push = account.push(&[item]);
        // A twin of the request that breaks off before its last byte.
        let body = roamkey_proto::cbor::encode(&push);
        let mut stream = connect(&server);
        let path = account.path("push");
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\nauthorization: Bearer {token}\r\n"
        );
        write!(stream, "{head}content-length: {}\r\n\r\n", body.len()).unwrap();
        stream.write_all(&body[..body.len() - 1]).unwrap();
        drop(stream);
        let _: Accepted = server.client.post(&path, Some(&token), &push).ok();
        account.accepted(&push);
    }
    holds_everything(&server.client, &account, &token);
    assert!(server.metrics().contains("roamkey_problems_total{type=\"internal\"} 0"));
}

#[test]
fn a_storm_of_sign_ins_after_a_restart_finds_everybody_back() {
    let server = TestServer::start();
    let accounts: Vec<_> = (0..64).map(|salt| server.account(salt).0).collect();
    thread::scope(|scope| {
        let storm: Vec<_> = accounts
            .iter()
            .map(|account| {
                let client = Client::new(&server.client.url);
                scope.spawn(move || {
                    let token = client.sign_in(account.id(), &account.founder);
                    let push = account.push(&[1]);
                    let _: Accepted = client.post(&account.path("push"), Some(&token), &push).ok();
                })
            })
            .collect();
        // Whoever watches is answered all the while.
        for _ in 0..50 {
            assert_eq!(server.client.get("/healthz", None).status, 204);
        }
        storm.into_iter().for_each(|client| client.join().unwrap());
    });
}

/// What was acknowledged is there.
fn holds_everything(client: &Client, account: &Account, token: &str) {
    let info: roamkey_proto::api::ServerInfo = client.get("/v1/server", None).ok();
    let heads: Heads = client.get(&account.path("heads"), Some(token)).ok();
    let receipt = roamkey_trust::receipt::verify(&heads.vault.unwrap(), &info.receipt_key).unwrap();
    assert_eq!(receipt.pin, account.head);
}

fn connect(server: &TestServer) -> TcpStream {
    let stream = TcpStream::connect(server.client.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}
