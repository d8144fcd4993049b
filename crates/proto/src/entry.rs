use minicbor::{
    Decode, Decoder, Encode, Encoder, decode,
    encode::{self, Write},
};

use crate::{
    AccountId, DeviceId, DeviceKeys, EntryId, HeaderHash, KemPublicKey, Label, Possession, RecoverySlot, RequestId,
    SetRecovery, Time, WritePublicKey, cbor,
};

/// Who signed an entry: a device of the account, or a recovery authority.
pub type Author = DeviceId;

/// One entry of the trust log (protocol section 4): the payload of a COSE_Sign1 under the label `entry`, by a device's
/// identity key or a recovery authority's signing key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Entry {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// The account whose log this is; for a genesis, the hash of its own operation.
    #[n(1)]
    pub account: AccountId,
    /// 1 for the genesis, one more for each entry.
    #[n(2)]
    pub seq: u64,
    /// The entry before; [`EntryId::NONE`] for the genesis.
    #[n(3)]
    pub prev: EntryId,
    /// Who signed.
    #[n(4)]
    pub author: Author,
    /// When the author says it was; never trusted for order.
    #[n(5)]
    pub time: Time,
    /// The lowest suite that may be used from here on; never falls.
    #[n(6)]
    pub min_suite: u16,
    /// What changes.
    #[n(7)]
    pub op: Op,
    /// The header of the epoch that this entry opens, where it opens one.
    #[n(8)]
    pub epoch: Option<HeaderHash>,
}

impl Entry {
    /// Returns the identifier of an entry with this payload.
    #[must_use]
    pub fn id_of(payload: &[u8]) -> EntryId {
        EntryId::new(Label::Entry.hash(payload))
    }
}

/// What an entry changes: `[number, body]`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Op {
    /// 1: the account and its first device.
    Genesis(Genesis),
    /// 2: another device.
    AddDevice(AddDevice),
    /// 3: devices that lose the right to read and write.
    RevokeDevices(RevokeDevices),
    /// 4: the author signs itself out; makes no epoch, the next entry must.
    Leave,
    /// 5: a new epoch for the same members.
    Rotate,
    /// 6: new write and kem keys of the author.
    RenewKeys(RenewKeys),
    /// 7: what a recovery slot holds from here on.
    SetRecovery(SetRecovery),
    /// 10: the entry's `min_suite` is higher than it was.
    SetMinSuite,
    /// 11: the account is to end.
    Close(Close),
    /// 12: it is not to end after all.
    CancelClose,
    /// 8 and 9: numbers kept for escrow; any other is of a newer version.
    /// Verification refuses them all, and says that an update is needed.
    Reserved(ReservedOp),
}

impl Op {
    /// Returns the number on the wire.
    #[must_use]
    pub fn number(&self) -> u8 {
        match self {
            Self::Genesis(_) => 1,
            Self::AddDevice(_) => 2,
            Self::RevokeDevices(_) => 3,
            Self::Leave => 4,
            Self::Rotate => 5,
            Self::RenewKeys(_) => 6,
            Self::SetRecovery(_) => 7,
            Self::SetMinSuite => 10,
            Self::Close(_) => 11,
            Self::CancelClose => 12,
            Self::Reserved(op) => op.number,
        }
    }

    /// Tells whether an entry with this operation opens an epoch, and so carries a header's hash
    /// (protocol section 5).
    #[must_use]
    pub fn opens_epoch(&self) -> bool {
        match self {
            Self::Genesis(_)
            | Self::AddDevice(_)
            | Self::RevokeDevices(_)
            | Self::Rotate
            | Self::RenewKeys(_)
            | Self::SetRecovery(_) => true,
            Self::Leave | Self::SetMinSuite | Self::Close(_) | Self::CancelClose | Self::Reserved(_) => false,
        }
    }

    /// Tells whether the epoch of such an entry may leave out epochs before it (protocol section 5).
    #[must_use]
    pub fn may_skip_epochs(&self) -> bool {
        matches!(self, Self::RevokeDevices(_) | Self::Rotate)
    }
}

impl<C> Encode<C> for Op {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.array(2)?.u8(self.number())?;
        match self {
            Self::Genesis(op) => op.encode(e, ctx),
            Self::AddDevice(op) => op.encode(e, ctx),
            Self::RevokeDevices(op) => op.encode(e, ctx),
            Self::Leave | Self::Rotate | Self::SetMinSuite | Self::CancelClose => e.map(0)?.ok(),
            Self::RenewKeys(op) => op.encode(e, ctx),
            Self::SetRecovery(op) => op.encode(e, ctx),
            Self::Close(op) => op.encode(e, ctx),
            Self::Reserved(op) => e.writer_mut().write_all(&op.body).map_err(encode::Error::write),
        }
    }
}

