use minicbor::{Decode, Encode};

use crate::{AccountId, CommitId, EntryId};

/// A place in a chain of hashes: what a device pins, and never goes back behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Pin {
    /// The number of the entry or commit.
    #[n(1)]
    pub seq: u64,
    /// Its identifier.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub id: [u8; 32],
}

impl Pin {
    /// Pins an entry of the trust log.
    #[must_use]
    pub const fn log(seq: u64, id: EntryId) -> Self {
        Self { seq, id: *id.as_bytes() }
    }

    /// Pins a commit of the vault.
    #[must_use]
    pub const fn vault(seq: u64, id: CommitId) -> Self {
        Self { seq, id: *id.as_bytes() }
    }

    /// The pin of a vault without commits.
    pub const START: Self = Self { seq: 0, id: [0; 32] };
}

/// Which of an account's two chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Chain {
    /// The trust log.
    #[n(1)]
    Log,
    /// The commits of the vault.
    #[n(2)]
    Vault,
}

/// The server's word that an account's chain has this at this place: the payload of a COSE_Sign1
/// by the server's receipt key under the label `receipt`. Two for one place with different
/// identifiers prove that the server lied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Receipt {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// Which chain.
    #[n(2)]
    pub chain: Chain,
    /// The place and the identifier there.
    #[n(3)]
    pub pin: Pin,
}

/// The Ed25519 key with which a server signs receipts; pinned at creation and pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct ReceiptKey(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);
