use minicbor::{Decode, Encode};

use crate::{AccountId, CommitId, DeviceId, ItemId, Label, MerkleRoot, Pin, RecordHash, Time};

/// A state of the vault (protocol section 6): the payload of a COSE_Sign1 by `author`'s write key
/// under the label `commit`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Commit {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// 1 for the first, one more for each commit.
    #[n(2)]
    pub seq: u64,
    /// The commit before; [`CommitId::NONE`] for the first.
    #[n(3)]
    pub prev: CommitId,
    /// Who signed.
    #[n(4)]
    pub author: DeviceId,
    /// When the author says it was.
    #[n(5)]
    pub time: Time,
    /// The newest log entry that the author knows; the author's right is judged there.
    #[n(6)]
    pub log: Pin,
    /// The newest epoch there.
    #[n(7)]
    pub epoch: u64,
    /// The Merkle root over all records after this commit.
    #[n(8)]
    pub root: MerkleRoot,
    /// The number of records after this commit.
    #[n(9)]
    pub count: u64,
    /// The records that this commit adds or replaces: ascending by item, without duplicates.
    #[n(10)]
    pub changed: Vec<Change>,
}

impl Commit {
    /// Returns the identifier of a commit with this payload.
    #[must_use]
    pub fn id_of(payload: &[u8]) -> CommitId {
        CommitId::new(Label::Commit.hash(payload))
    }
}

/// A record that a commit adds or replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Change {
    /// The item.
    #[n(1)]
    pub item: ItemId,
    /// The hash of its new record.
    #[n(2)]
    pub record: RecordHash,
}
