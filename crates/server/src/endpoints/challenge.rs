use axum::extract::State;
use roamkey_proto::{
    api::{Challenge, ChallengeRequest},
    mutant,
};

use crate::{
    body::Cbor,
    operation::{Access, Answer, Operation},
    rate::Address,
    refusal::Refusal,
    running::random,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Ask for something to sign.",
    access: Access::Anyone,
    query: None,
    request: Some("ChallengeRequest"),
    answer: Answer::Object("Challenge"),
    problems: &[],
};

/// `POST /v1/sessions/challenge`
pub(super) async fn handle(
    State(app): State<App>,
    address: Address,
    Cbor(request): Cbor<ChallengeRequest>,
) -> Result<Cbor<Challenge>, Refusal> {
    let now = app.now();
    app.rates.sign_ins.take(address)?;
    mutant!("sign-in.strangers-get-the-same" => {
        app.store.heads(request.account).await?.ok_or_else(Refusal::unauthorized)?;
    });
    let challenge = app.challenges.make(request.account, request.member, now, random()?);
    Ok(Cbor(Challenge { challenge }))
}
