//! Why a frame was not accepted.

/// What `CTAPHID_ERROR` carries (section 11.2.9.1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Command,
    Length,
    Sequence,
    Timeout,
    Busy,
    Channel,
    Other,
}

impl Refusal {
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Command => 0x01,
            Self::Length => 0x03,
            Self::Sequence => 0x04,
            Self::Timeout => 0x05,
            Self::Busy => 0x06,
            Self::Channel => 0x0b,
            Self::Other => 0x7f,
        }
    }
}
