//! A device's own word that it holds the keys it enrols or renews with (protocol section 4).

use minicbor::Encode;
use roamkey_proto::{AccountId, DeviceId, DeviceKeys, EntryId, Label, Possession, cbor};

use crate::{
    SignIdentity, SignWrite, SignatureError,
    sign1::{self, Algorithm, PublicKey},
};

/// Where in which log the keys are to enter: a possession serves there and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The account.
    pub account: AccountId,
    /// The entry before the one that carries the possession.
    pub prev: EntryId,
    /// The device: a newcomer by its new keys, one that renews by those it joined with.
    pub device: DeviceId,
}

/// Signs with the new identity and write keys.
#[must_use]
pub fn sign(place: &Place, keys: &DeviceKeys, identity: &impl SignIdentity, write: &impl SignWrite) -> Possession {
    let kid = place.device.as_bytes();
    let payload = payload(place, keys);
    Possession {
        identity: identity.sign(&sign1::message(Label::Possession, Algorithm::Es256, kid, &payload)),
        write: write.sign(&sign1::message(Label::Possession, Algorithm::Ed25519, kid, &payload)),
    }
}

/// Verifies both signatures.
///
/// # Errors
/// [`SignatureError`] when either is not by the keys for this place.
pub fn verify(possession: &Possession, place: &Place, keys: &DeviceKeys) -> Result<(), SignatureError> {
    let kid = place.device.as_bytes();
    let payload = payload(place, keys);
    let verify = |signature, key| sign1::verify_detached(Label::Possession, kid, &payload, signature, key);
    verify(&possession.identity, PublicKey::Identity(&keys.identity))?;
    verify(&possession.write, PublicKey::Write(&keys.write))
}

fn payload(place: &Place, keys: &DeviceKeys) -> Vec<u8> {
    #[derive(Encode)]
    #[cbor(map)]
    struct Payload<'a> {
        #[n(1)]
        account: AccountId,
        #[n(2)]
        prev: EntryId,
        #[n(3)]
        keys: &'a DeviceKeys,
    }
    cbor::encode(&Payload { account: place.account, prev: place.prev, keys })
}
