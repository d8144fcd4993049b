use axum::extract::State;
use roamkey_proto::api::{Heartbeats, SignedHeartbeat};

use crate::{
    body::Cbor,
    caller::Recovering,
    operation::{Access, Answer, Operation},
    refusal::Refusal,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Read the latest heartbeat of each active device.",
    access: Access::Session,
    query: None,
    request: None,
    answer: Answer::Object("Heartbeats"),
    problems: &[],
};

/// `GET /v1/accounts/{account}/heartbeats`
pub(super) async fn handle(
    State(app): State<App>,
    Recovering(caller): Recovering,
) -> Result<Cbor<Heartbeats>, Refusal> {
    let kept = app.store.heartbeats(caller.account).await?;
    let active = kept.into_iter().filter(|kept| caller.log.active_member(kept.device).is_some());
    let heartbeats = active.map(|kept| SignedHeartbeat { signed: kept.signed }).collect();
    Ok(Cbor(Heartbeats { heartbeats }))
}
