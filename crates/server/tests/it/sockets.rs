//! Devices that wait, in numbers, and hear nothing for long.

use std::{
    io::ErrorKind,
    net::TcpStream,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use roamkey_proto::{
    api::{Accepted, Wake},
    cbor, limits,
};
use tungstenite::{Error, Message, WebSocket, client::client_with_config, protocol::WebSocketConfig};

use crate::{
    account::Account,
    http::Client,
    server::{ChildServer, open_files, resident_kb},
};

#[test]
fn idle_sockets_are_kept_and_woken() {
    idle(20, 20, 1);
}

#[test]
#[ignore = "takes two minutes: cargo xtask long sockets"]
fn ten_thousand_idle_sockets_are_kept_and_woken() {
    allow_files();
    let kb = idle(200, 50, 15);
    println!("10,000 sockets: {kb} kB resident");
    assert!(kb < 150_000, "{kb} kB for 10,000 sockets");
}

/// Opens sockets for accounts, lets the server ask after each four times, and wakes one account. Returns the server's
/// memory while all wait.
fn idle(accounts: u64, sockets: usize, ping_seconds: u64) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let (pings, each) = (ping_seconds.to_string(), sockets.to_string());
    let flags = ["--ping-seconds", &pings, "--sockets", &each, "--sockets-per-account", &each];
    let server = ChildServer::start(&folder.path().join("server.db"), &[&flags[..], UNLIMITED].concat());
    let client = Client::new(&server.url);

    let mut waiting = Vec::new();
    for salt in 1..=accounts {
        let (account, token) = server.account(&client, salt);
        let open: Vec<_> = (0..sockets).map(|_| Waiting::open(&server, &account, &token)).collect();
        waiting.push((account, token, open));
    }
    // A socket that did not answer was closed at the fourth ping: who hears the fifth was kept.
    while waiting.iter().flat_map(|(_, _, open)| open).any(|waiting| waiting.pings <= 4) {
        let heard: usize = waiting.iter_mut().flat_map(|(_, _, open)| open).map(Waiting::listen).sum();
        assert_eq!(heard, 0, "news of nothing");
        thread::sleep(Duration::from_millis(20));
    }
    let resident = resident_kb(server.id());

    let (account, token, open) = &mut waiting[0];
    let _: Accepted = client.post(&account.path("push"), Some(token), &account.push(&[1])).ok();
    for socket in open {
        let until = Instant::now() + Duration::from_secs(10);
        while socket.listen() == 0 {
            assert!(Instant::now() < until, "a socket was not woken");
        }
        assert_eq!(socket.last, Wake { log: 1, vault: 1 });
    }
    let others: usize = waiting[1..].iter_mut().flat_map(|(_, _, open)| open).map(Waiting::listen).sum();
    assert_eq!(others, 0, "sockets of other accounts were woken");

    let most = open_files(server.id());
    drop(waiting);
    let until = Instant::now() + Duration::from_secs(60);
    while open_files(server.id()) + usize::try_from(accounts).unwrap() * sockets > most {
        assert!(Instant::now() < until, "{} of {most} files are still open", open_files(server.id()));
        thread::sleep(Duration::from_millis(20));
    }
    assert!(server.terminate());
    resident
}

/// A device that answers what the protocol of sockets asks of it, and nothing else.
struct Waiting {
    socket: WebSocket<TcpStream>,
    pings: u32,
    last: Wake,
}

impl Waiting {
    fn open(server: &ChildServer, account: &Account, token: &str) -> Self {
        let address = server.url.strip_prefix("http://").unwrap();
        let url = format!("ws://{address}{}", account.path("wake"));
        // Ten thousand buffers of the usual size would be a gigabyte.
        let small = WebSocketConfig::default().read_buffer_size(1024).write_buffer_size(0);
        let (mut socket, _) = client_with_config(url, TcpStream::connect(address).unwrap(), Some(small)).unwrap();
        socket.send(Message::text(token)).unwrap();
        let mut waiting = Self { socket, pings: 0, last: Wake { log: 0, vault: 0 } };
        while waiting.last.log == 0 {
            let message = waiting.socket.read().unwrap();
            waiting.take(message);
        }
        waiting.socket.get_ref().set_nonblocking(true).unwrap();
        waiting
    }

    /// Takes what has come, and returns how much of it was news.
    fn listen(&mut self) -> usize {
        let mut news = 0;
        loop {
            match self.socket.read() {
                Ok(message) => news += usize::from(self.take(message)),
                Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => panic!("a socket that waits was closed: {error}"),
            }
        }
        news
    }

    fn take(&mut self, message: Message) -> bool {
        match message {
            Message::Binary(bytes) => {
                self.last = cbor::decode(&bytes, limits::SMALL_BODY_BYTES).unwrap();
                true
            }
            // The answer goes out with the next read.
            Message::Ping(_) => {
                self.pings += 1;
                false
            }
            other => panic!("instead of news there was {other:?}"),
        }
    }
}

/// Lets this process, and what it starts, have as many files open as the unit of the package does.
fn allow_files() {
    let process = std::process::id().to_string();
    let set = Command::new("prlimit").args(["--pid", &process, "--nofile=65536"]).status().unwrap();
    assert!(set.success(), "this process may not have 65,536 files open");
}

/// All of it comes from one address.
const UNLIMITED: &[&str] = &[
    "--connections-per-address",
    "20000",
    "--registration-burst",
    "1000",
    "--sign-in-burst",
    "1000",
    "--device-burst",
    "1000",
];
