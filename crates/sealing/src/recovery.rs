//! Recovery authorities: virtual members whose keys are derived from one secret (protocol sections 3 and 9,
//! `spec/recovery.md`).

pub mod groups;
mod kit;
pub mod pin;
pub mod words;

use rand_core::CryptoRng;
use roamkey_proto::{AccountId, DeviceId, Label, RecoveryKeys, RecoverySlot};
use roamkey_trust::{SignWrite as _, WriteKey};
use zeroize::Zeroizing;

use crate::{
    KemKey, LocalKey,
    local::{OpenLocalError, Purpose},
    primitives::{context::Context, kdf, secret::secret},
};

pub use self::kit::{Kit, KitError};

secret!(
    /// What a recovery authority's keys are derived from: whoever knows it comes back into the account.
    RecoverySecret,
    32
);

impl RecoverySecret {
    /// Derives the authority of this account and slot: `HKDF(secret, context(authority, account, slot, n))`, with `n` 1 for
    /// the seed of its signing key and 2 for that of its kem key.
    #[must_use]
    pub fn derive_authority(&self, account: AccountId, slot: RecoverySlot) -> AuthorityKeys {
        let seed = |purpose| -> Zeroizing<[u8; 32]> {
            let context = Context::new(Label::Authority).fixed(account.as_bytes());
            kdf::derive(self.0.as_slice(), &[], &context.byte(number_of(slot)).byte(purpose).end())
        };
        AuthorityKeys { slot, sign: WriteKey::from_bytes(&seed(1)), kem: KemKey::from_bytes(&seed(2)) }
    }

    /// Seals it at rest, under a name: for as long as its authority may be set without anybody's having seen it.
    #[must_use]
    pub fn seal(&self, name: &[u8], local: &LocalKey, rng: &mut impl CryptoRng) -> Vec<u8> {
        local.seal(Purpose::Setting, name, self.0.as_slice(), rng)
    }

    /// Opens one that rests here.
    ///
    /// # Errors
    /// [`OpenLocalError`].
    pub fn open(name: &[u8], sealed: &[u8], local: &LocalKey) -> Result<Self, OpenLocalError> {
        let opened = local.open(Purpose::Setting, name, sealed)?;
        let bytes: &[u8; 32] = opened.as_slice().try_into().map_err(|_| OpenLocalError)?;
        Ok(Self::from_bytes(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The private keys of a recovery authority. They rest nowhere: they are derived when somebody recovers.
#[derive(Debug)]
pub struct AuthorityKeys {
    slot: RecoverySlot,
    /// Signs its one kind of entry, and its sessions.
    pub sign: WriteKey,
    /// Receives epoch keys.
    pub kem: KemKey,
}

impl AuthorityKeys {
    /// Returns the slot.
    #[must_use]
    pub fn slot(&self) -> RecoverySlot {
        self.slot
    }

    /// Returns the public halves.
    #[must_use]
    pub fn public(&self) -> RecoveryKeys {
        RecoveryKeys { sign: self.sign.public(), kem: self.kem.public() }
    }

    /// Returns the authority's name, where a member is named.
    #[must_use]
    pub fn id(&self) -> DeviceId {
        self.public().member_id(self.slot)
    }
}

fn number_of(slot: RecoverySlot) -> u8 {
    match slot {
        RecoverySlot::Kit => 1,
        RecoverySlot::Pin => 2,
        RecoverySlot::Contacts => 3,
        // The list is closed; what is added gets a number of its own here.
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::primitives::testing::rng;

    #[test]
    fn the_keys_of_an_authority_are_those_of_its_secret_account_and_slot() {
        let (one, two) = (RecoverySecret::make(&mut rng()), RecoverySecret::from_bytes(&[9; 32]));
        let account = AccountId::new([1; 32]);
        let id = |secret: &RecoverySecret, account, slot| secret.derive_authority(account, slot).id();
        let ours = id(&one, account, RecoverySlot::Kit);
        assert_eq!(ours, id(&one, account, RecoverySlot::Kit));
        for other in [
            id(&two, account, RecoverySlot::Kit),
            id(&one, AccountId::new([2; 32]), RecoverySlot::Kit),
            id(&one, account, RecoverySlot::Pin),
        ] {
            assert_ne!(ours, other);
        }
        let keys = one.derive_authority(account, RecoverySlot::Kit);
        assert_ne!(*keys.sign.expose_bytes(), *keys.kem.expose_bytes(), "two seeds");
    }

    #[test]
    fn a_secret_at_rest_opens_under_its_key_and_name_alone() {
        let (secret, local) = (RecoverySecret::from_bytes(&[9; 32]), LocalKey::from_bytes(&[1; 32]));
        let sealed = secret.seal(b"kit", &local, &mut rng());
        assert_eq!(RecoverySecret::open(b"kit", &sealed, &local), Ok(secret));
        assert_eq!(RecoverySecret::open(b"another", &sealed, &local), Err(OpenLocalError));
        assert_eq!(RecoverySecret::open(b"kit", &sealed, &LocalKey::from_bytes(&[2; 32])), Err(OpenLocalError));
        let short = local.seal(Purpose::Setting, b"kit", &[9; 31], &mut rng());
        assert_eq!(RecoverySecret::open(b"kit", &short, &local), Err(OpenLocalError));
    }

    #[test]
    fn no_secret_of_recovery_shows_when_it_is_printed() {
        let secret = RecoverySecret::make(&mut rng());
        assert_eq!(format!("{secret:?}"), "RecoverySecret(redacted)");
        let keys = secret.derive_authority(AccountId::new([1; 32]), RecoverySlot::Kit);
        assert_eq!(format!("{keys:?}"), "AuthorityKeys { slot: Kit, sign: WriteKey(redacted), kem: KemKey(redacted) }");
    }
}
