//! Whose program is at the other end of a connection over this machine's own addresses.
//!
//! A port of 127.0.0.1 is open to every user of the machine, and a device that serves one of them must not serve the others.
//! Unix sockets have permissions for that; here the kernel's table of sockets says to whom each belongs.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

/// The users whose programs are served: ours, and the one who may do anything anyway.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner(u32);

impl Owner {
    /// Whoever runs this program.
    pub(super) fn of_this_process() -> io::Result<Self> {
        let status = fs::read_to_string("/proc/self/status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("Uid:"));
        let effective = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|uid| uid.parse().ok());
        effective.map(Self).ok_or_else(|| io::Error::other("the kernel does not say who we are"))
    }

    /// Whether the client of a connection that was just accepted is one of theirs.
    pub(super) fn has_stream(self, client: SocketAddr, served: SocketAddr) -> bool {
        let table = sockets("tcp");
        // Those that are about to end have nobody's name on them.
        let mut ends = table.iter().filter(|it| it.local == client && it.remote == served && it.is_established);
        ends.next().is_some_and(|end| self.is(end.uid))
    }

    /// Whether a datagram from this address is one of theirs. Two users can share a port; then it is nobody's.
    pub(super) fn has_datagrams(self, client: SocketAddr) -> bool {
        let table = sockets("udp");
        let sends = |it: &&Socket| {
            it.local.port() == client.port() && (it.local.ip() == client.ip() || it.local.ip().is_unspecified())
        };
        let mut senders = table.iter().filter(sends).peekable();
        senders.peek().is_some() && senders.all(|sender| self.is(sender.uid))
    }

    fn is(self, uid: u32) -> bool {
        uid == self.0 || uid == 0
    }
}

/// A line of the kernel's table.
#[derive(Debug, PartialEq, Eq)]
struct Socket {
    local: SocketAddr,
    remote: SocketAddr,
    is_established: bool,
    uid: u32,
}

/// The sockets of a protocol, in both versions of IP. One that cannot be read lists nobody.
fn sockets(protocol: &str) -> Vec<Socket> {
    let read = |version| fs::read_to_string(format!("/proc/net/{protocol}{version}")).unwrap_or_default();
    ["", "6"].map(read).iter().flat_map(|table| table.lines().filter_map(parse)).collect()
}

/// `0: LOCAL REMOTE STATE QUEUES TIMER RETRANSMITS UID ...`; what is no such line is none of a socket.
fn parse(line: &str) -> Option<Socket> {
    let mut words = line.split_whitespace().skip(1);
    let (local, remote) = (address(words.next()?)?, address(words.next()?)?);
    let is_established = words.next()? == ESTABLISHED;
    let uid = words.nth(3)?.parse().ok()?;
    Some(Socket { local, remote, is_established, uid })
}

/// `ADDRESS:PORT`, the address as the words of memory that it is in.
fn address(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let word = |at: usize| u32::from_str_radix(address.get(at..at + 8)?, 16).ok().map(u32::to_ne_bytes);
    let ip = match address.len() {
        8 => IpAddr::from(Ipv4Addr::from(word(0)?)),
        32 => {
            let words = [word(0)?, word(8)?, word(16)?, word(24)?];
            let bytes: [u8; 16] = words.concat().try_into().ok()?;
            Ipv6Addr::from(bytes).to_canonical()
        }
        _ => return None,
    };
    Some(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?))
}

const ESTABLISHED: &str = "01";

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::net::{TcpListener, TcpStream, UdpSocket};

    use super::*;

    #[test]
    fn a_line_names_both_ends_their_state_and_whose_it_is() {
        let line = "   3: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 2 1";
        let (local, remote) = ("127.0.0.1:8080".parse().unwrap(), "127.0.0.1:50000".parse().unwrap());
        assert_eq!(parse(line), Some(Socket { local, remote, is_established: true, uid: 1000 }));
        let mapped = address("0000000000000000FFFF00000100007F:1F90").unwrap();
        assert_eq!(mapped, local, "a socket of IPv6 that speaks IPv4");
        assert_eq!(address("00000000000000000000000001000000:0001").unwrap(), "[::1]:1".parse().unwrap());
        for head in ["  sl  local_address rem_address   st tx_queue", "", "0: 0100007F 0100007F:C350 01"] {
            assert_eq!(parse(head), None, "{head}");
        }
    }

    #[test]
    fn only_the_owner_and_root_are_served() {
        assert_eq!([1000, 0, 1001, u32::MAX].map(|uid| Owner(1000).is(uid)), [true, true, false, false]);
        assert!(!Owner(0).is(1000));
    }

    #[test]
    fn a_client_is_known_while_it_is_there() {
        let owner = Owner::of_this_process().unwrap();
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let listener = TcpListener::bind(address).unwrap();
            let served = listener.local_addr().unwrap();
            let client = TcpStream::connect(served).unwrap();
            let from = client.local_addr().unwrap();
            assert!(owner.has_stream(from, served), "{address}");
            assert!(!owner.has_stream(served, served), "{address}");
            drop(client);
            assert!(!owner.has_stream(from, served), "{address}");
        }
    }

    #[test]
    fn a_sender_of_datagrams_is_known_while_it_is_there() {
        let owner = Owner::of_this_process().unwrap();
        let sender = UdpSocket::bind("0.0.0.0:0").unwrap();
        let port = sender.local_addr().unwrap().port();
        let from = SocketAddr::from(([127, 0, 0, 1], port));
        assert!(owner.has_datagrams(from));
        drop(sender);
        assert!(!owner.has_datagrams(from));
    }
}
