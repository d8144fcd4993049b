use roamkey_proto::{Pin, RequestId, Time};

use super::Command;
use crate::{Refusal, account::Account};

/// Hands out what is kept of a share, to whoever has a request that is served. By itself it says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Release {
    /// The request.
    pub request: RequestId,
}

/// What a device that comes back gets before its guess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// The registration, whose hash the log has.
    pub registration: Vec<u8>,
    /// The newest log entry that this realm was brought: no server can show an older one.
    pub log: Pin,
    /// The guesses that are left.
    pub left: u8,
    /// The guesses that were counted for this version: what a [reset](roamkey_proto::GuessReset) names.
    pub evaluated: u64,
}

impl Command for Release {
    type Output = Served;

    fn decide(&self, account: &mut Account, now: Time) -> Result<Served, Refusal> {
        account.held(self.request)?.may_be_served(account.wait_ms()?, now)?;
        let (live, _) = account.serving()?;
        let log = account.view.as_ref().map(|view| view.log).ok_or(Refusal::NotSet)?;
        let (left, evaluated) = (account.mark.left(), account.mark.evaluated);
        Ok(Served { registration: live.registration.to_vec(), log, left, evaluated })
    }
}