impl<'b, C> Decode<'b, C> for Op {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        if d.array()? != Some(2) {
            return Err(decode::Error::message("an operation is a pair"));
        }
        Ok(match d.u8()? {
            1 => Self::Genesis(Genesis::decode(d, ctx)?),
            2 => Self::AddDevice(AddDevice::decode(d, ctx)?),
            3 => Self::RevokeDevices(RevokeDevices::decode(d, ctx)?),
            4 => empty(d).map(|()| Self::Leave)?,
            5 => empty(d).map(|()| Self::Rotate)?,
            6 => Self::RenewKeys(RenewKeys::decode(d, ctx)?),
            7 => Self::SetRecovery(SetRecovery::decode(d, ctx)?),
            10 => empty(d).map(|()| Self::SetMinSuite)?,
            11 => Self::Close(Close::decode(d, ctx)?),
            12 => empty(d).map(|()| Self::CancelClose)?,
            number => {
                let start = d.position();
                d.skip()?;
                let body = d.input().get(start..d.position()).unwrap_or_default().to_vec();
                Self::Reserved(ReservedOp { number, body })
            }
        })
    }
}

fn empty(d: &mut Decoder<'_>) -> Result<(), decode::Error> {
    match d.map()? {
        Some(0) => Ok(()),
        _ => Err(decode::Error::message("an empty map")),
    }
}

/// The start of an account.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Genesis {
    /// The first device.
    #[n(1)]
    pub device: DeviceKeys,
    /// Random, so that the same device may start two accounts.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub salt: [u8; 32],
}

impl Genesis {
    /// Returns the account that starts with this operation.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        AccountId::new(Label::Genesis.hash(&cbor::encode(self)))
    }
}

/// A device that joins.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AddDevice {
    /// Its keys.
    #[n(1)]
    pub device: DeviceKeys,
    /// Its own word that it holds them, for this place in this log.
    #[n(2)]
    pub possession: Possession,
    /// How it came.
    #[n(3)]
    pub via: Via,
    /// The request for recovery that this answers; none where the way needs no request.
    #[n(4)]
    pub request: Option<RequestId>,
}

/// How a device joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
#[non_exhaustive]
pub enum Via {
    /// By a pairing code shown on a member.
    #[n(1)]
    Pairing,
    /// By a recovery authority, which is the entry's author.
    #[n(2)]
    Recovery,
}

/// Devices that go, and what of theirs stays (protocol section 4).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RevokeDevices {
    /// Who goes: ascending, without duplicates, not empty.
    #[n(1)]
    pub devices: Vec<DeviceId>,
    /// What a device that goes had added and that stays all the same: ascending, without duplicates.
    #[n(2)]
    pub keep: Vec<DeviceId>,
    /// Why.
    #[n(3)]
    pub reason: RevokeReason,
    /// The recovery slots that are emptied: ascending, without duplicates.
    #[n(4)]
    pub slots: Vec<RecoverySlot>,
    /// The recovery slots that a device that goes had set last, and that stay all the same: ascending, without
    /// duplicates.
    #[n(5)]
    pub keep_slots: Vec<RecoverySlot>,
}

/// Why a device goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
#[non_exhaustive]
pub enum RevokeReason {
    /// It is lost or stolen.
    #[n(1)]
    Lost,
    /// It is no longer used.
    #[n(2)]
    Retired,
}

/// New renewable keys of the author.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RenewKeys {
    /// The new write key.
    #[n(1)]
    pub write: WritePublicKey,
    /// The new kem key.
    #[n(2)]
    pub kem: KemPublicKey,
    /// Signatures by the identity and the new write key over `(account, prev, keys)`.
    #[n(3)]
    pub possession: Possession,
}

/// The account is to end, with all that the server keeps of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Close {
    /// Not before this; at least [`CLOSE_WAIT_MS`](crate::limits::CLOSE_WAIT_MS) after the entry.
    #[n(1)]
    pub not_before: Time,
}

/// An operation that this version does not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservedOp {
    /// GrantEscrow 8, WithdrawEscrow 9; others unknown.
    pub number: u8,
    /// Its bytes, as they came.
    pub body: Vec<u8>,
}

/// An entry with what belongs to it: accepted or refused whole.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Bundle {
    /// The signed entry, COSE_Sign1.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub entry: Vec<u8>,
    /// The epoch header whose hash the entry carries.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub header: Option<Vec<u8>>,
    /// The epoch key, wrapped for each recipient; in answers, for the one who asks.
    #[n(3)]
    pub wraps: Vec<EntryWrap>,
}

/// The epoch key as one recipient gets it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EntryWrap {
    /// Who can open it.
    #[n(1)]
    pub recipient: DeviceId,
    /// HPKE `enc ‖ ciphertext`.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub wrap: Vec<u8>,
}
