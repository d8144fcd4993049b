use minicbor::{Decode, Encode, bytes::ByteVec};

use crate::{AccountId, DeviceId, Pin, Time};

/// A device's signed word on where it is (protocol section 6): the payload of a COSE_Sign1 by its
/// write key under the label `heartbeat`.
///
/// Another device that follows both chains through these places knows that the server shows both
/// of them the same history. The receipts make a difference the server's own word.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Heartbeat {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// Who says so.
    #[n(2)]
    pub device: DeviceId,
    /// When, as the device says.
    #[n(3)]
    pub time: Time,
    /// The newest log entry that it knows.
    #[n(4)]
    pub log: Pin,
    /// The newest commit that it knows; [`Pin::START`] before the first.
    #[n(5)]
    pub vault: Pin,
    /// The newest epoch whose key it holds: below that of `log`, it was shut out.
    #[n(6)]
    pub epoch: u64,
    /// The server's signed receipt for `log`, if it gave one.
    #[n(7)]
    pub log_receipt: Option<ByteVec>,
    /// The server's signed receipt for `vault`, if it gave one.
    #[n(8)]
    pub vault_receipt: Option<ByteVec>,
}
