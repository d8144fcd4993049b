//! What a device remembers across power cycles, besides its credentials.

use std::fmt;

use zeroize::Zeroizing;

/// Everything a device keeps across power cycles besides its credentials: PIN, retries, settings, large blobs.
///
/// To a [`StateStore`](super::StateStore) it is one document, written whole: no crash leaves half of a change behind.
pub struct DeviceState(Zeroizing<Vec<u8>>);

impl DeviceState {
    /// The document to keep; it holds secrets.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        self.0.clone()
    }

    /// Takes back what [`DeviceState::to_bytes`] gave.
    ///
    /// # Errors
    /// [`BadState`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadState> {
        Ok(Self(Zeroizing::new(bytes.to_vec())))
    }
}

impl fmt::Debug for DeviceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceState([redacted])")
    }
}

/// The bytes are not a device's state as this crate writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a device's state")]
pub struct BadState;
