use roamkey_proto::{DecodeError, DeviceId, RecoverySlot};

/// A signature that does not verify: one answer for every cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a signature does not verify")]
pub struct SignatureError;

/// Why an entry did not enter the log, by what the caller can do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// Not such an object: whoever sent it misbehaves.
    #[error("not a valid object: {0}")]
    Malformed(DecodeError),
    /// Made by a newer version of the protocol: update, nobody misbehaves.
    #[error("made by a newer version ({version}); update to read it")]
    UpdateNeeded {
        /// The version that it names.
        version: u16,
    },
    /// An operation that this version does not know, or does not do yet: update.
    #[error("operation {number} is not known to this version; update to read it")]
    UnknownOperation {
        /// Its number.
        number: u8,
    },
    /// This very entry is in the log already: a bundle sent again; nothing to do.
    #[error("entry {seq} is in the log already")]
    Known {
        /// Where.
        seq: u64,
    },
    /// It builds on another history than the log: get the newest log, or, where a pin says otherwise, a fork.
    #[error("entry {seq} does not build on this log")]
    Conflict {
        /// The place that it claims.
        seq: u64,
    },
    /// Entries are missing before it: get those first.
    #[error("entry {seq} came where entry {expected} is next")]
    Gap {
        /// The place that comes next.
        expected: u64,
        /// The place that it claims.
        seq: u64,
    },
    /// A signature does not verify.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// It breaks a rule of the log.
    #[error("the entry breaks a rule: {0}")]
    Refused(#[from] Refusal),
}

impl From<DecodeError> for TrustError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::UpdateNeeded { version } => Self::UpdateNeeded { version },
            error => Self::Malformed(error),
        }
    }
}

/// The rule of the trust log that an entry or its bundle breaks (protocol sections 4 and 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Another account is another person.
    #[error("the account is another one")]
    ForeignAccount,
    /// A log starts with its genesis.
    #[error("a log starts with a genesis")]
    NoGenesis,
    /// A log starts once.
    #[error("a log has one genesis")]
    SecondGenesis,
    /// The genesis is by the device that it enrols.
    #[error("the founder's name is not that of its keys")]
    Founder,
    /// The author never was of this account.
    #[error("the author is no device of this account")]
    Stranger,
    /// The author was revoked before.
    #[error("the author was revoked")]
    Revoked,
    /// The author signed itself out before.
    #[error("the author has left")]
    Left,
    /// A recovery authority adds a device, and does nothing else.
    #[error("a recovery authority only adds a device")]
    AuthorityOnlyAdds,
    /// The author was a recovery authority, and was replaced or removed before.
    #[error("the recovery authority is no longer one")]
    AuthorityGone,
    /// After a device has left, the next entry opens an epoch.
    #[error("an epoch is owed since a device has left")]
    EpochOwed,
    /// The least suite never falls.
    #[error("the least suite falls")]
    SuiteFell,
    /// A suite outside the closed list.
    #[error("the least suite is not a known one")]
    UnknownSuite,
    /// The least suite is raised by the operation that is for it, and that one raises it.
    #[error("the least suite changes without its operation, or the operation changes nothing")]
    SuiteRaise,
    /// The account is closing already.
    #[error("the account is closing already")]
    Closing,
    /// There is no closing to call off.
    #[error("the account is not closing")]
    NotClosing,
    /// An account ends a week after it was asked for, at the soonest.
    #[error("the account would close too soon")]
    CloseTooSoon,
    /// Only revocations enter a full log.
    #[error("the log is full")]
    LogFull,
    /// A signing key is no usable point.
    #[error("a key is not a usable point")]
    BadKey,
    /// No key enters a log twice, so no device does either.
    #[error("a key has been in this log before")]
    KeySeen,
    /// The device's own word for its keys does not verify for this place.
    #[error("the possession does not verify")]
    Possession,
    /// There are as many devices as there may be.
    #[error("there are too many devices")]
    TooManyDevices,
    /// The last device cannot leave while no recovery authority is set.
    #[error("the last device cannot leave without a way back")]
    LastDevice,
    /// A list is empty, not ascending, or names a device twice.
    #[error("a list of devices is not in its one form")]
    DeviceList,
    /// Whoever opens an epoch knows its key; leaving is another operation.
    #[error("a device revokes itself")]
    RevokesItself,
    /// It names a device that is not active.
    #[error("device {0} is not active")]
    NotActive(DeviceId),
    /// A device that one of those who go had added is neither named nor kept.
    #[error("device {0} was added by one that goes, and is neither named nor kept")]
    Undecided(DeviceId),
    /// It keeps a device that nobody who goes had added.
    #[error("device {0} is kept without need")]
    NeedlessKeep(DeviceId),
    /// A recovery slot that a device which goes had set is neither named nor kept.
    #[error("the recovery slot {0} was set by one that goes, and is neither named nor kept")]
    UndecidedSlot(RecoverySlot),
    /// It keeps a recovery slot that nobody who goes had set.
    #[error("the recovery slot {0} is kept without need")]
    NeedlessKeepSlot(RecoverySlot),
    /// The recovery slot holds no authority.
    #[error("the recovery slot {0} is empty")]
    SlotEmpty(RecoverySlot),
    /// A policy where none belongs, none where one does, or numbers that cannot be.
    #[error("the policy of the recovery slot is not as it must be")]
    RecoveryPolicy,
    /// A device comes by another way than its author can let it in by, or with a request where none belongs, or without.
    #[error("the device does not come by a way of its author")]
    Via,
    /// A request for recovery lets one device in.
    #[error("the request for recovery was answered before")]
    RequestSeen,
    /// The operation opens an epoch, and the entry names no header, or none came.
    #[error("the header of the epoch is missing")]
    HeaderMissing,
    /// The operation opens no epoch, and a header is named, or one came.
    #[error("there is a header without an epoch")]
    HeaderUnexpected,
    /// The header is not the one whose hash the author signed.
    #[error("the header is not the one that was signed")]
    HeaderHash,
    /// The header is of another account, epoch or place.
    #[error("the header is of another place")]
    HeaderPlace,
    /// A first epoch with a past, or a later one without.
    #[error("the header's ties to the epoch before are not as they must be")]
    HeaderTie,
    /// The epoch ties to one that it cannot, or by an operation that leaves none out.
    #[error("the epoch ties to one that it cannot tie to")]
    Base,
    /// The epoch leaves out one that a device opened which stays.
    #[error("the epoch skips one of a device that stays")]
    SkipsEpoch,
    /// The recipients are not exactly the devices and recovery authorities that are active after the entry.
    #[error("the recipients are not the members")]
    Recipients,
    /// A wrap for nobody among the recipients, out of order, or twice.
    #[error("a wrap is for nobody")]
    WrapUnexpected,
    /// A wrap that is not the one in the header.
    #[error("a wrap is not the one that was signed")]
    WrapHash,
    /// A recipient gets no wrap, in a bundle that must be whole.
    #[error("a wrap is missing")]
    WrapMissing,
}

