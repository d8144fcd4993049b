//! A realm: helps with a guess at a PIN, and counts it first (protocol section 9, `spec/realms.md`).
//!
//! The secret of a recovery authority is cut into shares, and each share lies at a realm under a mask that the right PIN
//! gives, by way of a key that only this realm has. A realm learns neither the PIN nor whether a guess was right; what it
//! does is to help [at most so many times](roamkey_proto::limits::GUESSES), and only with a request that has waited and that
//! no device has called off.
//!
//! The crate does no I/O: a [`Run`] of a command says what to read and write, in order, and gives its result only after
//! all of that is done. So a guess is on two media before anything is evaluated, whoever drives it. Devices want
//! `roamkey-sealing`, which has the other half.

mod account;
pub mod bounds;
mod command;
mod error;
mod key;
mod mark;
mod run;
#[cfg(any(test, feature = "vectors"))]
pub mod vectors;

pub use account::{Asked, AskedState, Overview};
pub use command::{
    Command, Deposit, Forgive, Learn, Lodge, Look, MakeGuess, Prepare, Release, Served, TakeVeto, Ticket, Waiting,
};
pub use error::Refusal;
pub use key::{Realm, RealmKey};
pub use mark::Mark;
pub use run::{Effect, Outcome, Run, Step};
