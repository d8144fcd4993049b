//! Devices that wait for news, and for nothing else.

use std::{net::TcpStream, thread};

use anyhow::{Context, Result, bail, ensure};
use tungstenite::{Message, WebSocket, client::client_with_config, protocol::WebSocketConfig};

use super::{Backend, Server, process::FILES};
use crate::device::Device;

/// Sockets that are open at once.
const SOCKETS: usize = 10_000;

/// Accounts that they belong to: a person has a few devices, an organisation's many more.
const ACCOUNTS: usize = 1_000;

/// Threads that open them.
const OPENERS: usize = 8;

/// The server's memory while all of them are open, each after its first news.
pub(super) fn rss_mb(backend: Backend) -> Result<f64> {
    allow_files()?;
    let server = Server::start_on(backend)?;
    let open: Vec<Result<Vec<Socket>>> = thread::scope(|scope| {
        let openers: Vec<_> = (0..OPENERS).map(|_| scope.spawn(|| open_some(server.url()))).collect();
        openers.into_iter().map(|opener| opener.join().expect("an opener reports errors")).collect()
    });
    let open: Vec<Socket> = open.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
    ensure!(open.len() == SOCKETS, "{} sockets are open", open.len());
    server.rss_mb()
}

type Socket = WebSocket<TcpStream>;

fn open_some(url: &str) -> Result<Vec<Socket>> {
    let mut open = Vec::new();
    for _ in 0..ACCOUNTS / OPENERS {
        let device = Device::found(url)?;
        for _ in 0..SOCKETS / ACCOUNTS {
            open.push(open_one(&device)?);
        }
    }
    Ok(open)
}

fn open_one(device: &Device) -> Result<Socket> {
    let (url, token) = device.wake();
    let address = url.strip_prefix("ws://").and_then(|rest| rest.split('/').next()).context("an address")?;
    // Ten thousand buffers of the usual size would be the larger half of this machine.
    let small = WebSocketConfig::default().read_buffer_size(1024).write_buffer_size(0);
    let stream = TcpStream::connect(address)?;
    let (mut socket, _) = client_with_config(&*url, stream, Some(small)).context("no WebSocket")?;
    socket.send(Message::text(token))?;
    match socket.read()? {
        Message::Binary(_) => Ok(socket),
        other => bail!("instead of news there was {other:?}"),
    }
}

/// Lets this process have as many files open as the server.
fn allow_files() -> Result<()> {
    let id = std::process::id().to_string();
    let set = std::process::Command::new("prlimit").args(["--pid", &id, &format!("--nofile={FILES}")]).status()?;
    ensure!(set.success(), "this process may not have {FILES} files open");
    Ok(())
}
