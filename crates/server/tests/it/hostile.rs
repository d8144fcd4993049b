//! Garbage at every door: always a problem document, never a fault of the server's.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use proptest::{
    prelude::{Strategy, any, prop},
    test_runner::{Config, TestRunner},
};
use roamkey_proto::{
    Nonce,
    api::{ChallengeRequest, MailboxMessage, PullRequest, SignIn},
    cbor, limits,
    problem::Problem,
};

use crate::{account::Account, server::TestServer};

#[test]
fn unknown_paths_and_methods_are_problems() {
    let server = TestServer::start();
    for path in ["/", "/v1", "/v1/nothing", "/v1/accounts/00/heads/x", "/v2/server", "/%00", "/v1/server/"] {
        assert_eq!(server.client.get(path, None).problem(), Problem::NotFound, "{path}");
    }
    for path in ["/v1/accounts", "/v1/sessions", "/v1/sessions/challenge", "/v1/mailboxes/1/claim"] {
        assert_eq!(server.client.get(path, None).problem(), Problem::MethodNotAllowed, "{path}");
        assert_eq!(server.client.delete(path, None).problem(), Problem::MethodNotAllowed, "{path}");
    }
    assert_eq!(server.client.post_bytes("/v1/server", None, b"").problem(), Problem::MethodNotAllowed);
}

#[test]
fn malformed_accounts_and_parameters_are_problems() {
    let server = TestServer::start();
    let (account, token) = server.account(1);
    let id = account.id().to_string();
    for wrong in ["x", &id[1..], &id.to_uppercase(), &format!("{id}0"), "%ff%fe"] {
        let path = format!("/v1/accounts/{wrong}/heads");
        assert_eq!(server.client.get(&path, Some(&token)).problem(), Problem::BadRequest, "{wrong}");
    }
    for query in ["since=x", "since=-1", "since=18446744073709551616", "since=1&since=2", "until=1", "since=%ff"] {
        let path = account.path(&format!("log?{query}"));
        assert_eq!(server.client.get(&path, Some(&token)).problem(), Problem::BadRequest, "{query}");
    }
    assert_eq!(server.client.get(&account.path("wake"), None).problem(), Problem::BadRequest);
}

#[test]
fn truncated_trailing_and_other_bodies_are_problems() {
    let server = TestServer::start();
    for door in doors(&server) {
        for cut in [0, 1, door.body.len() / 2, door.body.len() - 1] {
            door.refuses(&server, &door.body[..cut], Problem::BadRequest);
        }
        door.refuses(&server, &[&door.body[..], b"\0"].concat(), Problem::BadRequest);
        door.refuses(&server, b"{\"json\": true}", Problem::BadRequest);
    }
}

#[test]
fn bodies_over_their_limit_are_too_large() {
    let server = TestServer::start();
    for door in doors(&server) {
        door.refuses(&server, &vec![0; door.limit + 1], Problem::TooLarge);
    }
}

#[test]
fn another_content_type_is_refused() {
    let server = TestServer::start();
    let body = cbor::encode(&Account::new(1).genesis);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json"] {
        let head = format!("POST /v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-type: {kind}\r\ncontent-length: ");
        let answer =
            exchange(&server, &[head.as_bytes(), body.len().to_string().as_bytes(), b"\r\n\r\n", &body].concat());
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("/problems/bad-request"), "{answer}");
    }
}

#[test]
fn a_chunked_body_without_end_is_cut_off() {
    let server = TestServer::start();
    let mut request = b"POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\n".to_vec();
    request.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
    for _ in 0..8 {
        request.extend_from_slice(b"400\r\n");
        request.extend_from_slice(&[0; 1024]);
        request.extend_from_slice(b"\r\n");
    }
    let answer = exchange(&server, &request);
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("/problems/too-large"), "{answer}");
}

