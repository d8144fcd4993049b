use roamkey_proto::{DeviceId, Pin, Time};

/// Two histories of one account, side by side, for the person who picks one (`spec/evidence.md`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histories {
    /// The last entry that both have.
    pub log: Pin,
    /// The last commit that both have.
    pub vault: Pin,
    /// What came after them on this device.
    pub here: History,
    /// What came after them at the server.
    pub there: History,
    /// Devices that went on this device's history alone: revoked first, where the server's is picked.
    pub revoke: Vec<DeviceId>,
    /// Devices that joined on this device's history alone: paired again, where the server's is picked.
    pub pair_again: Vec<DeviceId>,
    /// Whether this device is a member in the server's history, by the keys that it has: else it is paired again as well.
    pub is_member: bool,
}

/// What one history has beyond the last entry and commit that both have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Where its log is.
    pub log: Pin,
    /// Where its vault is.
    pub vault: Pin,
    /// Devices that joined.
    pub added: Vec<DeviceId>,
    /// Devices that went.
    pub gone: Vec<DeviceId>,
    /// Items that were changed; of a device that joined after the two parted, and has not all commits, all that it has.
    pub items: usize,
    /// The time that its last commit says, or else its last entry; none where there is neither.
    pub last: Option<Time>,
}
