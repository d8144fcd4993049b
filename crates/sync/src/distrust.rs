use roamkey_proto::{Chain, DeviceId, ItemId, Pin, Time};
use roamkey_trust::{CommitError, TrustError};

/// What the server showed that honest devices and an honest server cannot have made.
///
/// Nothing of it was applied. A single one may be a fault; each names what was seen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Distrust {
    /// A receipt is not signed by the pinned key, or speaks of something else.
    #[error("a receipt of the server does not verify")]
    Receipt,
    /// The server's head is behind what this device has seen.
    #[error("the {chain:?} chain went back from {pinned} to {shown}")]
    RolledBack {
        /// Which chain.
        chain: Chain,
        /// The seq that this device has seen.
        pinned: u64,
        /// The seq that the server shows.
        shown: u64,
    },
    /// Two histories: at one place this device, or another one, has seen something else. Where the
    /// server signed for both, `receipts` proves it.
    #[error("the {chain:?} chain has two different histories at {seq}")]
    Forked {
        /// Which chain.
        chain: Chain,
        /// The place.
        seq: u64,
        /// The two receipts, if there are two.
        receipts: Option<Box<[Vec<u8>; 2]>>,
    },
    /// The entries that the server sent do not lead to the head that it signed.
    #[error("the log does not lead to its head")]
    LogIncomplete,
    /// An entry of the log does not verify.
    #[error("entry {seq} of the log does not verify: {cause}")]
    Entry {
        /// Its seq.
        seq: u64,
        /// The rule that it breaks.
        cause: TrustError,
    },
    /// The server did not send this device's key of an epoch.
    #[error("the key of epoch {epoch} was not sent")]
    Epoch {
        /// Which.
        epoch: u64,
    },
    /// A member opened an epoch with a key for this device that does not open, or not to what its header says. Nothing
    /// new can be read or written here until another device opens an epoch, or `opener` is revoked.
    #[error("device {opener} opened epoch {epoch} in a way that shuts this device out")]
    ShutOut {
        /// The newest epoch.
        epoch: u64,
        /// Who opened it.
        opener: DeviceId,
    },
    /// A member entered a kem key that nobody can wrap for. No epoch opens, and so nobody is added,
    /// until that device is revoked.
    #[error("device {device} has a kem key that is none: revoke it")]
    UnusableKey {
        /// Whose.
        device: DeviceId,
    },
    /// A commit does not verify, or does not follow the one before.
    #[error("commit {seq} does not verify: {cause}")]
    Commit {
        /// Its place in the chain.
        seq: u64,
        /// The rule that it breaks.
        cause: CommitError,
    },
    /// The commits that the server sent do not lead to the head that it signed.
    #[error("the commits do not lead to the head {target:?}")]
    CommitsIncomplete {
        /// The head.
        target: Pin,
    },
    /// A record is not the one that its commit names, or does not open.
    #[error("the record of item {item} is not what its commit says: {cause}")]
    Record {
        /// Whose.
        item: ItemId,
        /// The rule that it breaks.
        cause: RecordFault,
    },
    /// After a full pull the records still do not have the root and count of the head.
    #[error("the records do not have the root and count of commit {seq}")]
    Root {
        /// The head's seq.
        seq: u64,
    },
    /// The server says that the account is closed, before the time that its log names by this device's clock.
    #[error("the account was closed before {not_before}, when it may be at the soonest")]
    ClosedTooSoon {
        /// What the log says.
        not_before: Time,
    },
    /// An answer is not what its endpoint gives.
    #[error("an answer is malformed")]
    Malformed,
}

impl Distrust {
    /// Tells whether a member signed something of a newer version: update, nobody misbehaves.
    pub(crate) fn is_newer(&self) -> bool {
        matches!(
            self,
            Self::Entry { cause: TrustError::UpdateNeeded { .. } | TrustError::UnknownOperation { .. }, .. }
                | Self::Commit { cause: CommitError::UpdateNeeded { .. }, .. }
        )
    }
}

/// The rule that a record breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordFault {
    /// Its bytes are no record.
    #[error("malformed")]
    Malformed,
    /// No commit names it, or names another one.
    #[error("no commit names it")]
    NotNamed,
    /// It is not of this account, or of an epoch other than its commit's.
    #[error("of another account or epoch")]
    Header,
    /// Its revision is not higher than the one before.
    #[error("the revision did not rise")]
    Revision,
    /// It does not open, or its body is none.
    #[error("it does not open")]
    Sealed,
    /// A commit names it and the server did not send it.
    #[error("it was not sent")]
    Missing,
}
