use roamkey_proto::{DeviceId, problem::Problem};
use roamkey_sealing::recovery::KitError;
use roamkey_sync::{Distrust, Ending, EngineError, recovery::RecoveryError};

use crate::{BadPage, BadServerUrl, StoreError, Unreachable, pairing::PairingError};

/// Why a device did not do what it was asked: a variant a remedy.
///
/// Whatever it is, what was here before is still here, and what the person changed stays pending.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Unlock, and ask again.
    #[error("the vault is locked")]
    Locked,
    /// Ask for the passphrase again.
    #[error("the passphrase does not unlock this device")]
    WrongPassphrase,
    /// The kept session is of another time or device: ask for the passphrase.
    #[error("the kept session does not serve any more")]
    SessionOver,
    /// Ask for another address.
    #[error(transparent)]
    Server(#[from] BadServerUrl),
    /// See [`StoreError`].
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is on the device cannot be used: reset it and pair again.
    #[error("what is on this device is damaged: {0}")]
    Damaged(EngineError),
    /// Ask for less.
    #[error("what was typed is longer than an item may be")]
    TooLong,
    /// Try again when there is a network.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// What answers there is no Roamkey server: check the address.
    #[error("what answers at this address is not a Roamkey server")]
    NotAServer,
    /// The server refuses; [`Problem`] says whether later is better.
    #[error("the server refused: {}", .problem.kind())]
    Refused {
        /// Why.
        problem: Problem,
        /// How long it asks to wait, in milliseconds.
        retry_after_ms: Option<u64>,
    },
    /// Ask the person for the invitation that whoever runs the server gave out.
    #[error("the server asks for an invitation")]
    AsksForInvitation,
    /// Choose another server.
    #[error("the server takes no new accounts")]
    TakesNoAccounts,
    /// The server speaks no version that this program does: update.
    #[error("the server speaks another version of the protocol")]
    UpdateNeeded,
    /// Tell the person: syncing stops, local use goes on.
    #[error("the server showed what honest devices cannot have written: {0}")]
    Distrust(Distrust),
    /// The device is out of the account for good: local use goes on, or reset it.
    #[error("this device is no longer one of the account")]
    Ended(Ending),
    /// There is no such item, or no more.
    #[error("there is no such item")]
    NoSuchItem,
    /// See [`BadPage`]: nothing is typed there.
    #[error(transparent)]
    Page(#[from] BadPage),
    /// Nothing of it is typed on this page: the person may write the page's address into it.
    #[error("the login is for another site")]
    OtherSite,
    /// There is no such device in the account.
    #[error("there is no such device")]
    NoSuchDevice,
    /// Someone must say of these devices whether they go as well.
    #[error("{} devices were let in by one that goes: name or keep them", .0.len())]
    Dependents(Vec<DeviceId>),
    /// This device cannot open the newest epoch: these, who opened it, must be revoked with it.
    #[error("{} devices shut this one out: revoke all of them", .0.len())]
    AlsoRevoke(Vec<DeviceId>),
    /// What was scanned or typed is nothing that another device shows.
    #[error("that is no check-up of another device")]
    NotACheckUp,
    /// The server shows another history than the one that was picked: compare again.
    #[error("the server shows another history than the one that was picked")]
    OtherHistory,
    /// This device is no member in the server's history: pair it again to use that one.
    #[error("this device is no member in the server's history")]
    PairAgain,
    /// The account is to end, or not, already.
    #[error("it is so already")]
    AlreadySo,
    /// The account would have no device left.
    #[error("the last device cannot leave")]
    LastDevice,
    /// Sync first, or agree to lose them.
    #[error("{0} changes have not reached the server")]
    PendingChanges(usize),
    /// Another change of the members is under way, or came first: try again.
    #[error("another change of the members came first")]
    Busy,
    /// The newcomer is not in the log yet; sync again.
    #[error("this device has not been let in yet")]
    NotAdmitted,
    /// See [`PairingError`].
    #[error(transparent)]
    Pairing(#[from] PairingError),
    /// What was typed or scanned is no kit: look at the group that it names.
    #[error(transparent)]
    Kit(#[from] KitError),
    /// See [`RecoveryError`]. Nothing was signed.
    #[error(transparent)]
    Recovery(#[from] RecoveryError),
    /// The request makes no sense, or the program has a fault.
    #[error("internal fault: {0}")]
    Internal(&'static str),
}

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::TooLong => Self::TooLong,
            error => Self::Damaged(error),
        }
    }
}
