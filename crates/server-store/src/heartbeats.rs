use roamkey_proto::{AccountId, DeviceId};

use crate::Answer;

/// Heartbeats: the latest signed statement of each device (protocol section 6).
pub trait Heartbeats: Send + Sync {
    /// Keeps a heartbeat in the place of the device's one before.
    fn beat(&self, account: AccountId, heartbeat: Heartbeat) -> Answer<'_, ()>;

    /// Returns the heartbeats of an account, in the order of the devices.
    fn heartbeats(&self, account: AccountId) -> Answer<'_, Vec<Heartbeat>>;
}

/// A verified heartbeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    /// Who signed.
    pub device: DeviceId,
    /// The signed bytes.
    pub signed: Vec<u8>,
}
