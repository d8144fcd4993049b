use minicbor::{Decode, Encode};
use roamkey_proto::{AccountId, Bundle, DeviceKeys, Pin, Possession, ReceiptKey, cbor, limits};

use super::{
    PairingError,
    channel::{Channel, Kind},
};

/// What the member tells a newcomer of the account: what the newcomer pins.
///
/// The account identifier certifies the genesis, and the pin certifies the log up to it, so that
/// the rest of a long log can be fetched from the server and still be checked (attack 28).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Welcome {
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// The log from the genesis on: all of it, or as much as one message holds. Without wraps.
    #[n(2)]
    pub log: Vec<Bundle>,
    /// The newest entry that the member knows.
    #[n(3)]
    pub log_pin: Pin,
    /// The newest commit that the member knows; [`Pin::START`] before the first.
    #[n(4)]
    pub vault_pin: Pin,
    /// The key of the server's receipts.
    #[n(5)]
    pub receipt_key: ReceiptKey,
}

/// What the newcomer tells the member of itself.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Enrolment {
    /// Its keys.
    #[n(1)]
    pub device: DeviceKeys,
    /// Its word that it holds them, for the entry that comes after the pin it was told last.
    #[n(2)]
    pub possession: Possession,
    /// What it runs on, for the person to see.
    #[n(3)]
    pub platform: String,
    /// What the person called it there.
    #[n(4)]
    pub name: String,
}

/// Another entry came first: the newcomer is to say its word again, for the new place.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Retry {
    /// The entries since the pin before. Without wraps.
    #[n(1)]
    pub log: Vec<Bundle>,
    /// The newest entry now.
    #[n(2)]
    pub log_pin: Pin,
}

/// The newcomer is a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Added {
    /// The entry that added it.
    #[n(1)]
    pub log_pin: Pin,
}

pub(super) fn seal<T: Encode<()>>(channel: &mut Channel, kind: Kind, message: &T) -> Result<Vec<u8>, PairingError> {
    channel.seal(kind, &cbor::encode(message))
}

pub(super) fn open<T>(channel: &mut Channel, kind: Kind, message: &[u8]) -> Result<T, PairingError>
where
    T: for<'b> Decode<'b, ()> + Encode<()>,
{
    let opened = channel.open(kind, message)?;
    cbor::decode(&opened, limits::MAILBOX_MESSAGE_BYTES).map_err(|_| PairingError::Message)
}

/// The most that a newcomer may say of its platform and its name.
pub(super) const TEXT_BYTES: usize = 256;
