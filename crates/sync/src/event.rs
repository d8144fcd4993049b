use roamkey_proto::{DeviceId, DeviceKeys, Pin, Possession, RecoverySlot, RevokeReason, SetRecovery, problem::Problem};
use roamkey_vault::Operation;

use crate::Pins;

/// What happens to an engine.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// It is time to sync: unlocked, woken by the server, back online, or the moment of
    /// [`Effect::WakeAt`](crate::Effect::WakeAt) has come. Harmless at any time.
    Sync,
    /// The person changed items here. They are pending as soon as the effects of this event are done.
    Edit(Vec<Operation>),
    /// The person changes who is in the account. One at a time; the answer is
    /// [`Effect::Commanded`](crate::Effect::Commanded).
    Command(Command),
    /// Where another device of the account is, learnt by a path besides the server. The chains
    /// must go through there, or the server showed two histories.
    Witness(Pins),
    /// The rows that [`Effect::Load`](crate::Effect::Load) asked for, in its order.
    Loaded(Vec<Option<Vec<u8>>>),
    /// All rows of the table that [`Effect::Scan`](crate::Effect::Scan) asked for, in the order of their keys.
    Scanned(Vec<(Vec<u8>, Vec<u8>)>),
    /// The body of a success that answers [`Effect::Request`](crate::Effect::Request).
    Answered(Vec<u8>),
    /// [`Effect::Request`](crate::Effect::Request) did not succeed.
    Failed(Failure),
}

/// Why a request has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The server refused.
    Refused {
        /// Why.
        problem: Problem,
        /// `Retry-After`, in milliseconds.
        retry_after_ms: Option<u64>,
    },
    /// There was no answer, or none that is one of ours. The request may have been taken.
    Unreachable,
}

/// A change of who is in the account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Drafts what a newcomer needs from a member: answered by [`Outcome::Invited`](crate::Outcome::Invited).
    Invite,
    /// Adds the newcomer that answered an invitation.
    AddDevice {
        /// Its keys.
        device: Box<DeviceKeys>,
        /// Its signatures over them, made for the log's head as the invitation had it.
        possession: Box<Possession>,
    },
    /// Removes devices, opens an epoch that they cannot read, and seals all records again.
    Revoke {
        /// Who goes. What they added goes too, unless it is in `keep`.
        devices: Vec<DeviceId>,
        /// What a device that goes had added, and that stays.
        keep: Vec<DeviceId>,
        /// Why.
        reason: RevokeReason,
        /// The recovery slots that a device that goes had set, and that stay; the others are emptied.
        keep_slots: Vec<RecoverySlot>,
    },
    /// Opens a new epoch for the same members.
    Rotate,
    /// Signs this device out for good.
    Leave,
    /// Draws new write and kem keys for this device, and opens an epoch: whoever copied the old ones reads and writes no
    /// more.
    Renew,
    /// Sets, replaces or empties a recovery slot, and opens an epoch.
    SetRecovery(Box<SetRecovery>),
    /// Raises the least suite to the newest that this version does.
    RaiseSuite,
    /// Asks for the end of the account, a week from now at the soonest. The caller has verified the person.
    Close,
    /// Calls the end of the account off.
    CancelClose,
    /// Compares this device's history with the one that the server shows: answered by
    /// [`Outcome::Histories`](crate::Outcome::Histories).
    CompareHistories,
    /// Goes over to the server's history, if it leads through these places, which the caller showed to the person and
    /// has verified that it is the person who picks it.
    TakeServersHistory {
        /// Where its log was.
        log: Pin,
        /// Where its vault was.
        vault: Pin,
    },
    /// Stays with this device's history, and forgets where others said that they are. The caller has verified the person.
    KeepOwnHistory,
}

impl Command {
    /// Tells whether it is about two histories, of which the server's is not this device's.
    pub(crate) fn is_repair(&self) -> bool {
        matches!(self, Self::CompareHistories | Self::TakeServersHistory { .. } | Self::KeepOwnHistory)
    }
}
