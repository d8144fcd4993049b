//! Where a device's state lives: the caller's business, behind one trait.

use std::convert::Infallible;

use zeroize::Zeroizing;

use super::DeviceState;

/// Keeps a device's state across power cycles.
#[expect(async_fn_in_trait, reason = "browsers' futures are not Send, and no caller needs them to be")]
pub trait StateStore {
    /// The store's own failure; it is passed through as [`Fault::State`](super::Fault::State).
    type Error: std::error::Error + 'static;

    /// The last state that was saved; `None` for a device that was never used.
    ///
    /// # Errors
    /// The store's own.
    async fn load(&self) -> Result<Option<DeviceState>, Self::Error>;

    /// Replaces the state, all of it or nothing. It returns once the new state would survive a power cut: a PIN attempt is
    /// counted here before the PIN is looked at.
    ///
    /// # Errors
    /// The store's own; the old state is still there then.
    async fn save(&mut self, state: &DeviceState) -> Result<(), Self::Error>;
}

/// A state in memory, for tests and throw-away devices.
#[derive(Default)]
pub struct MemoryState(Option<Zeroizing<Vec<u8>>>);

impl StateStore for MemoryState {
    type Error = Infallible;

    async fn load(&self) -> Result<Option<DeviceState>, Infallible> {
        Ok(self.0.as_ref().map(|bytes| DeviceState::from_bytes(bytes).expect("the bytes come from to_bytes")))
    }

    async fn save(&mut self, state: &DeviceState) -> Result<(), Infallible> {
        self.0 = Some(state.to_bytes());
        Ok(())
    }
}
