//! The same day again and again: what a server takes must not grow with what it has done.

use std::{
    env,
    io::Write,
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use roamkey_proto::{
    ItemId, Pin,
    api::{
        Accepted, ChallengeRequest, Heads, LogPage, MailboxClaimed, MailboxMessage, MailboxOpened, PullPage,
        PullRequest,
    },
    cbor,
    problem::Problem,
};
use tungstenite::{Message, WebSocket, client, stream::MaybeTlsStream};

use crate::{
    account::Account,
    http::Client,
    server::{ChildServer, open_files, resident_kb},
};

#[test]
fn nothing_grows_in_forty_rounds() {
    let grown = soak(|round, _| round < 40);
    assert!(grown.resident_kb < 8_192, "{grown:?}");
}

#[test]
#[ignore = "takes an hour: cargo xtask long soak"]
fn nothing_grows_in_an_hour() {
    let minutes = env::var("ROAMKEY_SOAK_MINUTES").map_or(60, |minutes| minutes.parse().unwrap());
    let grown = soak(|_, since| since < Duration::from_secs(60 * minutes));
    println!("{grown:?}");
    // What allocators and page caches are still filling after a quarter of the time is within this.
    assert!(grown.resident_kb < grown.from_kb / 10 + 2_048, "{grown:?}");
}

/// What happened to the server's memory between the end of the second quarter and the end.
#[derive(Debug)]
struct Grown {
    #[expect(dead_code, reason = "shown")]
    rounds: usize,
    from_kb: u64,
    resident_kb: u64,
}

/// Does everything again as long as `goes_on`. The number of open files has to be what it was after each round.
fn soak(goes_on: impl Fn(usize, Duration) -> bool) -> Grown {
    let folder = tempfile::tempdir().unwrap();
    let server = ChildServer::start(&folder.path().join("server.db"), FLAGS);
    let mut people = People::new(&server);
    // What stays open from now on: the database's own files, and the connections that clients keep.
    for _ in 0..WARM_UP {
        people.round(&server);
    }
    let files = settled(&server, usize::MAX);
    let began = Instant::now();
    let mut resident = Vec::new();
    while goes_on(resident.len(), began.elapsed()) {
        people.round(&server);
        resident.push(resident_kb(server.id()));
        assert!(settled(&server, files) <= files, "round {} left files open", resident.len());
    }
    assert!(server.terminate());
    let quarter = resident.len() / 4;
    let most = |part: &[u64]| part.iter().copied().max().unwrap();
    let (before, after) = (most(&resident[quarter..2 * quarter]), most(&resident[3 * quarter..]));
    Grown { rounds: resident.len(), from_kb: before, resident_kb: after.saturating_sub(before) }
}

/// The open files, once connections that ended are closed on the server's side as well.
fn settled(server: &ChildServer, expected: usize) -> usize {
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let open = open_files(server.id());
        if open <= expected || Instant::now() > until {
            return open;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Those who use the server: a few for good, others for a round.
struct People {
    client: Client,
    regulars: Vec<(Account, String)>,
    rounds: u64,
}

impl People {
    fn new(server: &ChildServer) -> Self {
        let client = Client::new(&server.url);
        let regulars = (1..=REGULARS).map(|salt| server.account(&client, salt)).collect();
        Self { client, regulars, rounds: 0 }
    }

    fn round(&mut self, server: &ChildServer) {
        self.rounds += 1;
        let client = &self.client;
        for (account, token) in &mut self.regulars {
            *token = server.sign_in(client, account);
            let mut socket = open(server, account, token);
            let items: Vec<_> = (0..ITEMS).map(|number| ItemId::new([number; 16])).collect();
            let push = account.push_items(&account.founder, &items, 528, |_| {});
            let _: Accepted = client.post(&account.path("push"), Some(token), &push).ok();
            account.accepted(&push);
            while !matches!(socket.read().unwrap(), Message::Binary(_)) {}
            read_all(client, account, token);
            pair(client, account, token);
            misbehave(server, client, account, token);
            // One half goes without a word.
            if self.rounds.is_multiple_of(2) {
                socket.close(None).unwrap();
            }
        }
        if self.rounds.is_multiple_of(NEWCOMER_EVERY) {
            let (account, token) = server.account(client, 1_000_000 + self.rounds);
            read_all(client, &account, &token);
        }
    }
}

fn open(server: &ChildServer, account: &Account, token: &str) -> WebSocket<MaybeTlsStream<TcpStream>> {
    let address = server.url.strip_prefix("http://").unwrap();
    let stream = MaybeTlsStream::Plain(TcpStream::connect(address).unwrap());
    let (mut socket, _) = client(format!("ws://{address}{}", account.path("wake")), stream).unwrap();
    socket.send(Message::text(token)).unwrap();
    while !matches!(socket.read().unwrap(), Message::Binary(_)) {}
    socket
}

fn read_all(client: &Client, account: &Account, token: &str) {
    let _: Heads = client.get(&account.path("heads"), Some(token)).ok();
    let _: LogPage = client.get(&account.path("log"), Some(token)).ok();
    if account.head != Pin::START {
        // All records, and the newest commit: a history of thousands would fill the page by itself.
        let commits_after = account.head.seq - 1;
        let request = PullRequest { target: account.head, commits_after, records_after: 0, cursor: None };
        let page: PullPage = client.post(&account.path("pull"), Some(token), &request).ok();
        assert_eq!(page.records.len(), usize::from(ITEMS));
    }
    assert_eq!(client.get(&account.path("export"), Some(token)).status, 200);
}

fn pair(client: &Client, account: &Account, token: &str) {
    let opened: MailboxOpened = client.post_bytes(&account.path("mailboxes"), Some(token), b"").ok();
    let mailbox = format!("/v1/mailboxes/{}", opened.number);
    let claimed: MailboxClaimed = client.post_bytes(&format!("{mailbox}/claim"), None, b"").ok();
    let message = cbor::encode(&MailboxMessage { body: vec![7; 4_096] });
    for token in [opened.token.to_string(), claimed.token.to_string()] {
        assert_eq!(client.post_bytes(&format!("{mailbox}/messages"), Some(&token), &message).status, 204);
        assert_eq!(client.get(&format!("{mailbox}/messages"), Some(&token)).status, 200);
    }
    assert_eq!(client.delete(&mailbox, Some(&opened.token.to_string())).status, 204);
}

/// What costs a server memory that does not give it back.
fn misbehave(server: &ChildServer, client: &Client, account: &Account, token: &str) {
    let garbage = client.post_bytes(&account.path("push"), Some(token), &[0xff; 10_000]);
    assert_eq!(garbage.problem(), Problem::BadRequest);
    let stranger = client.get(&account.path("heads"), Some(&"0".repeat(64)));
    assert_eq!(stranger.problem(), Problem::Unauthorized);
    let nobody = ChallengeRequest { account: Account::new(u64::MAX).id(), member: account.founder.id };
    assert_eq!(client.post("/v1/sessions/challenge", None, &nobody).status, 200);
    let mut half = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap();
    half.write_all(b"POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc").unwrap();
}

const REGULARS: u64 = 4;
const ITEMS: u8 = 20;
const NEWCOMER_EVERY: u64 = 10;

/// Rounds in which pools, caches and tables reach their size.
const WARM_UP: usize = 20;

const FLAGS: &[&str] = &[
    // Small enough to be full after the warm-up.
    "--cached-logs",
    "4",
    "--device-burst",
    "1000000",
    "--device-rate",
    "1000000",
    "--account-burst",
    "1000000",
    "--account-rate",
    "1000000",
    "--exports-per-hour",
    "1000000",
    "--registration-burst",
    "1000000",
    "--sign-in-burst",
    "1000000",
    "--sign-in-rate",
    "1000000",
    "--mailbox-burst",
    "1000000",
    "--mailboxes-per-minute",
    "1000000",
    "--message-burst",
    "1000000",
    "--message-rate",
    "1000000",
    "--history-burst-bytes",
    "100000000000",
];
