//! Who this device is and where it stands: the rows `Meta` and `Pins`.

use minicbor::{Decode, Encode, bytes::ByteVec};
use rand_core::CryptoRng;
use roamkey_proto::{AccountId, Chain, DeviceId, MerkleRoot, Pin, ReceiptKey, RecoverySlot, RevokeReason, Time, cbor};
use roamkey_sealing::{DeviceSecrets, LocalKey};

use super::rest;
use crate::{Batch, Contact, Ending, EngineError, Pins, Standing, StoreKey, Table};

/// Who this device is; never changes but for its renewable keys.
pub(crate) struct Device {
    pub(crate) account: AccountId,
    pub(crate) id: DeviceId,
    pub(crate) receipt_key: ReceiptKey,
    pub(crate) secrets: DeviceSecrets,
}

impl Device {
    pub(crate) fn new(account: AccountId, receipt_key: ReceiptKey, secrets: DeviceSecrets) -> Self {
        Self { account, id: secrets.public().device_id(), receipt_key, secrets }
    }

    pub(crate) fn persist(&self, local: &LocalKey, batch: &mut Batch, rng: &mut impl CryptoRng) {
        let meta = Meta {
            account: self.account,
            id: self.id,
            receipt_key: self.receipt_key,
            secrets: self.secrets.seal(self.account, local, rng).into(),
        };
        let key = StoreKey::only(Table::Meta);
        let sealed = rest::seal(local, &key, &cbor::encode(&meta), rng);
        batch.put(key, sealed);
    }

    pub(crate) fn open(local: &LocalKey, row: &[u8]) -> Result<Self, EngineError> {
        let meta: Meta = rest::open_value(local, &StoreKey::only(Table::Meta), row)?;
        let secrets =
            DeviceSecrets::open(meta.account, local, &meta.secrets).map_err(|_| EngineError::Store(Table::Meta))?;
        Ok(Self { account: meta.account, id: meta.id, receipt_key: meta.receipt_key, secrets })
    }
}

/// The row `Meta`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Meta {
    #[n(1)]
    account: AccountId,
    #[n(2)]
    id: DeviceId,
    #[n(3)]
    receipt_key: ReceiptKey,
    #[n(4)]
    secrets: ByteVec,
}

/// Where this device stands in both chains: the row `Pins`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Anchor {
    #[n(1)]
    pub(crate) stage: Stage,
    #[n(2)]
    pub(crate) pins: Pins,
    /// What the pinned commit says; none when only its identifier is known, as a newcomer's.
    #[n(3)]
    pub(crate) tip: Option<Tip>,
    /// The records that are here are those of this commit: the pinned one, or 0 before the first pull.
    #[n(4)]
    pub(crate) held: u64,
    /// Where other devices are, not yet compared.
    #[n(5)]
    pub(crate) witnesses: Vec<Pins>,
    /// When this device last said where it is.
    #[n(6)]
    pub(crate) beat_at: Option<Time>,
    /// Where the other devices last said that they are, ascending by device.
    #[n(7)]
    pub(crate) contacts: Vec<Contact>,
    /// Pieces of evidence that were ever kept and prove nothing.
    #[n(8)]
    pub(crate) evidence: u64,
    /// The newest epoch of which this device has said that it cannot open it.
    #[n(9)]
    pub(crate) cried_for: u64,
    /// When this device last opened an epoch for no other reason than what the server or another device showed.
    #[n(10)]
    pub(crate) healed_at: Option<Time>,
    /// When the newest commit was first seen here.
    #[n(11)]
    pub(crate) moved_at: Time,
    /// Since when somebody answers for the newest removal.
    #[n(12)]
    pub(crate) duty: Option<Duty>,
    /// Pieces of evidence that were ever kept and prove somebody's guilt.
    #[n(13)]
    pub(crate) proofs: u64,
    /// Who, and which way back, is to go before anything else is written, since a repair.
    #[n(14)]
    pub(crate) owed: Option<Owed>,
}

