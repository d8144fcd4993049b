//! Where clients connect.

use std::{net::SocketAddr, path::PathBuf, str::FromStr, sync::mpsc::Sender};

use super::{hub::Event, stream, udp};
use crate::explain::Explanation;

/// A transport, as the command line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// A byte stream.
    Tcp(SocketAddr),
    /// Datagrams.
    Udp(SocketAddr),
    /// A byte stream in the file system.
    Unix(PathBuf),
    /// The kernel's own HID devices.
    Uhid,
}

impl Address {
    /// Whether every user of this machine can connect.
    pub(super) fn is_open_to_all(&self) -> bool {
        matches!(self, Self::Tcp(_) | Self::Udp(_)) && !cfg!(target_os = "linux")
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("tcp", address)) => loopback(address).map(Self::Tcp),
            Some(("udp", address)) => loopback(address).map(Self::Udp),
            Some(("unix", path)) if !path.is_empty() => Ok(Self::Unix(path.into())),
            None if text == "uhid" => Ok(Self::Uhid),
            _ => Err("it is tcp:127.0.0.1:PORT, udp:127.0.0.1:PORT, unix:PATH or uhid".to_owned()),
        }
    }
}

/// A device has no protection of its own against a network.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|_| "it takes an address and a port, as in 127.0.0.1:8111")?;
    if address.ip().is_loopback() { Ok(address) } else { Err("a device is served on this machine only".to_owned()) }
}

/// A transport that takes clients. What it put into the file system goes when this is dropped.
pub(super) enum Bound {
    Network(String),
    #[cfg(unix)]
    Unix(stream::UnixName),
    #[cfg(target_os = "linux")]
    Uhid,
}

impl Bound {
    /// How to reach it, in the words of `--transport`.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Network(name) => name.clone(),
            #[cfg(unix)]
            Self::Unix(name) => name.to_string(),
            #[cfg(target_os = "linux")]
            Self::Uhid => "uhid".to_owned(),
        }
    }
}

/// Opens a transport and starts to read from it.
pub(super) fn bind(address: &Address, events: Sender<Event>) -> Result<Bound, Explanation> {
    let opened = match address {
        Address::Tcp(address) => stream::serve_tcp(*address, events).map(|at| Bound::Network(format!("tcp:{at}"))),
        Address::Udp(address) => udp::serve(*address, events).map(|at| Bound::Network(format!("udp:{at}"))),
        #[cfg(unix)]
        Address::Unix(path) => stream::serve_unix(path, events).map(Bound::Unix),
        #[cfg(target_os = "linux")]
        Address::Uhid => super::uhid::serve(events).map(|()| Bound::Uhid),
        #[cfg(not(target_os = "linux"))]
        _ => Err(std::io::Error::from(std::io::ErrorKind::Unsupported)),
    };
    opened.map_err(|error| Explanation::cannot_serve(&error))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn each_transport_has_its_form() {
        assert_eq!("tcp:127.0.0.1:0".parse(), Ok(Address::Tcp("127.0.0.1:0".parse().unwrap())));
        assert_eq!("udp:[::1]:8111".parse(), Ok(Address::Udp("[::1]:8111".parse().unwrap())));
        assert_eq!("unix:a:b".parse(), Ok(Address::Unix("a:b".into())));
        assert_eq!("uhid".parse(), Ok(Address::Uhid));
    }

    #[test]
    fn nothing_is_served_to_a_network() {
        for address in ["tcp:0.0.0.0:8111", "udp:192.0.2.1:8111", "tcp:[::]:8111"] {
            assert!(address.parse::<Address>().is_err(), "{address}");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in ["", "tcp", "tcp:", "tcp:localhost:1", "unix:", "uhid:x", "nfc"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
