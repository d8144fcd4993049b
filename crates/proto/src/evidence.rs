use minicbor::{Decode, Encode, bytes::ByteVec};

use crate::{AccountId, ReceiptKey, Time};

/// What a device saw that it should not have, to be kept, exported, and judged by anyone, offline (protocol section 6).
///
/// Nothing of it is signed as a whole: what counts is what the signatures within it prove.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Evidence {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// What the device took it for.
    #[n(1)]
    pub kind: EvidenceKind,
    /// The account.
    #[n(2)]
    pub account: AccountId,
    /// The log of the device that saw it, from the genesis on: encoded [`Bundle`](crate::Bundle)s without wraps. By them
    /// the signatures of devices are judged.
    #[n(3)]
    pub entries: Vec<ByteVec>,
    /// Signed entries and commits that do not fit the log or each other.
    #[n(4)]
    pub objects: Vec<ByteVec>,
    /// Signed receipts of the server.
    #[n(5)]
    pub receipts: Vec<ByteVec>,
    /// The key of the server's receipts, as the device had pinned it.
    #[n(6)]
    pub receipt_key: ReceiptKey,
    /// When the device saw it.
    #[n(7)]
    pub seen: Time,
    /// What it said of it, in English.
    #[n(8)]
    pub said: String,
}

/// What a device took something for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
#[non_exhaustive]
pub enum EvidenceKind {
    /// Two histories.
    #[n(1)]
    Fork,
    /// A history that ends before where it had been.
    #[n(2)]
    Rollback,
    /// An object that breaks a rule of its chain, or data that its chain does not name.
    #[n(3)]
    Invalid,
    /// An epoch that was not for this device, although it is a member.
    #[n(4)]
    ShutOut,
}
