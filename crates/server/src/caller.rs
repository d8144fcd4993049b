use std::{str::FromStr, sync::Arc, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use roamkey_proto::{AccountId, DeviceId, SessionToken, Time, WritePublicKey, limits, mutant, problem::Problem};
use roamkey_server_store::{Admission, Heads, Hold, TokenHash};
use roamkey_trust::Log;

use crate::{path, refusal::Refusal, state::App};

/// A device with a live session of the account in the path; active in its log at this moment.
pub(crate) struct Caller {
    pub(crate) account: AccountId,
    /// Who; in a [`Recovering`], the name of its authority.
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
        let Recovering(caller) = Recovering::from_request_parts(parts, app).await?;
        caller.of_device()
    }
}

/// As [`Caller`], or a recovery authority with a live session: for what one may do that comes back, which is to read, and to
/// append its entry (protocol section 7).
pub(crate) struct Recovering(pub(crate) Caller);

impl FromRequestParts<App> for Recovering {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let account = path::account(parts, app).await?;
        let token = bearer::<SessionToken>(&parts.headers).ok_or_else(Refusal::unauthorized)?;
        let caller = Caller::admit_any(app, account, &token).await?;
        app.rates.take_request(account, caller.device)?;
        Ok(Self(caller))
    }
}

impl Caller {
    /// Finds out which device holds a token, and whether it may still act.
    pub(crate) async fn admit(app: &App, account: AccountId, token: &SessionToken) -> Result<Self, Refusal> {
        Self::admit_any(app, account, token).await?.of_device()
    }

    fn of_device(self) -> Result<Self, Refusal> {
        if mutant!("server.recovery-gets-its-own-reads", !self.recovers()) { Ok(self) } else { Err(not_a_member()) }
    }

    /// Tells whether this is a recovery authority's session.
    pub(crate) fn recovers(&self) -> bool {
        self.log.authority(self.device).is_some()
    }

    async fn admit_any(app: &App, account: AccountId, token: &SessionToken) -> Result<Self, Refusal> {
        let admission = app.store.admit(account, TokenHash::of_session(token), app.now()).await?;
        let admission = admission.ok_or_else(Refusal::unauthorized)?;
        let log = app.logs.at(app.store.as_ref(), account, admission.heads.log).await?;
        judge(&admission, Signer::of(&log, admission.member))?;
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

fn judge(admission: &Admission, signer: Option<Signer<'_>>) -> Result<(), Refusal> {
    match signer {
        Some(signer) if !signer.is_active => Err(not_a_member()),
        Some(signer) if *signer.key == admission.write => Ok(()),
        _ => Err(Refusal::unauthorized()),
    }
}

/// Who may open sessions, by a key of the log: a device, or a recovery authority.
pub(crate) struct Signer<'a> {
    pub(crate) key: &'a WritePublicKey,
    /// One who was revoked, replaced, or left learns so, but only by its own key.
    pub(crate) is_active: bool,
}

impl<'a> Signer<'a> {
    /// Looks a member up by its name.
    pub(crate) fn of(log: &'a Log, id: DeviceId) -> Option<Self> {
        let device = log.member(id).map(|member| Self { key: &member.keys().write, is_active: member.is_active() });
        let authority = |id| log.authority(id).map(|it| Self { key: &it.keys().sign, is_active: it.is_live() });
        device.or_else(|| authority(id))
    }
}

/// The refusal of a device that was of the account.
pub(crate) fn not_a_member() -> Refusal {
    Refusal::new(Problem::NotAMember, "the device is no longer of this account")
}