/// Why a commit is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// Not a commit: whoever sent it misbehaves.
    #[error("not a valid commit: {0}")]
    Malformed(DecodeError),
    /// Made by a newer version of the protocol: update, nobody misbehaves.
    #[error("made by a newer version ({version}); update to read it")]
    UpdateNeeded {
        /// The version that it names.
        version: u16,
    },
    /// Its author knows newer entries of the log than we: get those first.
    #[error("the commit names log entry {seq}, which is not here yet")]
    LogAhead {
        /// The entry that it names.
        seq: u64,
    },
    /// It names another entry at a place of our log: a fork.
    #[error("the commit names another log than this one")]
    ForeignLog,
    /// The signature does not verify.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// Another account is another person.
    #[error("the commit is of another account")]
    ForeignAccount,
    /// The author was no active device where it says to stand in the log.
    #[error("the author may not write there")]
    NotAMember,
    /// Nobody writes between a device's leaving and the epoch that follows: it would know the key.
    #[error("an epoch is owed since a device has left")]
    EpochOwed,
    /// It is not of the newest epoch where its author stands in the log.
    #[error("the commit is of another epoch")]
    WrongEpoch,
    /// Changes that are unsorted, double or too many, or numbers that cannot be.
    #[error("the commit is not in its one form")]
    Form,
    /// It does not build on the commit before.
    #[error("the commit does not follow the one before")]
    DoesNotFollow,
    /// Its author stands in the log before where the commit before stood.
    #[error("the commit goes back in the log")]
    LogRegressed,
    /// The first commit after a removal is by the device that removed.
    #[error("the first commit after a removal must be by {by}")]
    NotByRemover {
        /// The device that removed.
        by: DeviceId,
    },
    /// A commit by a device that has gone, and no commit after it by the one that removed it: wait for that.
    #[error("a commit by a device that has gone awaits the word of {by}")]
    Unsealed {
        /// The device that removed.
        by: DeviceId,
    },
}

impl From<DecodeError> for CommitError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::UpdateNeeded { version } => Self::UpdateNeeded { version },
            error => Self::Malformed(error),
        }
    }
}
