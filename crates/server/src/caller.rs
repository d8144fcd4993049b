use std::{str::FromStr, sync::Arc, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use roamkey_proto::{AccountId, DeviceId, SessionToken, Time, limits, mutant, problem::Problem};
use roamkey_server_store::{Admission, Heads, Hold, TokenHash};
use roamkey_trust::{Log, Member};

use crate::{path, refusal::Refusal, state::App};

/// A device with a live session of the account in the path; active in its log at this moment.
pub(crate) struct Caller {
    pub(crate) account: AccountId,
    pub(crate) device: DeviceId,
    /// When the session ends.
    pub(crate) expires: Time,
    pub(crate) heads: Heads,
    pub(crate) holds: Vec<Hold>,
    pub(crate) log: Arc<Log>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let account = path::account(parts, app).await?;
        let token = bearer::<SessionToken>(&parts.headers).ok_or_else(Refusal::unauthorized)?;
        let caller = Self::admit(app, account, &token).await?;
        app.rates.take_request(account, caller.device)?;
        Ok(caller)
    }
}

impl Caller {
    /// Finds out who holds a token, and whether they may still act.
    pub(crate) async fn admit(app: &App, account: AccountId, token: &SessionToken) -> Result<Self, Refusal> {
        let admission = app.store.admit(account, TokenHash::of_session(token), app.now()).await?;
        let admission = admission.ok_or_else(Refusal::unauthorized)?;
        let log = app.logs.at(app.store.as_ref(), account, admission.heads.log).await?;
        judge(&admission, log.member(admission.member))?;
        let Admission { member, expires, heads, holds, .. } = admission;
        Ok(Self { account, device: member, expires, heads, holds, log })
    }

    /// Refuses when another device's revocation goes first.
    pub(crate) fn check_not_held(&self, now: Time) -> Result<(), Refusal> {
        // One that lasts longer was made before the clock was set back.
        let lasts = |hold: &&Hold| hold.until <= now.plus_millis(limits::REVOCATION_HOLD_MS);
        let others = self.holds.iter().filter(|hold| hold.device != self.device).filter(lasts);
        match others.map(|hold| hold.until.millis_since(now)).max() {
            None | Some(0) => Ok(()),
            Some(_) if mutant!("server.revocations-go-first", false) => Ok(()),
            Some(wait) => Err(held().retry_after(Duration::from_millis(wait))),
        }
    }
}

/// The refusal of a push that has to wait for a revocation.
pub(crate) fn held() -> Refusal {
    Refusal::new(Problem::Held, "a revocation goes first")
}

/// The token in the `Authorization` header.
pub(crate) fn bearer<T: FromStr>(headers: &HeaderMap) -> Option<T> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?.parse().ok()
}

fn judge(admission: &Admission, member: Option<&Member>) -> Result<(), Refusal> {
    match member {
        Some(member) if !member.is_active() => Err(not_a_member()),
        Some(member) if member.keys().write == admission.write => Ok(()),
        _ => Err(Refusal::unauthorized()),
    }
}

/// The refusal of a device that was of the account.
pub(crate) fn not_a_member() -> Refusal {
    Refusal::new(Problem::NotAMember, "the device is no longer of this account")
}
