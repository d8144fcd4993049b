use roamkey_proto::{DeviceId, ItemId, RevokeReason, Time, problem::Problem};
use roamkey_vault::Operation;

use crate::{Batch, Distrust, Histories, Request, StoreKey, Table};

/// What an engine wants done.
///
/// The driver does them in order and starts none before each [`Effect::Persist`] ahead of it is
/// durable. A [`Effect::Request`] is only *started* in order: what follows it does not wait for its
/// answer. If a batch cannot be written, drop the engine and open it again.
#[derive(Debug)]
#[non_exhaustive]
pub enum Effect {
    /// Read these rows and answer [`Event::Loaded`](crate::Event::Loaded). At most one load or scan is open at a time.
    Load(Vec<StoreKey>),
    /// Read a whole table and answer [`Event::Scanned`](crate::Event::Scanned). Only asked of small tables.
    Scan(Table),
    /// Write these rows, all or none.
    Persist(Batch),
    /// Send this and answer [`Event::Answered`](crate::Event::Answered) or [`Event::Failed`](crate::Event::Failed),
    /// exactly once. At most one is open at a time.
    Request(Request),
    /// The engine has read what it needs from the store: items can be read and edited.
    Ready,
    /// These items are not what they were, by this device or another.
    Changed(Vec<ItemId>),
    /// These items have no pending operation any more: the server signed for the commit that holds them.
    Stored(Vec<ItemId>),
    /// An operation came to nothing, for example as its item was purged meanwhile. What it holds rests in
    /// [`Table::Unapplied`]: show it to the person before letting it go.
    Unapplied(Operation),
    /// The members of the account are not what they were.
    MembersChanged,
    /// The server was behind, as after a restore from a backup, and took back what it had lost.
    Restored,
    /// The command is done, or will not be.
    Commanded(Result<Outcome, CommandError>),
    /// A round of syncing ended.
    Idle(Idle),
    /// Send [`Event::Sync`](crate::Event::Sync) at this time if none came before.
    WakeAt(Time),
}

/// What a command came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The encoded [`Invitation`](crate::Invitation), for the pairing channel.
    Invited(Vec<u8>),
    /// The entry is in the log, and the server signed for it.
    Appended,
    /// Nothing to do: someone did it before.
    AlreadySo,
    /// This device's history, and the server's.
    Histories(Box<Histories>),
    /// There is one history again for this device; what it gave up waits to be sent as changes.
    Repaired,
}

/// Why a command will not be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// Another command is under way.
    #[error("another change of the members is under way")]
    Busy,
    /// The log went on since the invitation: send a new one through the channel.
    #[error("the log went on since the invitation")]
    InvitationStale,
    /// The rules of the log forbid it.
    #[error("the rules of the log forbid it: {0}")]
    Forbidden(roamkey_trust::TrustError),
    /// This device cannot open the newest epoch, so it can open no other but by revoking who did: all of these.
    #[error("this device is shut out by devices that must be revoked with it")]
    ShutOut {
        /// Whom.
        openers: Vec<DeviceId>,
    },
    /// The server shows another history than the one that was picked: compare again.
    #[error("the server shows another history than the one that was picked")]
    OtherHistory,
    /// This device is no member, or not yet.
    #[error("this device is not a member")]
    NotAMember,
    /// The server cannot be reached, and the entry has not been sent. Nothing changed.
    #[error("the server cannot be reached")]
    Offline,
    /// The server refuses for good.
    #[error("the server refuses: {0:?}")]
    Refused(Problem),
    /// The server cannot be trusted at the moment.
    #[error("the server is not trusted: {0}")]
    Distrust(Distrust),
}

/// How a round of syncing ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Idle {
    /// Both chains are here up to the server's heads, and nothing waits to be sent.
    UpToDate,
    /// The server could not be reached; [`Effect::WakeAt`] says when to try again.
    Offline,
    /// The server refused, for example to a session that it says is of no member;
    /// [`Effect::WakeAt`] says when to try again.
    Refused(Problem),
    /// The newcomer's entry is not in the log yet; [`Effect::WakeAt`] says when to look again.
    AwaitingAdmission,
    /// A device was revoked, and the one that revoked it has not committed yet: until then no
    /// commit can be told from a backdated one. [`Effect::WakeAt`] says when to look again.
    AwaitingRevoker,
    /// There are objects of a newer protocol than this program knows. Nothing of it was applied.
    UpdateNeeded,
    /// The server showed what honest devices cannot have written. Nothing of it was applied; the
    /// next round asks again.
    Distrusted(Distrust),
    /// This device is out for good. Local use goes on.
    Ended(Ending),
}

/// Why a device is no member any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// Another device revoked it.
    Revoked {
        /// Who.
        by: DeviceId,
        /// Why.
        reason: RevokeReason,
        /// The seq of the entry.
        at: u64,
    },
    /// It left.
    Left {
        /// The seq of the entry.
        at: u64,
    },
    /// The account was closed, as its log had said, and the server has deleted it.
    Closed {
        /// The seq of the entry.
        at: u64,
    },
}
