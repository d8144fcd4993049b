//! CTAPHID (CTAP 2.3 section 11.2): channels, fragments, and one transaction at a time.
//!
//! [`Hid`] does no I/O and waits for nobody. Frames, answers and the time go in; frames to send, messages to process and
//! the time of the next wake-up come out.

mod assembly;
mod channels;
mod frame;
mod hid;
mod refusal;
mod transaction;

pub use frame::{FRAME_LEN, Frame};
pub use hid::{Effect, Hid, Link, Speaker, Version};
pub use transaction::Ticket;

/// Longest message: one initialization frame and 128 continuation frames (section 11.2.4).
pub const MESSAGE_LEN: usize = frame::INITIAL_DATA + 128 * frame::CONTINUED_DATA;

#[cfg(test)]
mod tests;
