//! UDP: a frame a datagram, and a client an address.

use std::{
    collections::VecDeque,
    io,
    net::{SocketAddr, UdpSocket},
    sync::{Arc, mpsc::Sender},
    thread,
};

use roamkey_authenticator::transports::ctaphid::{FRAME_LEN, Frame, Link};

use super::hub::{Event, Wire};

/// Listens on UDP, and returns where.
pub(super) fn serve(address: SocketAddr, events: Sender<Event>) -> io::Result<SocketAddr> {
    let socket = Arc::new(UdpSocket::bind(address)?);
    let address = socket.local_addr()?;
    #[cfg(target_os = "linux")]
    let owner = super::peer::Owner::of_this_process()?;
    thread::spawn(move || {
        let clients = Clients {
            socket,
            events,
            known: VecDeque::new(),
            links: 0,
            #[cfg(target_os = "linux")]
            owner,
        };
        clients.read();
    });
    Ok(address)
}

/// Those who sent something, the least recent first.
struct Clients {
    socket: Arc<UdpSocket>,
    events: Sender<Event>,
    known: VecDeque<(SocketAddr, Link)>,
    links: u64,
    #[cfg(target_os = "linux")]
    owner: super::peer::Owner,
}

impl Clients {
    fn read(mut self) {
        let mut bytes = [0; FRAME_LEN + 1];
        loop {
            // A failure here is about an earlier answer: its client is gone.
            let Ok((length, from)) = self.socket.recv_from(&mut bytes) else { continue };
            let Some(frame) = bytes.get(..length).and_then(|bytes| Frame::try_from(bytes).ok()) else { continue };
            // Each of them: when a client is gone, its address is free for others.
            #[cfg(target_os = "linux")]
            if !self.owner.has_datagrams(from) {
                continue;
            }
            let link = self.link(from);
            if self.events.send(Event::Frame(link, frame)).is_err() {
                return;
            }
        }
    }

    fn link(&mut self, address: SocketAddr) -> Link {
        let known = self.known.iter().position(|(known, _)| *known == address).and_then(|at| self.known.remove(at));
        let (_, link) = known.unwrap_or_else(|| (address, self.open(address)));
        self.known.push_back((address, link));
        link
    }

    fn open(&mut self, address: SocketAddr) -> Link {
        if self.known.len() == CLIENTS
            && let Some((_, link)) = self.known.pop_front()
        {
            let _ = self.events.send(Event::Closed(link));
        }
        let link = Link(self.links);
        self.links += 1;
        let _ =
            self.events.send(Event::Opened(link, Box::new(Datagrams { socket: Arc::clone(&self.socket), address })));
        link
    }
}

/// The way back to a client.
struct Datagrams {
    socket: Arc<UdpSocket>,
    address: SocketAddr,
}

impl Wire for Datagrams {
    fn send(&mut self, frame: &Frame) -> io::Result<()> {
        // Whether a datagram arrives is not known anyway: a client that is gone is no failure.
        let _ = self.socket.send_to(frame, self.address);
        Ok(())
    }

    #[cfg(feature = "test-hooks")]
    fn unplug(&mut self) -> super::hub::After {
        super::hub::After::Stays
    }
}

/// Most clients at once; the one that was silent longest makes room.
const CLIENTS: usize = 64;
