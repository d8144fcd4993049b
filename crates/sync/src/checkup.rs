//! Two devices side by side compare where they are, without the server (`spec/heartbeats.md`).

use minicbor::{Decode, Encode};
use roamkey_proto::{AccountId, Chain, DecodeError, Label, cbor, limits};
use roamkey_sealing::pairing::word;

use crate::{Distrust, Pins};

/// Where a device is, to be shown to another one beside it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CheckUp {
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// Where the device is in both chains.
    #[n(2)]
    pub pins: Pins,
}

/// What comparing two devices says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Comparison {
    /// They are at the same places, and saw the same: the server shows both one history.
    Same,
    /// They are at different places. Sync the one that is behind and compare again; what it showed is a
    /// [`Witness`](crate::Event::Witness) meanwhile.
    Apart {
        /// The chains on which this device is behind.
        behind: Vec<Chain>,
        /// The chains on which it is ahead.
        ahead: Vec<Chain>,
    },
    /// The other one is of another account.
    OtherAccount,
    /// They saw different things at one place.
    Different(Distrust),
}

impl CheckUp {
    /// Reads what another device showed.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        cbor::decode(bytes, limits::HEARTBEAT_BYTES)
    }

    /// Returns what a QR code shows.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// Returns six words that are the same on two devices at the same places of one history: 66 bits.
    #[must_use]
    pub fn words(&self) -> [&'static str; 6] {
        let Pins { log, vault, .. } = &self.pins;
        let bytes = [self.account.as_bytes().to_vec(), cbor::encode(log), cbor::encode(vault)].concat();
        let hash = Label::Heartbeat.hash(&bytes);
        let bit = |at: usize| hash.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1);
        let index = |place: usize| (0..11).fold(0, |index, at| index << 1 | u16::from(bit(place * 11 + at)));
        std::array::from_fn(|place| word(index(place)))
    }

    /// Compares this device with another one.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Comparison {
        if self.account != other.account {
            return Comparison::OtherAccount;
        }
        if let Err(distrust) = self.pins.compare(&other.pins) {
            return Comparison::Different(distrust);
        }
        let places = [(Chain::Log, self.pins.log, other.pins.log), (Chain::Vault, self.pins.vault, other.pins.vault)];
        let chains = |is_it: fn(u64, u64) -> bool| {
            places.iter().filter(|(_, ours, theirs)| is_it(ours.seq, theirs.seq)).map(|(chain, ..)| *chain).collect()
        };
        let (behind, ahead): (Vec<_>, Vec<_>) = (chains(|a, b| a < b), chains(|a, b| a > b));
        if behind.is_empty() && ahead.is_empty() { Comparison::Same } else { Comparison::Apart { behind, ahead } }
    }
}

#[cfg(test)]
mod tests;
