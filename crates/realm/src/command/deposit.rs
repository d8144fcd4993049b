use roamkey_proto::{DeviceId, ShareRegistration, Time};
use roamkey_trust::realm::Unverified;

use super::Command;
use crate::{Realm, Refusal, account::Account};

/// Takes the registration of the version for which a key was made. It serves from when the log commits to it.
#[derive(Debug)]
pub struct Deposit<'a> {
    /// The realm.
    pub realm: &'a Realm,
    /// Who signed.
    pub device: DeviceId,
    /// What they signed.
    pub registration: &'a Unverified<ShareRegistration>,
}

impl Command for Deposit<'_> {
    type Output = ();

    fn decide(&self, account: &mut Account, _: Time) -> Result<(), Refusal> {
        let payload = self.registration.payload().to_vec();
        let registration = self.registration.clone().verify(self.device, account.device(self.device)?)?;
        if registration.account != account.account || registration.realm != self.realm.origin() {
            return Err(Refusal::ForeignRealm);
        }
        let pending = account.pending.as_ref().filter(|pending| pending.number == registration.number);
        let pending = match pending {
            Some(pending) => pending,
            // It serves already: an answer that was lost.
            None if account.live.as_ref().is_some_and(|live| **live.registration == payload) => return Ok(()),
            None => return Err(Refusal::NotPrepared),
        };
        let evaluator = self.realm.evaluator(account.account, pending.number, &pending.salt);
        if registration.public_key != evaluator.public_key() || registration.index == 0 || registration.threshold == 0 {
            return Err(Refusal::NotPrepared);
        }
        if let Some(pending) = &mut account.pending {
            pending.registration = Some(payload.into());
        }
        Ok(())
    }
}
