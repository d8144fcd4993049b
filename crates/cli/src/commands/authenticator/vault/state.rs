//! What the device remembers on this machine.

use roamkey_authenticator::ctap::{DeviceState, StateStore};
use roamkey_cli::machine::Machine;
use roamkey_client::{Error, Session, StoreError};

/// PIN and settings, in the local store and sealed under the local key.
pub(in super::super) struct State<'s>(&'s Session<Machine>);

impl<'s> State<'s> {
    pub(in super::super) fn new(session: &'s Session<Machine>) -> Self {
        Self(session)
    }
}

impl StateStore for State<'_> {
    type Error = Error;

    async fn load(&self) -> Result<Option<DeviceState>, Error> {
        let kept = self.0.authenticator_state().await?;
        let state = kept.map(|bytes| DeviceState::from_bytes(&bytes)).transpose();
        Ok(state.map_err(|error| StoreError::Damaged(error.to_string()))?)
    }

    async fn save(&mut self, state: &DeviceState) -> Result<(), Error> {
        self.0.keep_authenticator_state(&state.to_bytes()).await
    }
}
