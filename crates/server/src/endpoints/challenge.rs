use axum::extract::State;
use roamkey_proto::api::{Challenge, ChallengeRequest};

use crate::{body::Cbor, rate::Address, refusal::Refusal, running::random, state::App};

/// `POST /v1/sessions/challenge`
pub(super) async fn handle(
    State(app): State<App>,
    address: Address,
    Cbor(request): Cbor<ChallengeRequest>,
) -> Result<Cbor<Challenge>, Refusal> {
    let now = app.now();
    app.rates.sign_ins.take(address, now)?;
    let challenge = app.challenges.make(request.account, request.member, now, random()?);
    Ok(Cbor(Challenge { challenge }))
}
