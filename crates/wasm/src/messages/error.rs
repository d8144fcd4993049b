//! Why something did not work: a code a remedy.

use serde::Serialize;

use super::{DomErrorName, FilePlace};

/// What went wrong, in words that are safe to show and to log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// What can be done about it.
    pub code: ErrorCode,
    /// What happened, in English; what people read is translated by the code.
    pub message: String,
    /// With `dom`: the name of the DOMException that the site gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<DomErrorName>,
    /// With `dependents`: devices, in hexadecimal, that must be named or kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub devices: Option<Vec<String>>,
    /// With `fileMalformed`: where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<FilePlace>,
    /// With `badKit`: the group that is wrong, from 1, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<u32>,
}

/// A code a remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ErrorCode {
    /// The request makes no sense: a bug of the caller.
    BadRequest,
    /// Create or join an account first.
    NoVault,
    /// There is an account here already: reset first.
    VaultExists,
    /// Unlock first.
    Locked,
    /// Type the passphrase again.
    WrongPassphrase,
    /// Choose another passphrase: this one is empty.
    WeakPassphrase,
    /// The server's address is not one, or would go unencrypted over the network.
    BadServer,
    /// Ask for the invitation that whoever runs the server gave out.
    AsksForInvitation,
    /// What was typed is no invitation, or it is over.
    BadInvitation,
    /// The server takes no new accounts: choose another.
    TakesNoAccounts,
    /// The server cannot be reached; what was changed here is kept.
    Unreachable,
    /// The server is busy or its disk is full; what was changed here is kept. Later.
    Unavailable,
    /// The server refused; trying again will not help.
    Refused,
    /// The account on the server is full.
    QuotaExceeded,
    /// This device is no longer one of the account.
    Revoked,
    /// The server showed something that cannot be true; syncing stopped.
    Distrust,
    /// The server shows another history than the one that was picked: look again.
    OtherHistory,
    /// This browser is no member in the history that was picked: pair it again to use that one.
    PairAgain,
    /// The account was written by a newer version: update.
    UpdateNeeded,
    /// What was typed is longer than an item may be.
    TooLong,
    /// The file is larger than a file of a password manager is.
    FileTooLarge,
    /// The file is no export of a password manager that is known.
    FileUnknown,
    /// The file is encrypted: its passphrase is needed.
    FileNeedsPassphrase,
    /// That is not the passphrase of the file.
    FileWrongPassphrase,
    /// The file opens only in the account that it is from: export it anew.
    FileOnlyForAccount,
    /// The file asks for more work than any password manager sets.
    FileTooCostly,
    /// The file breaks off, or does not follow its format.
    FileMalformed,
    /// What was typed makes no one-time codes.
    NotOneTimeCodes,
    /// Nothing is typed into this page: whoever is on the way would read it.
    NotEncrypted,
    /// Nothing is typed into this page: another site is around it, or it is of nobody.
    ForeignFrame,
    /// The login is for another site: the person may write this one's address into it.
    OtherSite,
    /// There is no such item or device.
    NotFound,
    /// Revoking needs a word on the devices in `devices`.
    Dependents,
    /// The last device cannot leave or be taken out.
    LastDevice,
    /// Changes have not reached the server and would be lost.
    PendingChanges,
    /// What was typed is not a pairing code.
    BadCode,
    /// No such code is being shown, or it was used or is over.
    CodeGone,
    /// Nothing of this kind goes on.
    NotPairing,
    /// What was typed is no recovery kit; `group` says where to look.
    BadKit,
    /// The kit was replaced or removed: find the newer one.
    KitReplaced,
    /// The kit is of another account.
    OtherAccount,
    /// The recovery is over: begin it anew.
    NotRecovering,
    /// The site gets a DOMException of this `name`.
    Dom,
    /// What this browser holds cannot be read: it is damaged.
    Damaged,
    /// The browser cannot write: its disk may be full. Nothing was changed.
    Storage,
    /// A bug.
    Internal,
}
