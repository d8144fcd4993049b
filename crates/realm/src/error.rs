use roamkey_proto::{DecodeError, Time};
use roamkey_trust::SignatureError;

/// Why a realm does not do what it was asked, by what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Not such an object, or one of a newer version.
    #[error("not a valid object: {0}")]
    Malformed(#[from] DecodeError),
    /// What is kept of the account cannot be read: the realm's own fault, or its disk's.
    #[error("what is kept of the account cannot be read: {0}")]
    Damaged(DecodeError),
    /// A signature does not verify.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// It is for another realm or account.
    #[error("it is for another realm or account")]
    ForeignRealm,
    /// The device is none of the account's active ones, as far as this realm knows: bring it the newest log.
    #[error("the device is not an active one of the account that this realm knows of")]
    NotAMember,
    /// The log does not go on from the one that this realm knows.
    #[error("the log does not extend the one that this realm knows")]
    OtherLog,
    /// A version that was there already, or that a newer one has overtaken: take the next.
    #[error("version {number} is not a new one; the newest here is {newest}")]
    OldVersion {
        /// The one that was named.
        number: u64,
        /// The newest that this realm knows of.
        newest: u64,
    },
    /// No key was made for this: begin anew.
    #[error("no key was made for this registration")]
    NotPrepared,
    /// There is no recovery by PIN here.
    #[error("no recovery by PIN is set here")]
    NotSet,
    /// Another version serves: read the log again.
    #[error("another version serves")]
    OtherVersion,
    /// It holds as many requests as it may: wait until one is over.
    #[error("too many requests are open")]
    TooMany,
    /// No such request is held: lodge it.
    #[error("no such request is held")]
    UnknownRequest,
    /// A device has called the request off.
    #[error("the request was called off")]
    Vetoed,
    /// Its wait is not over.
    #[error("the request waits")]
    Waits {
        /// Until when.
        until: Time,
    },
    /// No guess is left: only a device, or another way of recovery, helps.
    #[error("no guess is left")]
    Locked,
    /// What was to be evaluated is no element of the group.
    #[error("what is to be evaluated is no element")]
    NoElement,
}
