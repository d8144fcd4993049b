//! The trust log: who belongs to an account, judged by signatures alone.
//!
//! A [`Log`] is the verified state of an account's chain of entries (protocol section 4). It is
//! pure: bytes in, a new state or a typed refusal out. Devices and the server run the same code,
//! so that the server stores no rubbish and no device believes the server. What a device signs
//! besides, [commits](commit), [receipts](receipt), [heartbeats](heartbeat), [session proofs](session) and what it says to [realms](realm),
//! is verified here as well, and so is [evidence] of what does not fit. The crate opens nothing: whoever needs plaintext wants `roamkey-sealing`.

mod authority;
pub mod commit;
mod draft;
mod error;
pub mod evidence;
#[cfg(test)]
mod fixture;
pub mod heartbeat;
mod judge;
pub mod keys;
mod log;
mod member;
pub mod possession;
pub mod realm;
pub mod receipt;
mod roles;
pub mod session;
pub mod sign1;
#[cfg(any(test, feature = "vectors"))]
pub mod vectors;

pub use authority::{Authority, Set};
pub use draft::{Draft, NextEpoch};
pub use error::{CommitError, Refusal, SignatureError, TrustError};
pub use keys::{IdentityKey, SignIdentity, SignWrite, WriteKey};
pub use log::{Change, Closing, Log, Removal, Summary};
pub use member::{Added, Member, Status};
