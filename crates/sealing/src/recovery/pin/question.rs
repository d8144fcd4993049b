use core::fmt;

use pakery_crypto::{Ristretto255VoprfClient, Ristretto255VoprfClientState};
use rand_core::CryptoRng;
use roamkey_proto::{AccountId, Blinded, Evaluation, Label, OprfPublicKey};
use zeroize::Zeroizing;

use super::SharePlace;
use crate::{
    primitives::kdf,
    recovery::words,
    unlock::{Passphrase, PassphraseError, Stretch, stretched},
};

/// A PIN or passphrase as realms help with it: `Argon2id(PIN, salt AccountId)`, so that even who has the realms' keys pays
/// for each guess.
pub struct HardenedPin(Zeroizing<[u8; 32]>);

impl HardenedPin {
    /// Hardens what a person typed. It takes a fraction of a second, once for all realms.
    ///
    /// # Errors
    /// [`PassphraseError`].
    ///
    /// # Panics
    /// When there are no 64 MiB of memory.
    pub fn derive(typed: &str, account: AccountId, stretch: Stretch) -> Result<Self, PassphraseError> {
        let passphrase = Passphrase::new(&words::tidied(typed))?;
        Ok(Self(stretched(&passphrase, stretch, account.as_bytes())))
    }

    /// Blinds the question to one realm: what the realm sees says nothing of the PIN.
    #[must_use]
    pub fn ask(&self, place: &SharePlace, rng: &mut impl CryptoRng) -> Question {
        let input = Zeroizing::new(place.context(Label::Realm).last(self.0.as_slice()));
        // `Blind` of RFC 9497 section 3.3.1 takes no key; this crate's does, and makes no use of it.
        let client = Ristretto255VoprfClient::new(&GENERATOR).expect("the generator is an element");
        let (state, blinded) = client.blind(&input, rng).expect("a short input, and no known one is the identity");
        Question { place: *place, input, state, blinded: Blinded(blinded) }
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    #[cfg(test)]
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for HardenedPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HardenedPin(redacted)")
    }
}

/// A question to one realm, whose answer only this device can read.
pub struct Question {
    place: SharePlace,
    input: Zeroizing<Vec<u8>>,
    state: Ristretto255VoprfClientState,
    blinded: Blinded,
}

/// The realm did not evaluate by the key that it is known by: it lies, whatever the PIN is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the realm did not answer by the key that it is known by")]
pub struct LyingRealm;

impl Question {
    /// Returns what the realm is to evaluate.
    #[must_use]
    pub fn blinded(&self) -> Blinded {
        self.blinded
    }

    /// Returns where the share lies that it is about.
    #[must_use]
    pub fn place(&self) -> SharePlace {
        self.place
    }

    /// Verifies the proof, and reads the mask: `HKDF-SHA256(VOPRF output, no salt, context(share, account, number, index))`.
    pub(super) fn answer(&self, key: &OprfPublicKey, evaluation: &Evaluation) -> Result<Mask, LyingRealm> {
        let client = Ristretto255VoprfClient::new(&key.0).map_err(|_| LyingRealm)?;
        let Evaluation { element, proof } = evaluation;
        let output = client.finalize(&self.state, &self.input, element, proof).map_err(|_| LyingRealm)?;
        Ok(Mask(kdf::derive(output.as_slice(), &[], &self.place.context(Label::Share).end())))
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Question({:?}, {:?}, redacted)", self.place, self.blinded)
    }
}

/// What hides a share: it comes of the PIN and the realm's key together.
pub(super) struct Mask(Zeroizing<[u8; 32]>);

impl Mask {
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mask(redacted)")
    }
}

/// The generator of ristretto255 (RFC 9496 section 4).
const GENERATOR: [u8; 32] = [
    0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9, 0x61, 0xc5, 0x00, 0x51, 0x5f, 0x58, 0xe3, 0x0b,
    0x6a, 0xa5, 0x82, 0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76,
];
