//! Recovery authorities: virtual members that let a device in when no other one is left (protocol sections 3 and 9).

use core::fmt;

use minicbor::{Decode, Encode};

use crate::{DeviceId, KemPublicKey, Label, ShareCommitment, WritePublicKey, cbor};

/// A way back in. An account has one authority a slot at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
#[non_exhaustive]
pub enum RecoverySlot {
    /// A secret that the person keeps on paper or in a file.
    #[n(1)]
    Kit,
    /// A PIN or passphrase, behind realms that count the guesses.
    #[n(2)]
    Pin,
    /// Some of several people.
    #[n(3)]
    Contacts,
    /// Kept for organisations; this version sets none.
    #[n(4)]
    Organisation,
}

impl RecoverySlot {
    /// Every slot there is.
    pub const ALL: [Self; 4] = [Self::Kit, Self::Pin, Self::Contacts, Self::Organisation];

    /// Tells whether a recovery by this slot is asked for first, with a wait that can be vetoed.
    #[must_use]
    pub const fn needs_request(self) -> bool {
        !matches!(self, Self::Kit)
    }
}

impl fmt::Display for RecoverySlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kit => "kit",
            Self::Pin => "pin",
            Self::Contacts => "contacts",
            Self::Organisation => "organisation",
        })
    }
}

/// The public keys of a recovery authority.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecoveryKeys {
    /// Signs its one kind of entry, and its sessions: Ed25519.
    #[n(1)]
    pub sign: WritePublicKey,
    /// Receives epoch keys.
    #[n(2)]
    pub kem: KemPublicKey,
}

impl RecoveryKeys {
    /// Returns the name of the authority with these keys in this slot, where a member is named.
    ///
    /// The label is its own, so that no device has this name.
    #[must_use]
    pub fn member_id(&self, slot: RecoverySlot) -> DeviceId {
        #[derive(Encode)]
        #[cbor(map)]
        struct Named<'a> {
            #[n(1)]
            slot: RecoverySlot,
            #[n(2)]
            keys: &'a RecoveryKeys,
        }
        DeviceId::new(Label::Authority.hash(&cbor::encode(&Named { slot, keys: self })))
    }
}

/// What a slot holds from an entry on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SetRecovery {
    /// Which.
    #[n(1)]
    pub slot: RecoverySlot,
    /// Its authority; none empties it.
    #[n(2)]
    pub keys: Option<RecoveryKeys>,
    /// By which rules others help; none for a kit, which asks nobody.
    #[n(3)]
    pub policy: Option<RecoveryPolicy>,
}

/// By which rules realms or contacts help an authority's secret together.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecoveryPolicy {
    /// How long a request waits for a veto.
    #[n(1)]
    pub wait_ms: u64,
    /// How many of them it takes.
    #[n(2)]
    pub threshold: u8,
    /// A commitment to the share of each.
    #[n(3)]
    pub shares: Vec<ShareCommitment>,
}
