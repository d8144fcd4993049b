use core::fmt;

use rand_core::CryptoRng;
use roamkey_proto::{AccountId, Blinded, Guess, OprfPublicKey, PreparedRealm, Time, mutant};
use roamkey_trust::{realm::Unverified, sign1::PublicKey};

use super::Command;
use crate::{Realm, Refusal, account::Account, key, key::Evaluator};

/// Counts a guess, and gives what evaluates it.
///
/// The same element again is not counted again: it gives what was given already, where an answer was lost.
#[derive(Debug)]
pub struct MakeGuess<'a> {
    /// The realm.
    pub realm: &'a Realm,
    /// What the device that asked signed.
    pub guess: &'a Unverified<Guess>,
}

impl<'a> Command for MakeGuess<'a> {
    type Output = Ticket<'a>;

    fn decide(&self, account: &mut Account, now: Time) -> Result<Ticket<'a>, Refusal> {
        let wait = account.wait_ms()?;
        let held = account.held(self.guess.claims().request)?;
        let guess = self.guess.clone().verify(held.device, PublicKey::Identity(&held.identity))?;
        if guess.account != account.account || guess.realm != self.realm.origin() {
            return Err(Refusal::ForeignRealm);
        }
        held.may_be_served(wait, now)?;
        if !key::is_element(&guess.blinded) {
            return Err(Refusal::NoElement);
        }
        let (live, _) = account.serving()?;
        if live.number() != Some(guess.number) {
            return Err(Refusal::OtherVersion);
        }
        let ticket = Ticket::new(self.realm, account.account, guess.number, &live.salt, guess.blinded);
        if !live.guessed.contains(&guess.blinded) {
            count(account, &guess, now)?;
        }
        Ok(ticket)
    }
}

fn count(account: &mut Account, guess: &Guess, now: Time) -> Result<(), Refusal> {
    account.mark = account.mark.counted().ok_or(Refusal::Locked)?;
    if let Some(live) = &mut account.live {
        live.guessed.push(guess.blinded);
    }
    let held = account.held_mut(guess.request)?;
    held.guesses = held.guesses.saturating_add(1);
    held.last = Some(now);
    Ok(())
}

/// The right to have one element evaluated: a [`Run`](crate::Run) gives it once the guess is counted, in writing.
pub struct Ticket<'a> {
    evaluator: Evaluator,
    blinded: Blinded,
    realm: &'a Realm,
}

impl<'a> Ticket<'a> {
    pub(crate) fn new(realm: &'a Realm, account: AccountId, number: u64, salt: &[u8; 32], blinded: Blinded) -> Self {
        Self { evaluator: realm.evaluator(account, number, salt), blinded, realm }
    }

    /// Returns the public half of the key that evaluates.
    #[must_use]
    pub fn public_key(&self) -> OprfPublicKey {
        self.evaluator.public_key()
    }

    /// Evaluates.
    ///
    /// # Errors
    /// [`Refusal::NoElement`], which is checked before anything is counted.
    pub fn evaluate(self, rng: &mut impl CryptoRng) -> Result<PreparedRealm, Refusal> {
        let public_key = self.evaluator.public_key();
        let evaluator = mutant!(
            "realm.evaluates-by-its-key",
            self.evaluator => self.realm.evaluator(AccountId::new([0; 32]), 0, &[0; 32])
        );
        Ok(PreparedRealm { public_key, evaluation: evaluator.evaluate(&self.blinded, rng)? })
    }
}

impl fmt::Debug for Ticket<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ticket({}, {:?})", self.realm.origin(), self.blinded)
    }
}