/// Devices and ways back that went in a history that this device gave up.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Owed {
    #[n(1)]
    pub(crate) devices: Vec<DeviceId>,
    #[n(2)]
    pub(crate) keep: Vec<DeviceId>,
    #[n(3)]
    pub(crate) reason: RevokeReason,
    #[n(4)]
    pub(crate) keep_slots: Vec<RecoverySlot>,
    /// Recovery authorities that were replaced or removed, whoever had set them.
    #[n(5)]
    pub(crate) authorities: Vec<DeviceId>,
}

/// Who answers for the newest removal does so by an entry, which was first seen here at a time of this device's own clock:
/// what its author says of the time may be years ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Duty {
    #[n(1)]
    pub(crate) at: u64,
    #[n(2)]
    pub(crate) seen: Time,
}

impl Anchor {
    pub(crate) fn new(stage: Stage, pins: Pins, tip: Option<Tip>) -> Self {
        Self {
            stage,
            pins,
            tip,
            held: 0,
            witnesses: Vec::new(),
            beat_at: None,
            contacts: Vec::new(),
            evidence: 0,
            cried_for: 0,
            healed_at: None,
            moved_at: Time(0),
            duty: None,
            proofs: 0,
            owed: None,
        }
    }

    pub(crate) fn persist(&self, local: &LocalKey, batch: &mut Batch, rng: &mut impl CryptoRng) {
        let key = StoreKey::only(Table::Pins);
        let sealed = rest::seal(local, &key, &cbor::encode(self), rng);
        batch.put(key, sealed);
    }

    pub(crate) fn open(local: &LocalKey, row: &[u8]) -> Result<Self, EngineError> {
        rest::open_value(local, &StoreKey::only(Table::Pins), row)
    }

    pub(crate) fn pin(&self, chain: Chain) -> Pin {
        match chain {
            Chain::Log => self.pins.log,
            Chain::Vault => self.pins.vault,
        }
    }

    pub(crate) fn receipt(&self, chain: Chain) -> Option<&ByteVec> {
        match chain {
            Chain::Log => self.pins.log_receipt.as_ref(),
            Chain::Vault => self.pins.vault_receipt.as_ref(),
        }
    }
}

/// What a commit says that the next one is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Tip {
    /// The log entry that it names.
    #[n(1)]
    pub(crate) log: Pin,
    #[n(2)]
    pub(crate) root: MerkleRoot,
    #[n(3)]
    pub(crate) count: u64,
    /// When its author says it was.
    #[n(4)]
    pub(crate) time: Time,
}

impl Tip {
    /// Before the first commit.
    pub(crate) const START: Self = Self { log: Pin::START, root: MerkleRoot::EMPTY, count: 0, time: Time(0) };
}

/// [`Standing`] at rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Stage {
    #[n(1)]
    Founding,
    #[n(2)]
    Joining,
    #[n(3)]
    Member,
    #[n(4)]
    Revoked {
        #[n(1)]
        by: DeviceId,
        #[n(2)]
        reason: RevokeReason,
        #[n(3)]
        at: u64,
    },
    #[n(5)]
    Left {
        #[n(1)]
        at: u64,
    },
    #[n(6)]
    Closed {
        #[n(1)]
        at: u64,
    },
}

impl Stage {
    pub(crate) fn ending(self) -> Option<Ending> {
        match self {
            Self::Revoked { by, reason, at } => Some(Ending::Revoked { by, reason, at }),
            Self::Left { at } => Some(Ending::Left { at }),
            Self::Closed { at } => Some(Ending::Closed { at }),
            Self::Founding | Self::Joining | Self::Member => None,
        }
    }

    pub(crate) fn standing(self) -> Standing {
        match self {
            Self::Founding => Standing::Founding,
            Self::Joining => Standing::Joining,
            Self::Member => Standing::Member,
            Self::Revoked { by, reason, at } => Standing::Ended(Ending::Revoked { by, reason, at }),
            Self::Left { at } => Standing::Ended(Ending::Left { at }),
            Self::Closed { at } => Standing::Ended(Ending::Closed { at }),
        }
    }
}
