//! Which channels are in use.

use std::collections::VecDeque;

use super::frame::Channel;

/// The channels that were given out, and those that clients brought along.
///
/// Numbers rise, so those given out need no memory. A client may also synchronise a channel that it holds from before a
/// restart of the device: that one is taken over.
#[derive(Debug)]
pub(super) struct Channels {
    /// The newest that was given out; all from 1 to here are in use.
    newest: u32,
    adopted: VecDeque<Channel>,
}

impl Channels {
    pub(super) fn new() -> Self {
        Self { newest: 0, adopted: VecDeque::new() }
    }

    /// Gives out a channel, as long as there are any.
    pub(super) fn allocate(&mut self) -> Option<Channel> {
        let next = self.newest.checked_add(1).map(Channel).filter(|channel| *channel != Channel::BROADCAST)?;
        self.newest = next.0;
        Some(next)
    }

    /// Takes over a channel. The one that was taken over first makes room when there are many.
    pub(super) fn adopt(&mut self, channel: Channel) {
        if self.contains(channel) {
            return;
        }
        if self.adopted.len() == ADOPTED {
            self.adopted.pop_front();
        }
        self.adopted.push_back(channel);
    }

    pub(super) fn contains(&self, channel: Channel) -> bool {
        (1..=self.newest).contains(&channel.0) || self.adopted.contains(&channel)
    }
}

/// Most channels taken over: more clients than a machine has, few enough to look through at each frame.
const ADOPTED: usize = 64;
