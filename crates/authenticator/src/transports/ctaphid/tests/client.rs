//! A client's end, written anew so that no mistake is made twice.

use std::time::Duration;

use super::super::{Effect, Frame, Hid, Link, Ticket, Version};

pub(super) const PING: u8 = 0x81;
pub(super) const MSG: u8 = 0x83;
pub(super) const INIT: u8 = 0x86;
pub(super) const WINK: u8 = 0x88;
pub(super) const CBOR: u8 = 0x90;
pub(super) const CANCEL: u8 = 0x91;
pub(super) const KEEPALIVE: u8 = 0xbb;
pub(super) const ERROR: u8 = 0xbf;

pub(super) const NONCE: &[u8] = b"8 bytes.";

/// A device, the time there, and what came out of it.
pub(super) struct World {
    pub(super) hid: Hid,
    pub(super) now: Duration,
}

/// What a client saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) channel: u32,
    pub(super) command: u8,
    pub(super) bytes: Vec<u8>,
}

/// What the device's owner was told.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told {
    Process(Ticket, Vec<u8>),
    Cancel(Ticket),
    Wink,
}

impl World {
    pub(super) fn new() -> Self {
        Self { hid: Hid::new(Version { major: 1, minor: 2, patch: 3 }), now: Duration::from_secs(1) }
    }

    /// A device with one client on a channel.
    pub(super) fn with_channel() -> (Self, u32) {
        let mut world = Self::new();
        let channel = world.allocate();
        (world, channel)
    }

    pub(super) fn allocate(&mut self) -> u32 {
        let heard = self.ask(u32::MAX, INIT, NONCE);
        u32::from_be_bytes(heard.bytes[8..12].try_into().unwrap())
    }

    pub(super) fn frame(&mut self, frame: &Frame) {
        self.hid.receive(Link(1), frame, self.now);
    }

    /// Sends a message in as many frames as it takes.
    pub(super) fn send(&mut self, channel: u32, command: u8, message: &[u8]) {
        for frame in frames(channel, command, message) {
            self.frame(&frame);
        }
    }

    /// Sends a message and hears one.
    pub(super) fn ask(&mut self, channel: u32, command: u8, message: &[u8]) -> Heard {
        self.send(channel, command, message);
        let (mut heard, told) = self.outcome();
        assert_eq!((heard.len(), told.len()), (1, 0), "{heard:?} {told:?}");
        heard.remove(0)
    }

    /// Sends a message for the device and returns under which name it got there.
    pub(super) fn begin(&mut self, channel: u32, message: &[u8]) -> Ticket {
        self.send(channel, CBOR, message);
        let (heard, mut told) = self.outcome();
        assert_eq!(heard, []);
        match told.pop() {
            Some(Told::Process(ticket, bytes)) if bytes == message => ticket,
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn pass(&mut self, milliseconds: u64) {
        self.now += Duration::from_millis(milliseconds);
        self.hid.tick(self.now);
    }

    pub(super) fn heard(&mut self) -> Vec<Heard> {
        let (heard, told) = self.outcome();
        assert_eq!(told, []);
        heard
    }

    pub(super) fn outcome(&mut self) -> (Vec<Heard>, Vec<Told>) {
        let (mut sent, mut told) = (Vec::new(), Vec::new());
        while let Some(effect) = self.hid.next_effect() {
            match effect {
                Effect::Send { frame, .. } => sent.push(*frame),
                Effect::Process { ticket, message, .. } => told.push(Told::Process(ticket, message)),
                Effect::Cancel { ticket } => told.push(Told::Cancel(ticket)),
                Effect::Wink => told.push(Told::Wink),
            }
        }
        (assemble(&sent), told)
    }
}

/// An error on a channel.
pub(super) fn error(channel: u32, code: u8) -> Heard {
    Heard { channel, command: ERROR, bytes: vec![code] }
}

/// A keepalive on a channel.
pub(super) fn keepalive(channel: u32, status: u8) -> Heard {
    Heard { channel, command: KEEPALIVE, bytes: vec![status] }
}

pub(super) fn frames(channel: u32, command: u8, message: &[u8]) -> Vec<Frame> {
    let length = u16::try_from(message.len()).unwrap();
    let cut = message.len().min(57);
    let mut frames = vec![initial(channel, command, length, &message[..cut])];
    let rest = message[cut..].chunks(59).enumerate();
    frames.extend(rest.map(|(sequence, data)| continued(channel, u8::try_from(sequence).unwrap(), data)));
    frames
}

pub(super) fn initial(channel: u32, command: u8, length: u16, data: &[u8]) -> Frame {
    pad(&[&channel.to_be_bytes()[..], &[command], &length.to_be_bytes(), data].concat())
}

pub(super) fn continued(channel: u32, sequence: u8, data: &[u8]) -> Frame {
    pad(&[&channel.to_be_bytes()[..], &[sequence], data].concat())
}

fn pad(bytes: &[u8]) -> Frame {
    let mut frame = [0; 64];
    frame[..bytes.len()].copy_from_slice(bytes);
    frame
}

/// Puts the device's frames together, and checks each of them.
fn assemble(frames: &[Frame]) -> Vec<Heard> {
    let mut heard = Vec::new();
    let mut frames = frames.iter();
    while let Some(frame) = frames.next() {
        assert_eq!(frame[4] & 0x80, 0x80, "a message begins");
        let length = usize::from(u16::from_be_bytes([frame[5], frame[6]]));
        let mut bytes = frame[7..].to_vec();
        let mut sequence = 0;
        while bytes.len() < length {
            let next = frames.next().unwrap();
            assert_eq!((&next[..4], next[4]), (&frame[..4], sequence), "the message goes on");
            bytes.extend(&next[5..]);
            sequence += 1;
        }
        assert!(bytes.split_off(length).iter().all(|byte| *byte == 0), "padding is zeros");
        let channel = u32::from_be_bytes(frame[..4].try_into().unwrap());
        heard.push(Heard { channel, command: frame[4], bytes });
    }
    heard
}
