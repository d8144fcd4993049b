//! Pairing a device (protocol section 8, `spec/pairing.md`): two machines without I/O, one on the
//! member and one on the newcomer, that agree on keys over a mailbox which nobody trusts.
//!
//! Every stage consumes itself: a code serves one try, a message comes once and in its turn. The
//! caller carries messages to the mailbox and back.
//!
//! | | member | | newcomer |
//! | --- | --- | --- | --- |
//! | 1 | | ← share | [`NewcomerPairing::start`] |
//! | 2 | [`MemberPairing::answer`] | share, confirmation → | |
//! | 3 | | ← confirmation | [`NewcomerPairing::confirm`] |
//! | 4 | [`MemberConfirms::verify`], [`MemberWelcomes::welcome`] | [`Welcome`] → | |
//! | 5 | | ← [`Enrolment`] | [`NewcomerJoins::receive`], [`NewcomerEnrols::enrol`] |
//! | 6 | [`MemberReceives::receive`], [`MemberAsks::confirm`], [`MemberAdds::added`] | [`Added`] → | [`NewcomerWaits::receive`] |
//!
//! When the entry meets a conflict the member sends a [`Retry`] in place of 6, and 5 comes again ([`MemberRetries::receive`]): the
//! person is asked once.

mod channel;
mod code;
mod emoji;
mod handshake;
mod member;
mod message;
mod newcomer;

pub(crate) use code::index_of;
pub use code::{CodeError, PairingCode, word};
pub use emoji::{Emoji, Question};
pub use handshake::Mailbox;
pub use member::{
    MemberAdds, MemberAsks, MemberConfirms, MemberPairing, MemberReceives, MemberRetries, MemberWelcomes,
};
pub use message::{Added, Enrolment, Retry, Welcome};
pub use newcomer::{Answer, NewcomerEnrols, NewcomerJoins, NewcomerPairing, NewcomerWaits};

/// Why a pairing ends. It is over: a new code is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PairingError {
    /// The codes differ, or somebody is in between: nobody can tell.
    #[error("the codes do not match")]
    WrongCode,
    /// A message is not the one that comes now, or was changed on the way.
    #[error("the other side's message is not what comes now")]
    Message,
    /// The person picked another emoji than the newcomer shows.
    #[error("the emoji do not match")]
    WrongEmoji,
    /// There is more to send than one message holds.
    #[error("the message is too long")]
    TooLong,
}

#[cfg(test)]
mod tests;
