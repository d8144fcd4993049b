use axum::extract::State;
use roamkey_proto::{
    SessionProof, SessionToken, Time, WritePublicKey,
    api::{Session, SignIn},
    limits,
    problem::Problem,
};
use roamkey_server_store::{NewSession, Opened, TokenHash};
use roamkey_trust::session::UnverifiedProof;

use crate::{
    body::Cbor,
    caller::{Signer, not_a_member},
    operation::{Access, Answer, Operation},
    rate::Address,
    refusal::Refusal,
    running::random,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Sign in with a signed challenge.",
    access: Access::Anyone,
    query: None,
    request: Some("SignIn"),
    answer: Answer::Object("Session"),
    problems: &[Problem::Unauthorized, Problem::NotAMember, Problem::AccountClosed],
};

/// `POST /v1/sessions`
///
/// An account that is not there, a device that never was of it, a wrong signature, origin or
/// challenge: all get one answer, after the same work.
pub(super) async fn handle(
    State(app): State<App>,
    address: Address,
    Cbor(sign_in): Cbor<SignIn>,
) -> Result<Cbor<Session>, Refusal> {
    let now = app.now();
    app.rates.sign_ins.take(address)?;
    let proof = UnverifiedProof::parse(&sign_in.proof).map_err(|error| Refusal::bad_request(error.to_string()))?;
    if app.store.was_deleted(proof.claims().account).await? {
        return Err(Refusal::new(Problem::AccountClosed, "the account was closed for good"));
    }
    let signer = signer(&app, proof.claims()).await?;
    let key = signer.as_ref().map_or_else(|| nobody(&app), |signer| signer.key.clone());
    let verified = proof.clone().verify(&key);
    let challenge_expires = check(&app, proof.claims(), now);
    let (Some(signer), Ok(proof), Some(challenge_expires)) = (signer, verified, challenge_expires) else {
        return Err(Refusal::unauthorized());
    };
    if !signer.active {
        return Err(not_a_member());
    }
    let token = SessionToken::new(random()?);
    let session = NewSession {
        token: TokenHash::of_session(&token),
        account: proof.account,
        member: proof.member,
        write: signer.key,
        expires: now.plus_millis(limits::SESSION_LIFETIME_MS),
        challenge: proof.challenge,
        challenge_expires,
        keep: app.limits.sessions,
    };
    match app.store.open(session).await? {
        Opened::Yes => Ok(Cbor(Session { token, lifetime_ms: limits::SESSION_LIFETIME_MS })),
        Opened::ChallengeSpent => Err(Refusal::unauthorized()),
    }
}

/// Whose signature a proof must bear.
struct Expected {
    key: WritePublicKey,
    active: bool,
}

async fn signer(app: &App, claims: &SessionProof) -> Result<Option<Expected>, Refusal> {
    let Some(heads) = app.store.heads(claims.account).await? else {
        return Ok(None);
    };
    let log = app.logs.at(app.store.as_ref(), claims.account, heads.log).await?;
    let signer = Signer::of(&log, claims.member);
    Ok(signer.map(|signer| Expected { key: signer.key.clone(), active: signer.is_active }))
}

/// A key that no device has, to verify with when there is no signer.
fn nobody(app: &App) -> WritePublicKey {
    WritePublicKey::new(app.receipts.key().0)
}

fn check(app: &App, claims: &SessionProof, now: Time) -> Option<Time> {
    let expires = app.challenges.check(&claims.challenge, claims.account, claims.member, now);
    expires.filter(|_| app.origins.contains(&claims.origin))
}
