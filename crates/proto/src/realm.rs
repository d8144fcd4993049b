//! What devices and realms say to each other (`spec/realms.md`).

use core::fmt;

use minicbor::{
    Decode, Decoder, Encode, Encoder, decode,
    encode::{self, Write},
};

use crate::{AccountId, DeviceId, DeviceKeys, Label, Nonce, RecoverySlot, RequestId, ShareCommitment};

/// Defines 32 bytes that a realm and a device exchange; two kinds do not mix.
macro_rules! bytes {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), hex::encode(&self.0[..8]))
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
                d.bytes()?.try_into().map(Self).map_err(|_| decode::Error::message("32 bytes"))
            }
        }
    };
}

bytes!(
    /// The public half of the key by which a realm evaluates: an element of ristretto255. Its points are checked where it
    /// is used.
    OprfPublicKey
);
bytes!(
    /// What a device has evaluated: an element of ristretto255 that says nothing of the PIN.
    Blinded
);
bytes!(
    /// A share of a recovery secret under the mask that the right PIN gives: any 32 bytes, with nothing to check a guess by.
    Masked
);

/// Has a realm make a key for the next version of a secret, and evaluate one element with it: signed by a device's
/// identity key under the label `realm-key`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PrepareRealm {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// The realm's origin, as the device has it configured.
    #[n(2)]
    pub realm: String,
    /// The version of the secret: higher than any before.
    #[n(3)]
    pub number: u64,
    /// Who signs.
    #[n(4)]
    pub device: DeviceId,
    /// What is to be evaluated.
    #[n(5)]
    pub blinded: Blinded,
}

/// What a realm answers to [`PrepareRealm`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PreparedRealm {
    /// The public half of the key that it made.
    #[n(1)]
    pub public_key: OprfPublicKey,
    /// The element, evaluated.
    #[n(2)]
    pub evaluation: Evaluation,
}

/// An element evaluated by a realm, with the proof that it was by the key that it names (RFC 9497, mode 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Evaluation {
    /// The evaluated element.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub element: [u8; 32],
    /// The proof, `c ‖ s`.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub proof: [u8; 64],
}

/// What a realm keeps of one share: signed by a device's identity key under the label `share`.
///
/// The trust log holds its hash, the [`ShareCommitment`]: so the realm cannot change any of it, and the log says which
/// version serves.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ShareRegistration {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// The realm's origin.
    #[n(2)]
    pub realm: String,
    /// The version of the secret.
    #[n(3)]
    pub number: u64,
    /// Which share, from 1; its place among the policy's commitments.
    #[n(4)]
    pub index: u8,
    /// How many shares make the secret.
    #[n(5)]
    pub threshold: u8,
    /// The key by which this realm evaluates for this version.
    #[n(6)]
    pub public_key: OprfPublicKey,
    /// The share.
    #[n(7)]
    pub masked: Masked,
}

impl ShareRegistration {
    /// Returns what the log says of a registration with this payload.
    #[must_use]
    pub fn commitment_of(payload: &[u8]) -> ShareCommitment {
        ShareCommitment::new(Label::Share.hash(payload))
    }
}

/// A new device asks to come back: signed by its identity key under the label `recovery`, and lodged with each realm.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecoveryRequest {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// By which way.
    #[n(2)]
    pub slot: RecoverySlot,
    /// The keys that the device is to join with; its signature shows that it holds them.
    #[n(3)]
    pub device: DeviceKeys,
    /// Random, so that the same device may ask again.
    #[n(4)]
    pub nonce: Nonce,
}

impl RecoveryRequest {
    /// Returns the identifier of a request with this payload.
    #[must_use]
    pub fn id_of(payload: &[u8]) -> RequestId {
        RequestId::new(Label::Recovery.hash(payload))
    }
}

/// An active device calls a request off: signed by its identity key under the label `veto`. It serves at every realm.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Veto {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// What it calls off.
    #[n(2)]
    pub request: RequestId,
    /// Who signs.
    #[n(3)]
    pub device: DeviceId,
}

/// One guess: signed under the label `guess` by the identity key of the device that asked.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Guess {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// The realm's origin, as the device has it configured.
    #[n(2)]
    pub realm: String,
    /// The version of the secret.
    #[n(3)]
    pub number: u64,
    /// The request whose wait is over.
    #[n(4)]
    pub request: RequestId,
    /// What is to be evaluated.
    #[n(5)]
    pub blinded: Blinded,
}

/// Whoever knows the secret has guesses forgiven: signed by the recovery authority's key under the label `guess-reset`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct GuessReset {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// The realm's origin, as the device has it configured.
    #[n(2)]
    pub realm: String,
    /// The version of the secret.
    #[n(3)]
    pub number: u64,
    /// The guesses up to which all are forgiven, counted since the version began: so that it serves once.
    #[n(4)]
    pub evaluated: u64,
}
