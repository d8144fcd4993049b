use roamkey_proto::{PrepareRealm, Time, mutant};
use roamkey_trust::realm::Unverified;

use super::{Command, Ticket};
use crate::{
    Realm, Refusal,
    account::{Account, Pending},
    key,
};

/// Makes the key of the next version, and evaluates with it the one element that the device asks for.
///
/// The same order again gives the same key; nothing else is evaluated before the version serves, and then it is counted.
#[derive(Debug)]
pub struct Prepare<'a> {
    /// The realm.
    pub realm: &'a Realm,
    /// What a device signed.
    pub order: &'a Unverified<PrepareRealm>,
    /// 32 random bytes, with which the key goes when its version does.
    pub salt: [u8; 32],
}

impl<'a> Command for Prepare<'a> {
    type Output = Ticket<'a>;

    fn decide(&self, account: &mut Account, _: Time) -> Result<Ticket<'a>, Refusal> {
        let claims = self.order.claims();
        let order = self.order.clone().verify(claims.device, account.device(claims.device)?)?;
        if order.account != account.account || order.realm != self.realm.origin() {
            return Err(Refusal::ForeignRealm);
        }
        if !key::is_element(&order.blinded) {
            return Err(Refusal::NoElement);
        }
        let newest = account.newest();
        let again = account.pending.as_ref().filter(|pending| pending.number == order.number);
        if let Some(pending) = again.filter(|pending| pending.blinded == order.blinded) {
            return Ok(Ticket::new(self.realm, account.account, pending.number, &pending.salt, pending.blinded));
        }
        if !mutant!("realm.version-is-new", order.number > newest) {
            return Err(Refusal::OldVersion { number: order.number, newest });
        }
        let (number, blinded) = (order.number, order.blinded);
        account.pending = Some(Pending { number, salt: self.salt, blinded, registration: None });
        Ok(Ticket::new(self.realm, account.account, number, &self.salt, blinded))
    }
}
