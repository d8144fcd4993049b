//! Two devices side by side compare where they are, without the server (`spec/heartbeats.md`).

use roamkey_proto::{AccountId, Chain, Label, cbor};
use roamkey_sealing::pairing::word;

use crate::{Distrust, Pins};

/// Where a device is, in words for a person to compare with those of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckUp {
    /// The account.
    pub account: AccountId,
    /// Where the device is in both chains.
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
    /// The other one is no device that this one knows as a member: sync, and compare again.
    UnknownDevice,
    /// They saw different things at one place.
    Different(Distrust),
}

/// What another device showed, once its signature is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What comparing with it says.
    pub comparison: Comparison,
    /// Where it is, as far as the server signed for it: what no member can make up.
    pub witness: Option<Pins>,
}

/// What was shown is no check-up of a device of this account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no check-up of a device")]
pub struct NotACheckUp;

impl CheckUp {
    /// Returns words that are the same on two devices at the same places of one history.
    ///
    /// Twelve of 2,048 are 132 bits: a member and a server together can choose among as many pairs of histories as they like,
    /// so that half of the bits count.
    #[must_use]
    pub fn words(&self) -> [&'static str; WORDS] {
        let Pins { log, vault, .. } = &self.pins;
        let bytes = [self.account.as_bytes().to_vec(), cbor::encode(log), cbor::encode(vault)].concat();
        let hash = Label::Heartbeat.hash(&bytes);
        let bit = |at: usize| hash.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1);
        let index = |place: usize| (0..11).fold(0, |index, at| index << 1 | u16::from(bit(place * 11 + at)));
        std::array::from_fn(|place| word(index(place)))
    }
}

impl Pins {
    /// Compares this device with another one of the account.
    pub(crate) fn check_up(&self, other: &Self) -> Comparison {
        if let Err(distrust) = self.compare(other) {
            return Comparison::Different(distrust);
        }
        let places = [(Chain::Log, self.log, other.log), (Chain::Vault, self.vault, other.vault)];
        let chains = |is_it: fn(u64, u64) -> bool| {
            places.iter().filter(|(_, ours, theirs)| is_it(ours.seq, theirs.seq)).map(|(chain, ..)| *chain).collect()
        };
        let (behind, ahead): (Vec<_>, Vec<_>) = (chains(|a, b| a < b), chains(|a, b| a > b));
        if behind.is_empty() && ahead.is_empty() { Comparison::Same } else { Comparison::Apart { behind, ahead } }
    }
}

/// Words of a check-up.
const WORDS: usize = 12;

#[cfg(test)]
mod tests;
