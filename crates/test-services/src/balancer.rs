//! Several servers at one address.

use std::{
    io,
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use anyhow::Result;

/// An address whose connections go to servers in turn, past those that are not there.
#[derive(Debug)]
pub struct Balancer {
    address: SocketAddr,
    servers: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Balancer {
    /// Takes connections at a free port; there are no servers yet.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let (address, servers) = (listener.local_addr()?, Arc::<Mutex<Vec<SocketAddr>>>::default());
        let (known, turn) = (Arc::clone(&servers), AtomicUsize::new(0));
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let servers = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let first = turn.fetch_add(1, Ordering::Relaxed) % servers.len().max(1);
                // Either end may break off at any time.
                thread::spawn(move || carry(client, &servers, first).ok());
            }
        });
        Ok(Self { address, servers })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Leads to these servers from now on; connections that are open stay.
    pub fn lead_to(&self, servers: Vec<SocketAddr>) {
        *self.servers.lock().unwrap_or_else(PoisonError::into_inner) = servers;
    }
}

fn carry(client: TcpStream, servers: &[SocketAddr], first: usize) -> io::Result<()> {
    let in_turn = servers.iter().cycle().skip(first).take(servers.len());
    let Some(server) = in_turn.filter_map(|server| TcpStream::connect(server).ok()).next() else {
        return client.shutdown(Shutdown::Both);
    };
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
    }
    let (from_client, to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || copy(from_client, to_server));
    copy(server, client);
    Ok(())
}

/// Copies until one side ends, and tells the other.
fn copy(mut from: TcpStream, mut to: TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}
