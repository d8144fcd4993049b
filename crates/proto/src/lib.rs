//! The words of the Roamkey protocol: identifiers, signed objects, limits and canonical CBOR.
//!
//! Everything that crosses a wire or is signed is defined here, once, for the devices and for
//! the server alike. The crate holds no keys, opens nothing and does no I/O. The formats are
//! specified in `spec/` and frozen in `vectors/`.

pub mod api;
pub mod cbor;
mod commit;
mod device;
mod entry;
mod epoch;
mod evidence;
mod heartbeat;
mod ids;
pub mod label;
pub mod limits;
pub mod merkle;
pub mod mutant;
pub mod problem;
mod realm;
mod receipt;
mod record;
mod recovery;
mod session;
#[cfg(test)]
mod tests;
mod time;
#[cfg(any(test, feature = "vectors"))]
pub mod vectors;

pub use cbor::{DecodeError, decode, encode};
pub use commit::{Change, Commit};
pub use device::{DeviceKeys, IdentityPublicKey, KemPublicKey, Possession, WritePublicKey};
pub use entry::{
    AddDevice, Author, Bundle, Close, Entry, EntryWrap, Genesis, Op, RenewKeys, ReservedOp, RevokeDevices,
    RevokeReason, Via,
};
pub use epoch::{EpochHeader, Recipient};
pub use evidence::{Evidence, EvidenceKind};
pub use heartbeat::Heartbeat;
pub use ids::{
    AccountId, CommitId, DeviceId, EntryId, HeaderHash, IdError, InvitationToken, ItemId, MailboxToken, MerkleRoot,
    Nonce, RecordHash, RequestId, SessionToken, ShareCommitment, WrapHash,
};
pub use label::Label;
pub use realm::{
    Blinded, Evaluation, Guess, GuessReset, Masked, OprfPublicKey, PrepareRealm, PreparedRealm, RecoveryRequest,
    ShareRegistration, Veto,
};
pub use receipt::{Chain, Pin, Receipt, ReceiptKey};
pub use record::{Record, RecordHeader};
pub use recovery::{RecoveryKeys, RecoveryPolicy, RecoverySlot, SetRecovery};
pub use session::SessionProof;
pub use time::{Calendar, Time};

/// The version that every signed object and record of this protocol carries.
pub const VERSION: u16 = 1;

/// The only suite there is: the primitives of section 10 of the protocol.
pub const SUITE: u16 = 1;
