//! What a device remembers across power cycles, besides its credentials.

mod codec;

use std::fmt;

use rand_core::CryptoRng;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{
    limits,
    pin_uv::{Pin, PinPolicy, TokenSecret},
};
use crate::RpId;

/// Everything a device keeps across power cycles besides its credentials: PIN, retries, settings, large blobs.
///
/// To a [`StateStore`](super::StateStore) it is one document, written whole: no crash leaves half of a change behind.
pub struct DeviceState {
    pub(super) pin: Option<Pin>,
    pub(super) pin_retries: u8,
    pub(super) uv_retries: u8,
    pub(super) uv_count_since_pin: u64,
    pub(super) force_pin_change: bool,
    pub(super) pin_policy: PinPolicy,
    /// Sites that may learn the PIN policy.
    pub(super) pin_policy_rp_ids: Vec<RpId>,
    pub(super) always_uv: bool,
    pub(super) enterprise_attestation: bool,
    pub(super) long_touch_for_reset: bool,
    /// The `persistentPinUvAuthToken`. It is there before anyone asked for it, so that `getInfo` gives nothing away.
    pub(super) persistent_token: TokenSecret,
    /// Names the device to those who hold the persistent token; another one after each reset.
    pub(super) identifier: [u8; 16],
    /// Changes with the credentials.
    pub(super) credential_store_state: [u8; 16],
    /// The serialised large-blob array.
    pub(super) large_blobs: Vec<u8>,
}

impl DeviceState {
    /// The state of a device that was never used, or has just been reset.
    pub(super) fn make(rng: &mut impl CryptoRng) -> Self {
        Self {
            pin: None,
            pin_retries: limits::PIN_RETRIES,
            uv_retries: limits::UV_RETRIES,
            uv_count_since_pin: 0,
            force_pin_change: false,
            pin_policy: PinPolicy { min_length: limits::MIN_PIN_LEN, refuses_obvious: false },
            pin_policy_rp_ids: Vec::new(),
            always_uv: false,
            enterprise_attestation: false,
            long_touch_for_reset: false,
            persistent_token: TokenSecret::make(rng),
            identifier: make_bytes(rng),
            credential_store_state: make_bytes(rng),
            large_blobs: empty_large_blobs(),
        }
    }

    /// Makes the credentials' state another one.
    pub(super) fn renew_credential_store_state(&mut self, rng: &mut impl CryptoRng) {
        self.credential_store_state = make_bytes(rng);
    }

    /// The same once more, to change and save before it counts.
    pub(super) fn copy(&self) -> Self {
        let Self { pin, persistent_token, pin_policy_rp_ids, large_blobs, .. } = self;
        let pin = pin.as_ref().map(|pin| {
            let (hash, code_points) = pin.expose();
            Pin::from_parts(*hash, code_points)
        });
        Self {
            pin,
            persistent_token: TokenSecret::from_bytes(persistent_token.expose()),
            pin_policy_rp_ids: pin_policy_rp_ids.clone(),
            large_blobs: large_blobs.clone(),
            ..*self
        }
    }

    /// The document to keep; it holds secrets.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        codec::encode(self)
    }

    /// Takes back what [`DeviceState::to_bytes`] gave.
    ///
    /// # Errors
    /// [`BadState`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadState> {
        codec::decode(bytes).ok_or(BadState)
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

/// The serialised large-blob array of nobody: an empty array and LEFT(SHA-256(of it), 16) (CTAP 2.3 section 6.10).
pub(super) fn empty_large_blobs() -> Vec<u8> {
    const EMPTY: &[u8] = &[0x80];
    EMPTY.iter().copied().chain(Sha256::digest(EMPTY).into_iter().take(16)).collect()
}

fn make_bytes(rng: &mut impl CryptoRng) -> [u8; 16] {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests;
