//! The vault behind the device.

mod credentials;
mod state;
mod sync;

pub(super) use self::{credentials::Credentials, state::State, sync::Sync};
