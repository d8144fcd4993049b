use roamkey_proto::{RecoveryRequest, RecoverySlot, Time, limits};
use roamkey_trust::{realm::Unverified, sign1::PublicKey};

use super::Command;
use crate::{
    AskedState, Refusal,
    account::{Account, Held},
};

/// Takes a request for recovery, and shows it to the devices from then on.
#[derive(Debug)]
pub struct Lodge<'a> {
    /// What the device that wants to come back signed.
    pub request: &'a Unverified<RecoveryRequest>,
}

/// A request that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// How it stands.
    pub state: AskedState,
    /// The guesses that are left.
    pub left: u8,
}

impl Command for Lodge<'_> {
    type Output = Waiting;

    fn decide(&self, account: &mut Account, now: Time) -> Result<Waiting, Refusal> {
        let wait = account.wait_ms()?;
        let id = RecoveryRequest::id_of(self.request.payload());
        let keys = self.request.claims().device.clone();
        let request = self.request.clone().verify(keys.device_id(), PublicKey::Identity(&keys.identity))?;
        if request.account != account.account || request.slot != RecoverySlot::Pin {
            return Err(Refusal::ForeignRealm);
        }
        if account.held(id).is_err() {
            if account.requests.len() >= limits::RECOVERY_REQUESTS {
                return Err(Refusal::TooMany);
            }
            let (device, identity) = (keys.device_id(), keys.identity);
            account.requests.push(Held { id, device, identity, lodged: now, vetoed: None, guesses: 0, last: None });
        }
        let state = account.held(id)?.state(wait, now);
        Ok(Waiting { state, left: account.mark.left() })
    }
}
