use roamkey_proto::{DeviceKeys, Label, encode, limits, mutant};
use zeroize::Zeroizing;

use super::{Emoji, PairingError};
use crate::primitives::{context::Context, kdf, once};

/// What both sides hold after the handshake.
pub(super) struct ChannelKeys {
    pub(super) to_newcomer: Zeroizing<[u8; 32]>,
    pub(super) to_member: Zeroizing<[u8; 32]>,
    pub(super) emoji: Zeroizing<[u8; 32]>,
    pub(super) transcript: [u8; 32],
}

/// Which side of the channel a device is on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Member,
    Newcomer,
}

/// What a message in the channel is; sealed with it, so that none passes for another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Welcome = 1,
    Enrolment = 2,
    Retry = 3,
    Added = 4,
}

/// A channel under keys that both sides have shown to hold. Each direction has its key and counts
/// its messages, so that none is replayed, left out or sent back (attack 27).
pub(super) struct Channel {
    keys: ChannelKeys,
    side: Side,
    sent: u64,
    received: u64,
}

impl Channel {
    pub(super) fn new(keys: ChannelKeys, side: Side) -> Self {
        Self { keys, side, sent: 0, received: 0 }
    }

    /// Seals the next message: `kind ‖ ciphertext`.
    pub(super) fn seal(&mut self, kind: Kind, plaintext: &[u8]) -> Result<Vec<u8>, PairingError> {
        let key = match self.side {
            Side::Member => &self.keys.to_newcomer,
            Side::Newcomer => &self.keys.to_member,
        };
        let sealed = once::seal(key, nonce(self.sent), &self.place(kind, self.sent), plaintext);
        if sealed.len() + 1 > limits::MAILBOX_MESSAGE_BYTES {
            return Err(PairingError::TooLong);
        }
        self.sent += 1;
        let mut message = Vec::with_capacity(1 + sealed.len());
        message.push(kind as u8);
        message.extend_from_slice(&sealed);
        Ok(message)
    }

    /// Opens the next message as one of this kind.
    pub(super) fn open(&mut self, kind: Kind, message: &[u8]) -> Result<Zeroizing<Vec<u8>>, PairingError> {
        let key = match self.side {
            Side::Member => &self.keys.to_member,
            Side::Newcomer => &self.keys.to_newcomer,
        };
        let (_, sealed) = message.split_first().filter(|_| is(kind, message)).ok_or(PairingError::Message)?;
        let opened = once::open(key, nonce(self.received), &self.place(kind, self.received), sealed);
        self.received += mutant!("pairing.messages-are-counted", 1 => 0);
        opened.ok_or(PairingError::Message)
    }

    /// Returns the emoji of a newcomer with these keys: whoever is in between has other keys, or
    /// another transcript, and so mostly another emoji.
    pub(super) fn emoji(&self, device: &DeviceKeys) -> Emoji {
        let [first, ..] = kdf::mac(self.keys.emoji.as_slice(), &[device.device_id().as_bytes(), &encode(device)]);
        Emoji::new(first)
    }

    fn place(&self, kind: Kind, number: u64) -> Vec<u8> {
        Context::new(Label::Pairing).byte(MESSAGE).byte(kind as u8).number(number).fixed(&self.keys.transcript).end()
    }
}

/// Tells whether a message says that it is of this kind; the seal shows whether that is true.
pub(super) fn is(kind: Kind, message: &[u8]) -> bool {
    message.first() == Some(&(kind as u8))
}

/// The counter, big-endian, after four zero bytes: each key seals each number once.
fn nonce(number: u64) -> [u8; 12] {
    let mut nonce = [0; 12];
    let (_, low) = nonce.split_at_mut(4);
    low.copy_from_slice(&number.to_be_bytes());
    nonce
}

/// Follows the numbers of the handshake.
const MESSAGE: u8 = 6;

#[cfg(test)]
mod tests;
