//! A socket on which a device waits for news.

use std::{
    net::{Shutdown, TcpStream},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use roamkey_client::Wake as Address;
use roamkey_proto::{api::Wake, cbor, limits};
use tungstenite::{Message, WebSocket, client};

/// Open as long as this lives.
pub(super) struct Listener {
    stream: TcpStream,
    news: Receiver<(Instant, Wake)>,
}

impl Listener {
    /// Opens a socket and hears where the chains are.
    pub(super) fn open(address: &Address) -> Result<Self> {
        let host = address.url.strip_prefix("ws://").and_then(|rest| rest.split('/').next()).context("an address")?;
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        let (mut socket, _) = client(address.url.as_str(), stream.try_clone()?).context("no WebSocket")?;
        socket.send(Message::text(address.token.to_string()))?;
        let (tell, news) = channel();
        thread::spawn(move || {
            while let Some(wake) = next(&mut socket) {
                if tell.send((Instant::now(), wake)).is_err() {
                    break;
                }
            }
        });
        let listener = Self { stream, news };
        listener.next().context("the first word of the server")?;
        Ok(listener)
    }

    /// Waits until the vault's chain is where a device pushed it; returns when the news came.
    pub(super) fn wait_for(&self, vault: u64) -> Result<Instant> {
        loop {
            let (at, wake) = self.next()?;
            ensure!(wake.vault <= vault, "news of a push that nobody made");
            if wake.vault == vault {
                return Ok(at);
            }
        }
    }

    fn next(&self) -> Result<(Instant, Wake)> {
        self.news.recv_timeout(PATIENCE).context("no news")
    }
}

/// The next news; none when the socket is closed.
fn next(socket: &mut WebSocket<TcpStream>) -> Option<Wake> {
    loop {
        if let Message::Binary(bytes) = socket.read().ok()? {
            return cbor::decode(&bytes, limits::SMALL_BODY_BYTES).ok();
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Its thread hears that. A socket that is gone is closed.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

/// After which news are lost.
const PATIENCE: Duration = Duration::from_secs(30);
