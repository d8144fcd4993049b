//! A client of CTAPHID.

use std::{
    io::{Read as _, Write as _},
    net::{TcpStream, UdpSocket},
    os::unix::net::UnixStream,
};

/// Carries frames.
pub(super) trait Wire {
    fn send(&mut self, frame: [u8; 64]);
    fn receive(&mut self) -> [u8; 64];
}

impl Wire for TcpStream {
    fn send(&mut self, frame: [u8; 64]) {
        self.write_all(&[&[0, 64], &frame[..]].concat()).unwrap();
    }

    fn receive(&mut self) -> [u8; 64] {
        let mut bytes = [0; 66];
        self.read_exact(&mut bytes).unwrap();
        assert_eq!(bytes[..2], [0, 64]);
        bytes[2..].try_into().unwrap()
    }
}

impl Wire for UnixStream {
    fn send(&mut self, frame: [u8; 64]) {
        self.write_all(&[&[0, 64], &frame[..]].concat()).unwrap();
    }

    fn receive(&mut self) -> [u8; 64] {
        let mut bytes = [0; 66];
        self.read_exact(&mut bytes).unwrap();
        assert_eq!(bytes[..2], [0, 64]);
        bytes[2..].try_into().unwrap()
    }
}

impl Wire for UdpSocket {
    fn send(&mut self, frame: [u8; 64]) {
        UdpSocket::send(self, &frame).unwrap();
    }

    fn receive(&mut self) -> [u8; 64] {
        let mut bytes = [0; 65];
        assert_eq!(self.recv(&mut bytes).unwrap(), 64);
        bytes[..64].try_into().unwrap()
    }
}

/// A client with a channel.
pub(super) struct Client {
    wire: Box<dyn Wire>,
    channel: u32,
}

impl Client {
    pub(super) fn connect(address: &str) -> Self {
        let mut client = Self { wire: super::connect(address), channel: u32::MAX };
        let answer = client.call(INIT, b"8 bytes.").unwrap();
        client.channel = u32::from_be_bytes(answer[8..12].try_into().unwrap());
        client
    }

    pub(super) fn ping(&mut self, message: &[u8]) -> Vec<u8> {
        self.call(PING, message).unwrap()
    }

    /// As real clients do: while another one is at work, asks again.
    pub(super) fn ping_when_free(&mut self, message: &[u8]) -> Vec<u8> {
        loop {
            match self.call(PING, message) {
                Ok(answer) => return answer,
                Err(error) => assert_eq!(error, CHANNEL_BUSY),
            }
        }
    }

    pub(super) fn cbor(&mut self, message: &[u8]) -> Vec<u8> {
        self.call(CBOR, message).unwrap()
    }

    /// Sends the first frame of a message.
    pub(super) fn begin(&mut self, command: u8, length: u16) {
        self.wire.send(frame(self.channel, &[&[command], &length.to_be_bytes()[..]].concat()));
    }

    fn call(&mut self, command: u8, message: &[u8]) -> Result<Vec<u8>, u8> {
        let length = u16::try_from(message.len()).unwrap().to_be_bytes();
        let (first, rest) = message.split_at(message.len().min(57));
        self.wire.send(frame(self.channel, &[&[command], &length[..], first].concat()));
        for (sequence, part) in (0..).zip(rest.chunks(59)) {
            self.wire.send(frame(self.channel, &[&[sequence], part].concat()));
        }
        loop {
            match self.receive() {
                (KEEPALIVE, _) => {}
                (ERROR, code) => return Err(code[0]),
                (answered, answer) => {
                    assert_eq!(answered, command);
                    return Ok(answer);
                }
            }
        }
    }

    fn receive(&mut self) -> (u8, Vec<u8>) {
        let first = self.wire.receive();
        assert_eq!(first[..4], self.channel.to_be_bytes());
        let length = usize::from(u16::from_be_bytes([first[5], first[6]]));
        let mut message = first[7..].to_vec();
        while message.len() < length {
            message.extend(&self.wire.receive()[5..]);
        }
        message.truncate(length);
        (first[4], message)
    }
}

fn frame(channel: u32, bytes: &[u8]) -> [u8; 64] {
    let mut frame = [0; 64];
    frame[..4].copy_from_slice(&channel.to_be_bytes());
    frame[4..4 + bytes.len()].copy_from_slice(bytes);
    frame
}

const PING: u8 = 0x81;
const INIT: u8 = 0x86;
const CBOR: u8 = 0x90;
const KEEPALIVE: u8 = 0xbb;
const ERROR: u8 = 0xbf;
const CHANNEL_BUSY: u8 = 6;
