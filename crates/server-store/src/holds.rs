use roamkey_proto::{AccountId, DeviceId, Time};

use crate::Answer;

/// Holds: a device whose revocation met a conflict goes first for a while (protocol section 4).
pub trait Holds: Send + Sync {
    /// Lets a device go first until a moment, unless it had a hold that began after `not_since`:
    /// a device that sends stale revocations on purpose does not stop its account.
    fn hold(&self, account: AccountId, hold: Hold, now: Time, not_since: Time) -> Answer<'_, ()>;
}

/// A device goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Who.
    pub device: DeviceId,
    /// Until when.
    pub until: Time,
}
