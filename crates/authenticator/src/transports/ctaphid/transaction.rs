//! What the device is busy with.

use std::time::Duration;

use super::{assembly::Assembly, frame::Channel, hid::Link};

/// One request and its answer. There is at most one at a time (section 11.2.5.1).
#[derive(Debug)]
pub(super) struct Transaction {
    pub(super) channel: Channel,
    /// The connection that began it, and so where the answer goes.
    pub(super) link: Link,
    pub(super) stage: Stage,
}

impl Transaction {
    /// Whether it is this client's. The number of a channel alone does not say so: anybody can put it into a frame, and only
    /// connections are told apart by something else than what their clients say.
    pub(super) fn is_of(&self, link: Link, channel: Channel) -> bool {
        self.channel == channel && mutant!("ctap.message-is-of-its-connection", self.link == link)
    }

    /// Whether a client that synchronises `channel` gives this up: what goes on there, and what it began to send over the
    /// same connection on another channel, of which it will not send the rest.
    pub(super) fn ends_with_a_fresh_start(&self, link: Link, channel: Channel) -> bool {
        self.is_of(link, channel) || (self.link == link && matches!(self.stage, Stage::Receiving { .. }))
    }
}

#[derive(Debug)]
pub(super) enum Stage {
    /// Fragments are missing.
    Receiving { assembly: Assembly, deadline: Duration },
    /// The device has the message; the client hears that it is at work.
    Processing { ticket: Ticket, status: Status, next_keepalive: Duration },
    /// The device is still at a message that nobody waits for any longer; this one is next.
    Queued { message: Vec<u8>, next_keepalive: Duration },
}

/// Names a message that is being processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub(super) u64);

/// What a keepalive says (section 11.2.9.1.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Processing,
    PresenceNeeded,
}

impl Status {
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Processing => 1,
            Self::PresenceNeeded => 2,
        }
    }
}
