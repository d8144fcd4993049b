//! A CTAP 2.3 authenticator: commands in, answers out, over whatever transport the caller has.
//!
//! [`Device::process`] takes one message as CTAPHID's `CBOR` command carries it, and gives the answer. What a device has
//! besides the protocol is its caller's: the credentials ([`crate::CredentialStore`]), what survives a power cycle
//! ([`StateStore`]), the person ([`Person`]), time ([`Clock`]) and randomness.

mod clock;
mod device;
mod person;
mod profile;
mod state;
mod state_store;
mod status;

pub use clock::Clock;
pub use device::{Device, Fault, Reply};
pub use person::{BuiltIn, Person, Purpose, Question, Touch, Verified};
pub use profile::{Profile, Transport};
pub use state::{BadState, DeviceState};
pub use state_store::{MemoryState, StateStore};
pub use status::Status;
