//! A CTAP 2.3 authenticator: commands in, answers out, over whatever transport the caller has.
//!
//! [`Device::process`] takes one message as CTAPHID's `CBOR` command carries it, and gives the answer. What a device has
//! besides the protocol is its caller's: the credentials ([`crate::ManagedStore`]), what survives a power cycle
//! ([`StateStore`]), the person ([`Person`]), time ([`Clock`]) and randomness.

mod cbor;
mod clock;
mod commands;
mod device;
mod fault;
mod limits;
mod person;
mod pin_uv;
mod profile;
mod request;
mod state;
mod state_store;
mod status;

pub use clock::Clock;
pub use device::{Device, Reply};
pub use fault::Fault;
pub use person::{BuiltIn, Person, Purpose, Question, Touch, Verified};
pub use profile::{Profile, ResetRule, Transport};
pub use state::{BadState, DeviceState};
pub use state_store::{MemoryState, StateStore};
pub use status::Status;
