use roamkey_proto::{GuessReset, Time, mutant};
use roamkey_trust::{realm::Unverified, sign1::PublicKey};

use super::Command;
use crate::{Realm, Refusal, account::Account};

/// Forgives the guesses that were made, for whoever shows that they know the secret.
#[derive(Debug)]
pub struct Forgive<'a> {
    /// The realm.
    pub realm: &'a Realm,
    /// What the recovery authority signed.
    pub reset: &'a Unverified<GuessReset>,
}

impl Command for Forgive<'_> {
    /// The guesses that are left.
    type Output = u8;

    fn decide(&self, account: &mut Account, _: Time) -> Result<u8, Refusal> {
        let (live, authority) = account.serving()?;
        let verified = self.reset.clone().verify(authority.id, PublicKey::Write(&authority.sign));
        let reset = mutant!("realm.forgives-who-knows", verified => Ok(self.reset.claims().clone()))?;
        if reset.account != account.account || reset.realm != self.realm.origin() {
            return Err(Refusal::ForeignRealm);
        }
        if live.number() != Some(reset.number) {
            return Err(Refusal::OtherVersion);
        }
        account.mark = account.mark.forgiven_up_to(reset.evaluated);
        if let Some(live) = &mut account.live {
            live.guessed.clear();
        }
        Ok(account.mark.left())
    }
}
