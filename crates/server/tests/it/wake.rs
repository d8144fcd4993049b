use std::{net::TcpStream, time::Duration};

use roamkey_proto::{
    api::{Accepted, Wake},
    cbor, limits,
};
use tungstenite::{Message, WebSocket, stream::MaybeTlsStream};

use crate::{account::Account, device::Device, server::TestServer};

#[test]
fn an_append_wakes_every_socket_of_its_account_and_no_other() {
    let server = TestServer::start();
    let (account, token) = server.account(1);
    let (other, others_token) = server.account(2);
    let mut sockets = [open(&server, &account, &token), open(&server, &account, &token)];
    let mut others = open(&server, &other, &others_token);
    for socket in sockets.iter_mut().chain([&mut others]) {
        assert_eq!(wake(socket), Ok(Wake { log: 1, vault: 0 }));
    }
    let _: Accepted = server.client.post(&account.path("push"), Some(&token), &account.push(&[1])).ok();
    for socket in &mut sockets {
        assert_eq!(wake(socket), Ok(Wake { log: 1, vault: 1 }));
    }
    let rotated = account.bundle(roamkey_proto::Op::Rotate, &account.founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &rotated).ok();
    for socket in &mut sockets {
        assert_eq!(wake(socket), Ok(Wake { log: 2, vault: 1 }));
    }
    others.send(Message::Ping(tungstenite::Bytes::new())).unwrap();
    assert!(matches!(others.read().unwrap(), Message::Pong(_) | Message::Ping(_)));
}

#[test]
fn a_socket_without_a_session_is_closed() {
    let server = TestServer::start();
    let (account, _) = server.account(1);
    let (_, others) = server.account(2);
    for token in ["", "x", &"0".repeat(64), &others] {
        assert_eq!(wake(&mut open(&server, &account, token)), Err("/problems/unauthorized".to_owned()));
    }
    let mut binary = connect(&server, &account);
    binary.send(Message::Binary(vec![0; 64].into())).unwrap();
    assert_eq!(wake(&mut binary), Err("/problems/unauthorized".to_owned()));
}

#[test]
fn a_socket_that_says_nothing_is_closed() {
    let server = TestServer::start_with(|config| config.limits.request_seconds = 1);
    let (account, _) = server.account(1);
    assert_eq!(wake(&mut connect(&server, &account)), Err("/problems/unauthorized".to_owned()));
}

#[test]
fn a_socket_of_a_revoked_device_is_closed() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let (founder, second) = (Device::new(1), Device::new(2));
    let added = account.extend(second.joins(&account.log), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &added).ok();
    let mut socket = open(&server, &account, &server.client.sign_in(account.id(), &second));
    assert_eq!(wake(&mut socket), Ok(Wake { log: 2, vault: 0 }));
    let revoked = account.extend(Device::revokes(&[&second]), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &revoked).ok();
    assert_eq!(wake(&mut socket), Err("/problems/not-a-member".to_owned()));
}

#[test]
fn a_device_has_a_few_sockets() {
    let server = TestServer::start_with(|config| config.limits.sockets = 1);
    let (account, token) = server.account(1);
    let mut first = open(&server, &account, &token);
    assert!(wake(&mut first).is_ok());
    assert_eq!(wake(&mut open(&server, &account, &token)), Err("/problems/rate-limited".to_owned()));
}

#[test]
fn a_socket_is_told_when_the_server_stops() {
    let server = TestServer::start();
    let (account, token) = server.account(1);
    let mut socket = open(&server, &account, &token);
    assert!(wake(&mut socket).is_ok());
    drop(server);
    assert_eq!(wake(&mut socket), Err("/problems/unavailable".to_owned()));
}

pub(crate) type Socket = WebSocket<MaybeTlsStream<TcpStream>>;

fn connect(server: &TestServer, account: &Account) -> Socket {
    let url = format!("{}{}", server.client.url.replacen("http", "ws", 1), account.path("wake"));
    let (socket, _) = tungstenite::connect(url).unwrap();
    if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    }
    socket
}

pub(crate) fn open(server: &TestServer, account: &Account, token: &str) -> Socket {
    let mut socket = connect(server, account);
    socket.send(Message::text(token)).unwrap();
    socket
}

/// The next wake-up, or the reason of the close.
pub(crate) fn wake(socket: &mut Socket) -> Result<Wake, String> {
    loop {
        match socket.read().unwrap() {
            Message::Binary(bytes) => return Ok(cbor::decode(&bytes, limits::SMALL_BODY_BYTES).unwrap()),
            Message::Close(frame) => return Err(frame.unwrap().reason.to_string()),
            _ => {}
        }
    }
}
