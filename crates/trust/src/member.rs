use roamkey_proto::{DeviceId, DeviceKeys, RevokeReason, Time, Via, WritePublicKey};

/// A device that is or was of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    keys: DeviceKeys,
    added: Added,
    status: Status,
    /// Every write key with the entry that it serves from, ascending; never empty.
    write_keys: Vec<(u64, WritePublicKey)>,
}

/// How a device came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// The entry.
    pub seq: u64,
    /// Who signed it; the founder itself at the genesis.
    pub by: DeviceId,
    /// When that device says it was.
    pub time: Time,
    /// By which way; none at the genesis.
    pub via: Option<Via>,
}

/// Whether a device is of the account still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It reads and writes.
    Active,
    /// It was revoked.
    Revoked {
        /// By which entry.
        at: u64,
        /// By whom.
        by: DeviceId,
        /// Why.
        reason: RevokeReason,
    },
    /// It signed itself out.
    Left {
        /// By which entry.
        at: u64,
    },
}

impl Member {
    pub(crate) fn new(keys: DeviceKeys, added: Added) -> Self {
        Self { write_keys: vec![(added.seq, keys.write.clone())], keys, added, status: Status::Active }
    }

    /// Returns its keys as they are now.
    #[must_use]
    pub fn keys(&self) -> &DeviceKeys {
        &self.keys
    }

    /// Returns how it came.
    #[must_use]
    pub fn added(&self) -> &Added {
        &self.added
    }

    /// Returns whether it is of the account still.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// Tells whether it is of the account still.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// Returns the entry with which it went.
    #[must_use]
    pub fn gone_at(&self) -> Option<u64> {
        match self.status {
            Status::Active => None,
            Status::Revoked { at, .. } | Status::Left { at } => Some(at),
        }
    }

    /// Returns the write key that served just after entry `seq`; none when the device was not active there.
    pub(crate) fn write_key_at(&self, seq: u64) -> Option<&WritePublicKey> {
        if self.gone_at().is_some_and(|gone| gone <= seq) {
            return None;
        }
        self.write_keys.iter().rev().find(|(from, _)| *from <= seq).map(|(_, key)| key)
    }

    /// Returns every write key that it had.
    pub(crate) fn write_keys(&self) -> impl Iterator<Item = &WritePublicKey> {
        self.write_keys.iter().map(|(_, key)| key)
    }

    pub(crate) fn renew(&mut self, seq: u64, keys: DeviceKeys) {
        self.write_keys.push((seq, keys.write.clone()));
        self.keys = keys;
    }

    pub(crate) fn end(&mut self, status: Status) {
        self.status = status;
    }
}
