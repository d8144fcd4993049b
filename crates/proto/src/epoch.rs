use minicbor::{Decode, Encode};

use crate::{AccountId, DeviceId, EntryId, HeaderHash, Label, WrapHash};

/// What everyone may know of an epoch (protocol section 5); its hash is in the entry that opens it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EpochHeader {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// 1 at the genesis, one more for each epoch.
    #[n(2)]
    pub epoch: u64,
    /// The seq of the entry that opens it.
    #[n(3)]
    pub seq: u64,
    /// The entry before that one.
    #[n(4)]
    pub prev: EntryId,
    /// `HKDF(E, "epoch-commit")`.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub commitment: [u8; 32],
    /// The epoch key that this one ties to, sealed under this one; none at the genesis.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub previous: Option<Vec<u8>>,
    /// `HMAC(HKDF(E_base, "epoch-tie"), header without tie)`; none at the genesis.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub tie: Option<Vec<u8>>,
    /// Who gets the key: ascending by device, without duplicates.
    #[n(8)]
    pub recipients: Vec<Recipient>,
    /// The epoch that this one ties to, where it is not the one before: those between are skipped, as their
    /// keys are held by who is out after this entry.
    #[n(9)]
    pub base: Option<u64>,
}

impl EpochHeader {
    /// Returns the epoch that this one ties to: the one before, unless it skips some; 0 at the genesis.
    #[must_use]
    pub fn base(&self) -> u64 {
        self.base.unwrap_or(self.epoch.saturating_sub(1))
    }

    /// Returns the epochs that nobody gets to by walking back from this one.
    pub fn skipped(&self) -> impl Iterator<Item = u64> + use<> {
        self.base().saturating_add(1)..self.epoch
    }

    /// Returns the hash of a header with these bytes.
    #[must_use]
    pub fn hash_of(bytes: &[u8]) -> HeaderHash {
        HeaderHash::new(Label::EpochHeader.hash(bytes))
    }
}

/// One who gets the epoch key, and the hash of what they get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Recipient {
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// The hash of its wrap.
    #[n(2)]
    pub wrap: WrapHash,
}

impl Recipient {
    /// Returns the hash of a wrap with these bytes.
    #[must_use]
    pub fn hash_of(wrap: &[u8]) -> WrapHash {
        WrapHash::new(Label::Wrap.hash(wrap))
    }
}
