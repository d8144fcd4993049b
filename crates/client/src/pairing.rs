//! Pairing a device over a mailbox of the server (protocol section 8).
//!
//! A [`Pairing`] is the member's side, a [`Joining`] the newcomer's. Both go on when they are
//! polled, and wait for nothing in between: whoever polls decides how often.

mod joining;
mod mailbox;
mod member;

use roamkey_sealing::pairing as sealed;

pub use self::{
    joining::{JoinStage, Joining},
    member::{PairStage, Pairing},
};
pub use roamkey_sealing::pairing::{Emoji, PairingCode};

/// Why a pairing ended. Nothing changed, and nobody was let in: make a new code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PairingError {
    /// What was typed is no code.
    #[error("what was typed is not a pairing code")]
    BadCode,
    /// No such code is being shown, or it was used, or it is over.
    #[error("no device shows this code any more")]
    CodeGone,
    /// The code was another one, or someone sat in between: nobody can tell.
    #[error("the code is wrong")]
    WrongCode,
    /// The person picked another emoji than the newcomer shows.
    #[error("the emoji do not match")]
    WrongEmoji,
    /// The code is over.
    #[error("the code is over")]
    Expired,
    /// The other side gave up.
    #[error("the other device gave up")]
    Cancelled,
    /// The other side said what does not hold, or the account does not allow it.
    #[error("the pairing was refused")]
    Refused,
    /// Nothing of this kind goes on.
    #[error("no pairing goes on")]
    NotPairing,
}

impl PairingError {
    /// Returns a word for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BadCode => "bad-code",
            Self::CodeGone => "code-gone",
            Self::WrongCode => "wrong-code",
            Self::WrongEmoji => "wrong-emoji",
            Self::Expired => "code-expired",
            Self::Cancelled => "pairing-cancelled",
            Self::Refused => "pairing-refused",
            Self::NotPairing => "not-pairing",
        }
    }
}

impl From<sealed::PairingError> for PairingError {
    fn from(error: sealed::PairingError) -> Self {
        match error {
            sealed::PairingError::WrongCode => Self::WrongCode,
            sealed::PairingError::WrongEmoji => Self::WrongEmoji,
            _ => Self::Refused,
        }
    }
}

/// Reads a code as people type it.
///
/// # Errors
/// [`PairingError::BadCode`].
pub fn parse_code(typed: &str) -> Result<PairingCode, PairingError> {
    typed.parse().map_err(|_| PairingError::BadCode)
}
