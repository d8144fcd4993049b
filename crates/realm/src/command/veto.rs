use roamkey_proto::{Time, Veto};
use roamkey_trust::realm::Unverified;

use super::Command;
use crate::{Refusal, account::Account};

/// Takes an active device's word that a request is not its person's. Nothing takes it back.
#[derive(Debug)]
pub struct TakeVeto<'a> {
    /// What the device signed.
    pub veto: &'a Unverified<Veto>,
}

impl Command for TakeVeto<'_> {
    type Output = ();

    fn decide(&self, account: &mut Account, _: Time) -> Result<(), Refusal> {
        let device = self.veto.claims().device;
        let veto = self.veto.clone().verify(device, account.device(device)?)?;
        if veto.account != account.account {
            return Err(Refusal::ForeignRealm);
        }
        account.held_mut(veto.request)?.vetoed.get_or_insert(veto.device);
        Ok(())
    }
}
