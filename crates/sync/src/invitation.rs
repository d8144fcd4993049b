use minicbor::{Decode, Encode};
use roamkey_proto::{Bundle, DecodeError, DeviceKeys, EntryId, Possession, ReceiptKey, cbor, limits, mutant};
use roamkey_sealing::DeviceSecrets;
use roamkey_trust::{
    Log, TrustError,
    possession::{self, Place},
};

use crate::Pins;

/// What a member gives a newcomer inside the pairing channel: the log as far as one message holds it, where both
/// chains are, and the key of the server's receipts (protocol section 8).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Invitation {
    /// Entries with their headers, without wraps, from the genesis on.
    #[n(1)]
    pub log: Vec<Bundle>,
    /// Where the member is.
    #[n(2)]
    pub pins: Pins,
    /// The key of the server's receipts, as the member pinned it.
    #[n(3)]
    pub receipt_key: ReceiptKey,
}

impl Invitation {
    /// Makes an invitation with as much of the log as one message holds.
    pub(crate) fn of(log: Vec<Bundle>, pins: Pins, receipt_key: ReceiptKey) -> Self {
        let mut room = LOG_BYTES;
        let fits = |bundle: &Bundle| {
            let bytes = cbor::encode(bundle).len();
            let fits = bytes <= room;
            room = room.saturating_sub(bytes);
            fits
        };
        Self { log: log.into_iter().take_while(fits).collect(), pins, receipt_key }
    }

    /// Reads an invitation and verifies its log from the genesis on.
    ///
    /// A long log goes on after what is here. The newcomer's word is for the place after the member's pin, so the
    /// entry that adds it shows, when it comes, that all in between is what the member meant.
    ///
    /// # Errors
    /// [`InvitationError`] when it is malformed, or the log does not verify or does not lead to where the member stands.
    pub fn open(bytes: &[u8]) -> Result<(Self, Log), InvitationError> {
        let invitation: Self = cbor::decode(bytes, limits::MAILBOX_MESSAGE_BYTES)?;
        let log = invitation.verify()?;
        Ok((invitation, log))
    }

    /// Returns the encoded invitation.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// Returns what the newcomer answers: its keys, and its word that it holds them at this place.
    #[must_use]
    pub fn answer(&self, log: &Log, secrets: &DeviceSecrets) -> (DeviceKeys, Possession) {
        let keys = secrets.public();
        let place = Place { account: log.account(), prev: EntryId::new(self.pins.log.id), device: keys.device_id() };
        let possession = possession::sign(&place, &keys, &secrets.identity, &secrets.write);
        (keys, possession)
    }

    pub(crate) fn verify(&self) -> Result<Log, TrustError> {
        let log = Log::replay(&self.log)?;
        let leads_there = log.head() == self.pins.log || log.head().seq < self.pins.log.seq;
        if mutant!("pairing.log-leads-to-the-pin", leads_there) {
            Ok(log)
        } else {
            Err(TrustError::Conflict { seq: self.pins.log.seq })
        }
    }
}

/// Why an invitation is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvitationError {
    /// It is none.
    #[error("not an invitation: {0}")]
    Malformed(#[from] DecodeError),
    /// Its log does not verify.
    #[error("the log of the invitation does not verify: {0}")]
    Log(#[from] TrustError),
}

/// Bytes of the log in an invitation: a message of the channel, less what is around it.
const LOG_BYTES: usize = limits::MAILBOX_MESSAGE_BYTES - 4 * 1024;
