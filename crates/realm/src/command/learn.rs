use roamkey_proto::{Pin, RecoverySlot, ShareRegistration, Time, mutant};
use roamkey_trust::Log;

use super::Command;
use crate::{
    Mark, Refusal,
    account::{Account, Authority, Device, Live, View},
};

/// Takes the newest log. It says who the account's devices are, which version serves, and for how long a request waits.
///
/// Anyone may bring it: the log is verified, and never goes back.
#[derive(Debug)]
pub struct Learn<'a> {
    /// The log, verified.
    pub log: &'a Log,
}

impl Command for Learn<'_> {
    type Output = Pin;

    fn decide(&self, account: &mut Account, _: Time) -> Result<Pin, Refusal> {
        if self.log.account() != account.account {
            return Err(Refusal::ForeignRealm);
        }
        if let Some(view) = &account.view {
            let goes_on = self.log.extends(&view.log);
            if !mutant!("realm.log-goes-on", goes_on) {
                return Err(Refusal::OtherLog);
            }
        }
        let view = view_of(self.log);
        follow(account, view.authority.as_ref());
        account.view = Some(view);
        Ok(self.log.head())
    }
}

/// Has the version serve that the log commits to, and none other.
fn follow(account: &mut Account, authority: Option<&Authority>) {
    let is_committed = |commitment| authority.is_some_and(|authority| authority.policy.shares.contains(&commitment));
    let stays = account.live.as_ref().is_some_and(|live| is_committed(live.commitment()));
    if mutant!("realm.replaced-version-is-gone", !stays => false) {
        account.end_live();
    }
    let deposited = account.pending.as_ref().and_then(|pending| pending.registration.as_ref());
    if deposited.is_some_and(|registration| is_committed(ShareRegistration::commitment_of(registration)))
        && let Some(pending) = account.pending.take()
        && let Some(registration) = pending.registration
    {
        account.end_live();
        account.live = Some(Live { salt: pending.salt, registration, guessed: Vec::new() });
        account.mark = account.mark.join(Mark::begin(pending.number));
    }
}

fn view_of(log: &Log) -> View {
    let devices = log.active().map(|(id, member)| Device { id, identity: member.keys().identity.clone() }).collect();
    let authority = log.recovery_slot(RecoverySlot::Pin).and_then(|(id, authority)| {
        let policy = authority.policy()?.clone();
        Some(Authority { id, sign: authority.keys().sign.clone(), policy })
    });
    View { log: log.head(), devices, authority }
}
