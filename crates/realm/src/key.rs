use core::fmt;

use hkdf::Hkdf;
use pakery_crypto::{Ristretto255VoprfClient, Ristretto255VoprfServer};
use rand_core::CryptoRng;
use roamkey_proto::{AccountId, Blinded, Evaluation, Label, OprfPublicKey, limits};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::Refusal;

/// A realm: where devices find it, and its one secret.
#[derive(Debug)]
pub struct Realm {
    origin: String,
    key: RealmKey,
}

impl Realm {
    /// Makes a realm of its origin and key.
    ///
    /// # Errors
    /// [`Refusal::ForeignRealm`] when the origin is longer than a registration may name.
    pub fn new(origin: impl Into<String>, key: RealmKey) -> Result<Self, Refusal> {
        let origin = origin.into();
        if origin.len() > limits::ORIGIN_BYTES { Err(Refusal::ForeignRealm) } else { Ok(Self { origin, key }) }
    }

    /// Returns the origin that every message to this realm names.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn evaluator(&self, account: AccountId, number: u64, salt: &[u8; 32]) -> Evaluator {
        self.key.derive(account, number, salt)
    }
}

/// The secret from which a realm derives the key of each account and version. It never lies in the realm's database: who
/// has that alone can evaluate nothing.
pub struct RealmKey(Zeroizing<[u8; 32]>);

impl RealmKey {
    /// Draws a key.
    #[must_use]
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(bytes.as_mut_slice());
        Self(bytes)
    }

    /// Takes up one that was kept.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    /// Returns the bytes, only for keeping them where the database does not lie.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// `DeriveKeyPair(HKDF-SHA256(key, salt, context), context)` of RFC 9497, mode 1, ristretto255-SHA512, where `context` is
    /// `len(tag) ‖ tag ‖ account ‖ number`.
    ///
    /// Account and version each have a key of their own: what is evaluated for one says nothing of another. Without the
    /// salt, which goes with its version, there is no way back to the key of a version that is over.
    pub(crate) fn derive(&self, account: AccountId, number: u64, salt: &[u8; 32]) -> Evaluator {
        let tag = Label::Realm.tag();
        let length = u8::try_from(tag.len()).expect("tags are short constants");
        let context = [&[length], tag.as_bytes(), account.as_bytes(), &number.to_be_bytes()].concat();
        let mut seed = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(salt), self.0.as_slice())
            .expand(&context, seed.as_mut_slice())
            .expect("one block, far below the 255 that HKDF gives");
        // All of 256 tries come to zero with a chance of 2^-64000.
        Evaluator(Ristretto255VoprfServer::derive(&seed, &context).expect("a short context and a uniform seed"))
    }
}

impl fmt::Debug for RealmKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RealmKey(redacted)")
    }
}

/// The key of one account and version.
pub(crate) struct Evaluator(Ristretto255VoprfServer);

impl Evaluator {
    pub(crate) fn public_key(&self) -> OprfPublicKey {
        OprfPublicKey(self.0.public_key())
    }

    /// `BlindEvaluate` of RFC 9497 section 3.3.2.
    pub(crate) fn evaluate(&self, blinded: &Blinded, rng: &mut impl CryptoRng) -> Result<Evaluation, Refusal> {
        let (element, proof) = self.0.blind_evaluate(&blinded.0, rng).map_err(|_| Refusal::NoElement)?;
        Ok(Evaluation { element, proof })
    }
}

/// Tells whether this is an element of the group, and not its identity: so that nothing is counted that nothing can come of.
pub(crate) fn is_element(blinded: &Blinded) -> bool {
    // A public key is decoded by the same rule, `DeserializeElement` of RFC 9497 section 2.1.
    Ristretto255VoprfClient::new(&blinded.0).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_account_version_and_salt_has_a_key_of_its_own() {
        let key = RealmKey::from_bytes(&[1; 32]);
        let public = |key: &RealmKey, account, number, salt| {
            key.derive(AccountId::new([account; 32]), number, &[salt; 32]).public_key()
        };
        let ours = public(&key, 1, 1, 1);
        assert_eq!(ours, public(&key, 1, 1, 1));
        for other in [
            public(&key, 2, 1, 1),
            public(&key, 1, 2, 1),
            public(&key, 1, 1, 2),
            public(&RealmKey::from_bytes(&[2; 32]), 1, 1, 1),
        ] {
            assert_ne!(ours, other);
        }
    }

    #[test]
    fn no_key_shows_when_it_is_printed() {
        let realm = Realm::new("https://realm.example", RealmKey::from_bytes(&[1; 32]));
        let shown = format!("{realm:?}");
        assert!(shown.contains("RealmKey(redacted)"), "{shown}");
        assert!(Realm::new("x".repeat(513), RealmKey::from_bytes(&[1; 32])).is_err());
    }

    #[test]
    fn the_identity_and_what_is_no_point_are_no_elements() {
        assert!(!is_element(&Blinded([0; 32])));
        assert!(!is_element(&Blinded([0xff; 32])));
        let element = RealmKey::from_bytes(&[1; 32]).derive(AccountId::new([1; 32]), 1, &[1; 32]).public_key();
        assert!(is_element(&Blinded(element.0)));
    }
}