#[test]
fn a_body_that_does_not_come_is_given_up() {
    let server = TestServer::start_with(|config| config.limits.request_seconds = 1);
    let head =
        b"POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: 100\r\n\r\nabc";
    let began = Instant::now();
    let answer = exchange(&server, head);
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("in time"), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_head_that_does_not_come_is_given_up() {
    let server = TestServer::start_with(|config| config.limits.request_seconds = 1);
    let began = Instant::now();
    exchange(&server, b"GET /v1/server HTTP/1.1\r\nhost: ");
    assert!(began.elapsed() < Duration::from_secs(5));
    let long = [b"GET /v1/server HTTP/1.1\r\nx: ".as_slice(), &vec![b'a'; 200_000], b"\r\n\r\n"].concat();
    assert!(!exchange(&server, &long).starts_with("HTTP/1.1 5"));
    assert_eq!(server.client.get("/v1/server", None).status, 200);
}

#[test]
fn whatever_the_body_the_server_is_not_at_fault() {
    let server = TestServer::start_with(|config| {
        config.limits.device_burst = 1_000_000;
        config.limits.sign_in_burst = 1_000_000;
        config.limits.registration_burst = 1_000_000;
        config.limits.message_burst = 1_000_000;
    });
    let doors = doors(&server);
    let noise = prop::collection::vec(any::<u8>(), 0..300).prop_map(Spoil::Noise);
    let flip = (any::<prop::sample::Index>(), 1..=255_u8).prop_map(|(at, by)| Spoil::Flip(at, by));
    let cut = any::<prop::sample::Index>().prop_map(Spoil::Cut);
    let door = prop::sample::select((0..doors.len()).collect::<Vec<_>>());
    let mut runner = TestRunner::new(Config { cases: 600, failure_persistence: None, ..Config::default() });
    runner
        .run(&(door, proptest::prop_oneof![noise, flip, cut]), |(door, spoil)| {
            let door = &doors[door];
            let answer = server.client.post_bytes(&door.path, door.token.as_deref(), &spoil.apply(&door.body));
            proptest::prop_assert!(answer.status < 500, "{} {:?}", door.path, answer);
            Ok(())
        })
        .unwrap();
}

/// A way to spoil a good body.
#[derive(Clone, Debug)]
enum Spoil {
    Noise(Vec<u8>),
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
}

impl Spoil {
    fn apply(&self, body: &[u8]) -> Vec<u8> {
        let mut body = body.to_vec();
        match self {
            Self::Noise(noise) => return noise.clone(),
            Self::Flip(at, by) => {
                let at = at.index(body.len());
                body[at] ^= by;
            }
            Self::Cut(at) => body.truncate(at.index(body.len())),
        }
        body
    }
}

/// An endpoint that takes a body, with one that it would take.
struct Door {
    path: String,
    token: Option<String>,
    body: Vec<u8>,
    limit: usize,
}

impl Door {
    fn refuses(&self, server: &TestServer, body: &[u8], problem: Problem) {
        let answer = server.client.post_bytes(&self.path, self.token.as_deref(), body);
        assert_eq!(answer.problem(), problem, "{} with {} bytes", self.path, body.len());
    }
}

fn doors(server: &TestServer) -> Vec<Door> {
    let (account, token) = server.account(1);
    let opened: roamkey_proto::api::MailboxOpened =
        server.client.post_bytes(&account.path("mailboxes"), Some(&token), b"").ok();
    let proof = account.founder.proof(account.id(), &server.client.url, Nonce::new([1; 32]));
    let rotate = account.bundle(roamkey_proto::Op::Rotate, &account.founder);
    let pull = PullRequest { target: account.head, commits_after: 0, records_after: 0, cursor: None };
    let challenge = ChallengeRequest { account: account.id(), member: account.founder.id };
    let door = |path: &str, token: Option<&str>, body, limit| Door {
        path: path.to_owned(),
        token: token.map(str::to_owned),
        body,
        limit,
    };
    let small = limits::SMALL_BODY_BYTES;
    let messages = format!("/v1/mailboxes/{}/messages", opened.number);
    let message = cbor::encode(&MailboxMessage { body: vec![1; 30] });
    vec![
        door("/v1/accounts", None, cbor::encode(&Account::new(2).genesis), limits::BUNDLE_BYTES),
        door("/v1/sessions/challenge", None, cbor::encode(&challenge), small),
        door("/v1/sessions", None, cbor::encode(&SignIn { proof }), small),
        door(&account.path("log"), Some(&token), cbor::encode(&rotate), limits::BUNDLE_BYTES),
        door(&account.path("push"), Some(&token), cbor::encode(&account.push(&[1, 2])), limits::PUSH_BYTES),
        door(&account.path("pull"), Some(&token), cbor::encode(&pull), small),
        door(&messages, Some(&opened.token.to_string()), message, limits::MAILBOX_MESSAGE_BYTES + 16),
    ]
}

/// Sends raw bytes and reads until the server closes or has answered.
fn exchange(server: &TestServer, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.client.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    // The server may have answered and closed before it has read everything.
    let _ = stream.write_all(bytes);
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).unwrap_or(0);
    String::from_utf8_lossy(&answer[..read]).into_owned()
}
