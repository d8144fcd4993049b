//! Which channels are in use.

use std::collections::VecDeque;

use super::frame::Channel;

/// The channels that were given out, and those that clients brought along.
///
/// Numbers rise, so those given out need no memory. A client may also come with a number that it got before a restart of
/// the device, or that it made up, as some do: it is served, and the number given to nobody else.
#[derive(Debug)]
pub(super) struct Channels {
    /// The newest that was given out.
    newest: u32,
    brought: VecDeque<Channel>,
}

impl Channels {
    pub(super) fn new() -> Self {
        Self { newest: 0, brought: VecDeque::new() }
    }

    /// Gives out a channel, as long as there are any.
    pub(super) fn allocate(&mut self) -> Option<Channel> {
        let free = |number: &u32| !self.brought.contains(&Channel(*number));
        let next = (self.newest.checked_add(1)?..Channel::BROADCAST.0).find(free)?;
        self.newest = next;
        Some(Channel(next))
    }

    /// Notes a channel that a client uses. The one that was brought along first is forgotten when there are many.
    pub(super) fn note(&mut self, channel: Channel) {
        if channel.0 <= self.newest || self.brought.contains(&channel) {
            return;
        }
        if self.brought.len() == BROUGHT {
            self.brought.pop_front();
        }
        self.brought.push_back(channel);
    }
}

/// Most numbers kept free for those who brought them: more clients than a machine has.
const BROUGHT: usize = 64;
