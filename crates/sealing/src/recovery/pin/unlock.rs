use roamkey_proto::{
    AccountId, DecodeError, Evaluation, RecoveryKeys, RecoveryPolicy, RecoverySlot, ShareRegistration, cbor, limits,
    mutant,
};

use super::{
    SharePlace,
    question::{LyingRealm, Question},
    share::{self, Share},
};
use crate::recovery::RecoverySecret;

/// What the log says of the way back by PIN: by this a device that comes back judges what realms give it.
#[derive(Clone, Debug)]
pub struct Lock {
    account: AccountId,
    keys: RecoveryKeys,
    policy: RecoveryPolicy,
}

/// A realm's registration is not the one that the log commits to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// It is none.
    #[error(transparent)]
    Malformed(#[from] DecodeError),
    /// It is another one: the realm lies, or keeps a version that is over.
    #[error("the realm does not keep what the log says that it keeps")]
    NotCommitted,
}

/// All realms answered by their keys, and the shares make another secret: it was another PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is another PIN or passphrase")]
pub struct WrongPin;

impl Lock {
    /// Takes what a verified log says of its PIN slot.
    #[must_use]
    pub fn new(account: AccountId, keys: RecoveryKeys, policy: RecoveryPolicy) -> Self {
        Self { account, keys, policy }
    }

    /// Returns how many realms have to help.
    #[must_use]
    pub fn threshold(&self) -> u8 {
        self.policy.threshold
    }

    /// Reads a realm's registration, before anything is asked of it.
    ///
    /// # Errors
    /// See [`LockError`].
    pub fn read(&self, payload: &[u8]) -> Result<ShareRegistration, LockError> {
        let registration: ShareRegistration = cbor::decode_versioned(payload, limits::SMALL_BODY_BYTES)?;
        let at = usize::from(registration.index).checked_sub(1);
        let committed = at.and_then(|at| self.policy.shares.get(at));
        let is_ours = registration.account == self.account && registration.threshold == self.policy.threshold;
        let is_committed = committed.is_some_and(|committed| *committed == ShareRegistration::commitment_of(payload));
        if is_ours && mutant!("pin.registration-is-committed", is_committed) {
            Ok(registration)
        } else {
            Err(LockError::NotCommitted)
        }
    }

    /// Returns where a registration's share lies: what to [ask](super::HardenedPin::ask) about.
    #[must_use]
    pub fn place(&self, registration: &ShareRegistration) -> SharePlace {
        SharePlace { account: self.account, number: registration.number, index: registration.index }
    }

    /// Takes the share out of a realm's answer: the right one if the PIN is, and nobody can tell by it alone.
    ///
    /// # Errors
    /// [`LyingRealm`] when it is not by the key that the log commits to.
    pub fn share(
        &self,
        registration: &ShareRegistration,
        question: &Question,
        evaluation: &Evaluation,
    ) -> Result<Share, LyingRealm> {
        if question.place() != self.place(registration) {
            return Err(LyingRealm);
        }
        let mask = question.answer(&registration.public_key, evaluation)?;
        Ok(Share::unmask(registration.index, &registration.masked, &mask))
    }

    /// Makes the secret of so many shares as it takes, and compares its authority with the one in the log.
    ///
    /// # Errors
    /// [`WrongPin`].
    pub fn open(&self, shares: &[Share]) -> Result<RecoverySecret, WrongPin> {
        let secret = share::combine(shares, self.policy.threshold).ok_or(WrongPin)?;
        let is_it = secret.derive_authority(self.account, RecoverySlot::Pin).public() == self.keys;
        if mutant!("pin.secret-is-the-authoritys", is_it) { Ok(secret) } else { Err(WrongPin) }
    }
}
