//! A message on its way in.

use super::{
    frame::{CONTINUED_DATA, INITIAL_DATA},
    refusal::Refusal,
};

/// The fragments so far. `length` is at most [`super::MESSAGE_LEN`].
#[derive(Debug)]
pub(super) struct Assembly {
    command: u8,
    length: usize,
    bytes: Vec<u8>,
    sequence: u8,
}

/// A message that is whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) command: u8,
    pub(super) bytes: Vec<u8>,
}

impl Assembly {
    pub(super) fn begin(command: u8, length: usize, data: &[u8; INITIAL_DATA]) -> Self {
        let mut assembly = Self { command, length, bytes: Vec::with_capacity(length), sequence: 0 };
        assembly.take(data);
        assembly
    }

    /// Adds the next fragment, which has to be the next.
    pub(super) fn add(&mut self, sequence: u8, data: &[u8; CONTINUED_DATA]) -> Result<(), Refusal> {
        if sequence != self.sequence {
            return Err(Refusal::Sequence);
        }
        self.sequence = self.sequence.saturating_add(1);
        self.take(data);
        Ok(())
    }

    /// The message, once it is whole; until then what there is.
    pub(super) fn finish(self) -> Result<Message, Self> {
        if self.bytes.len() < self.length {
            return Err(self);
        }
        Ok(Message { command: self.command, bytes: self.bytes })
    }

    fn take(&mut self, data: &[u8]) {
        let missing = self.length - self.bytes.len();
        self.bytes.extend(data.iter().take(missing));
    }
}
