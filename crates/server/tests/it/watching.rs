//! What the operator sees: metrics and logs, and that neither says who.

use std::{
    collections::BTreeSet,
    io::Read,
    net::TcpStream,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use roamkey_proto::{
    api::{Accepted, MailboxClaimed, MailboxMessage, MailboxOpened, Session, SignIn},
    problem::Problem,
};

use crate::{
    account::Account,
    device::Device,
    http::{Answer, Client},
    server::{ORIGIN, TestServer, create},
};

#[test]
fn metrics_count_requests_refusals_and_what_is_open() {
    let server = TestServer::start_with(|config| config.metrics = Some(([127, 0, 0, 1], 0).into()));
    let (account, token) = server.account(1);
    let _: Accepted = server.client.post(&account.path("push"), Some(&token), &account.push(&[1])).ok();
    let stale = account.push(&[2]);
    assert_eq!(server.client.post(&account.path("push"), Some(&token), &stale).problem(), Problem::Conflict);
    server.client.get("/nowhere", None);
    let text = server.metrics();
    for line in [
        "roamkey_requests_total{method=\"POST\",route=\"/v1/accounts/{account}/push\",status=\"2xx\"} 1",
        "roamkey_requests_total{method=\"POST\",route=\"/v1/accounts/{account}/push\",status=\"4xx\"} 1",
        "roamkey_problems_total{type=\"conflict\"} 1",
        "roamkey_problems_total{type=\"not-found\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    assert!(!text.contains(&account.id().to_string()));
    // The listener that devices reach tells nothing.
    assert_eq!(server.client.get("/metrics", None).problem(), Problem::NotFound);
}

#[test]
fn every_metric_on_the_dashboard_is_one_that_the_server_has() {
    let server = TestServer::start_with(|config| config.metrics = Some(([127, 0, 0, 1], 0).into()));
    server.client.get("/healthz", None);
    let text = server.metrics();
    let known: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let dashboard = include_str!("../../../../packaging/grafana-dashboard.json");
    let dashboard: serde_json::Value = serde_json::from_str(dashboard).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut used = 0;
    for target in panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap()) {
        let expression = target["expr"].as_str().unwrap();
        for word in expression.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_') {
            if word.starts_with("roamkey_") || word.starts_with("process_") {
                let name = word.trim_end_matches("_bucket").trim_end_matches("_sum").trim_end_matches("_count");
                assert!(known.contains(name), "{name}");
                used += 1;
            }
        }
    }
    assert!(used > 8, "only {used}");
}

#[test]
fn logs_hold_nothing_that_says_who() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_roamkey-server"))
        .args(["serve", "--listen", "127.0.0.1:0", "--origin", ORIGIN, "--behind-proxy", "--log-format", "json"])
        // As much as there is, of the libraries below as well.
        .args(["--log", "trace", "--mailbox-burst", "2", "--database"])
        .arg(format!("sqlite:{}", folder.path().join("canary-database.db").display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let logs = std::thread::spawn(move || {
        let mut logs = String::new();
        stderr.read_to_string(&mut logs).map(|_| logs).unwrap()
    });
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    let client = Client::new(line.trim_end().strip_prefix("listening on ").unwrap());

    let canaries = live(&client);

    let stopped = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(stopped.success() && child.wait().unwrap().success());
    let logs = logs.join().unwrap();
    assert!(logs.lines().count() > 10, "{logs}");
    for line in logs.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
        for canary in &canaries {
            assert!(!line.contains(canary.as_str()), "{canary} in {line}");
        }
    }
}

/// Does what devices do, well and badly, and returns every word of it that must not be written down.
fn live(client: &Client) -> Vec<String> {
    let mut account = Account::new(7);
    create(client, &account);
    let founder = Device::new(1);
    let challenge = client.challenge(account.id(), &founder).challenge;
    let proof = founder.proof(account.id(), ORIGIN, challenge);
    let session: Session = client.post("/v1/sessions", None, &SignIn { proof }).ok();
    let token = session.token.to_string();
    let push = account.push(&[1]);
    let _: Accepted = client.post(&account.path("push"), Some(&token), &push).ok();
    let refused: Vec<Answer> = vec![
        client.post(&account.path("push"), Some(&token), &account.push(&[2])),
        client.get(&account.path("heads"), Some(&"ab".repeat(32))),
        client.get("/v1/accounts/canary-path/heads?canary=query", Some(&token)),
        client.post_bytes("/v1/sessions", None, b"canary-body"),
    ];
    assert!(refused.iter().all(|answer| answer.status >= 400));
    account.accepted(&push);
    let opened: MailboxOpened = client.post_bytes(&account.path("mailboxes"), Some(&token), b"").ok();
    let path = format!("/v1/mailboxes/{}", opened.number);
    let claimed: MailboxClaimed = client.post_bytes(&format!("{path}/claim"), None, b"").ok();
    let message = MailboxMessage { body: b"canary-message".to_vec() };
    client.post(&format!("{path}/messages"), Some(&claimed.token.to_string()), &message);
    let url = format!("{}{}", client.url.replacen("http", "ws", 1), account.path("wake"));
    let (mut socket, _) = tungstenite::connect(url).unwrap();
    socket.send(tungstenite::Message::text(token.as_str())).unwrap();
    socket.read().unwrap();
    socket.close(None).unwrap();
    drop(socket);
    [account.id().to_string(), founder.id.to_string(), token, opened.token.to_string(), claimed.token.to_string()]
        .into_iter()
        .chain(["canary", "203.0.113.77", "127.0.0.1:5", "127.0.0.1:4", "127.0.0.1:3"].map(str::to_owned))
        .collect()
}

#[test]
fn an_address_has_so_many_connections() {
    let server = TestServer::start_with(|config| {
        config.limits.connections_per_address = 3;
        config.metrics = Some(([127, 0, 0, 1], 0).into());
    });
    let address = server.client.url.trim_start_matches("http://").to_owned();
    let held: Vec<_> = (0..3).map(|_| TcpStream::connect(&address).unwrap()).collect();
    let mut refused = TcpStream::connect(&address).unwrap();
    refused.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    assert!(matches!(refused.read(&mut [0]), Ok(0) | Err(_)));
    assert!(server.metrics().contains("roamkey_connections_refused_total 1"));
    drop(held);
    let began = Instant::now();
    // The server sees the ends of the others in its own time.
    while Client::new(&server.client.url).try_post("/v1/sessions", None, b"").is_err() {
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}
