use roamkey_proto::{DeviceId, RecoveryKeys, RecoveryPolicy, RecoverySlot, Time};

/// A recovery authority that is or was of the account: it gets each epoch's key, and may add a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    slot: RecoverySlot,
    keys: RecoveryKeys,
    policy: Option<RecoveryPolicy>,
    set: Set,
    gone_at: Option<u64>,
}

/// How an authority came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set {
    /// The entry.
    pub seq: u64,
    /// The device that signed it.
    pub by: DeviceId,
    /// When that device says it was.
    pub time: Time,
}

impl Authority {
    pub(crate) fn new(slot: RecoverySlot, keys: RecoveryKeys, policy: Option<RecoveryPolicy>, set: Set) -> Self {
        Self { slot, keys, policy, set, gone_at: None }
    }

    /// Returns the slot that it was set for.
    #[must_use]
    pub fn slot(&self) -> RecoverySlot {
        self.slot
    }

    /// Returns its keys.
    #[must_use]
    pub fn keys(&self) -> &RecoveryKeys {
        &self.keys
    }

    /// Returns by which rules others help its secret together; none for a kit.
    #[must_use]
    pub fn policy(&self) -> Option<&RecoveryPolicy> {
        self.policy.as_ref()
    }

    /// Returns how it came.
    #[must_use]
    pub fn set(&self) -> &Set {
        &self.set
    }

    /// Tells whether it may still let a device in.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.gone_at.is_none()
    }

    /// Returns the entry that replaced or removed it.
    #[must_use]
    pub fn gone_at(&self) -> Option<u64> {
        self.gone_at
    }

    pub(crate) fn end(&mut self, at: u64) {
        self.gone_at.get_or_insert(at);
    }
}
