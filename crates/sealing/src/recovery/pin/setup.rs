use rand_core::CryptoRng;
use roamkey_proto::{
    AccountId, PreparedRealm, RecoveryKeys, RecoveryPolicy, RecoverySlot, ShareRegistration, VERSION, cbor, limits,
    mutant,
};

use super::{
    SharePlace,
    question::{LyingRealm, Question},
    share::{self, Share},
};
use crate::recovery::{AuthorityKeys, RecoverySecret, words};

/// A choice of realms, and of how many have to help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The origins of the realms, each once; a share's place is its realm's here.
    pub realms: Vec<String>,
    /// How many of them make the secret.
    pub threshold: u8,
    /// How many are run by whoever runs the server of the vault.
    pub by_server_operator: u8,
}

/// Why nothing can be set up like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// No realm, too many, one of them twice, or a threshold that they do not reach.
    #[error("so many realms with this threshold cannot be")]
    Realms,
    /// Whoever runs the server could try every PIN: take a generated passphrase, or realms of others.
    #[error("with these realms only a generated passphrase is safe")]
    TooWeak,
}

/// A new version of the secret, on its way to the realms.
#[derive(Debug)]
pub struct PinSetup {
    account: AccountId,
    number: u64,
    choice: Choice,
    secret: RecoverySecret,
    shares: Vec<Share>,
}

impl PinSetup {
    /// Draws a secret and cuts it for a choice of realms. `typed` is what the person chose: a PIN, or a passphrase.
    ///
    /// # Errors
    /// See [`SetupError`].
    pub fn make(
        account: AccountId,
        number: u64,
        choice: Choice,
        typed: &str,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, SetupError> {
        let secret = RecoverySecret::make(rng);
        let shares = choice
            .check(typed)
            .and_then(|count| share::split(&secret, choice.threshold, count, rng).ok_or(SetupError::Realms))?;
        Ok(Self { account, number, choice, secret, shares })
    }

    /// Returns the keys of the authority, for the log.
    #[must_use]
    pub fn keys(&self) -> RecoveryKeys {
        self.expose_authority().public()
    }

    /// Returns the private keys of the authority, for whoever sets it: once they are gone, only the PIN brings them back.
    #[must_use]
    pub fn expose_authority(&self) -> AuthorityKeys {
        self.secret.derive_authority(self.account, RecoverySlot::Pin)
    }

    /// Returns where each share goes, with its realm, in the order of the choice.
    pub fn places(&self) -> impl Iterator<Item = (SharePlace, &str)> {
        let (account, number) = (self.account, self.number);
        let places = self.shares.iter().map(move |share| SharePlace { account, number, index: share.index() });
        places.zip(self.choice.realms.iter().map(String::as_str))
    }

    /// Returns what a realm is to keep, of what it answered to a [question](super::HardenedPin::ask) of one of these places.
    ///
    /// # Errors
    /// [`LyingRealm`]; also for a question about no share of this secret.
    pub fn register(&self, question: &Question, prepared: &PreparedRealm) -> Result<ShareRegistration, LyingRealm> {
        let place = question.place();
        let mut places = self.places().zip(&self.shares);
        let ((_, realm), share) = places.find(|((ours, _), _)| *ours == place).ok_or(LyingRealm)?;
        let mask = question.answer(&prepared.public_key, &prepared.evaluation)?;
        Ok(ShareRegistration {
            version: VERSION,
            account: self.account,
            realm: realm.to_owned(),
            number: self.number,
            index: place.index,
            threshold: self.choice.threshold,
            public_key: prepared.public_key,
            masked: share.mask(&mask),
        })
    }

    /// Returns what the log is to say, of all registrations in the order of the choice.
    #[must_use]
    pub fn policy(&self, wait_ms: u64, registrations: &[ShareRegistration]) -> RecoveryPolicy {
        let commitment = |registration| ShareRegistration::commitment_of(&cbor::encode(registration));
        let shares = registrations.iter().map(commitment).collect();
        RecoveryPolicy { wait_ms, threshold: self.choice.threshold, shares }
    }
}

impl Choice {
    /// Returns the number of realms, if they are a choice for this PIN or passphrase.
    fn check(&self, typed: &str) -> Result<u8, SetupError> {
        let fits = (1..=limits::RECOVERY_SHARES).contains(&self.realms.len());
        let is_once = self
            .realms
            .iter()
            .enumerate()
            .all(|(at, realm)| !self.realms.iter().skip(at + 1).any(|other| other == realm));
        let count = u8::try_from(self.realms.len()).map_err(|_| SetupError::Realms)?;
        if !fits || !is_once || !(1..=count).contains(&self.threshold) {
            return Err(SetupError::Realms);
        }
        let is_bounded = self.threshold >= 2 && self.by_server_operator < self.threshold;
        let is_safe = mutant!("pin.short-ones-need-others", is_bounded || words::is_generated(typed));
        if is_safe { Ok(count) } else { Err(SetupError::TooWeak) }
    }
}
