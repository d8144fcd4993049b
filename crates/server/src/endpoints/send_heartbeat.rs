use axum::{extract::State, http::StatusCode};
use roamkey_proto::{api::SignedHeartbeat, limits};
use roamkey_server_store::Heartbeat;
use roamkey_trust::heartbeat;

use crate::{
    body::Cbor,
    caller::Caller,
    operation::{Access, Answer, Operation},
    refusal::Refusal,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Leave the device's own signed word on where it is.",
    access: Access::Session,
    query: None,
    request: Some("SignedHeartbeat"),
    answer: Answer::Nothing,
    problems: &[roamkey_proto::problem::Problem::Invalid],
};

/// `POST /v1/accounts/{account}/heartbeats`
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Cbor(heartbeat): Cbor<SignedHeartbeat, { limits::HEARTBEAT_BYTES + 16 }>,
) -> Result<StatusCode, Refusal> {
    let signed = heartbeat.signed;
    let heartbeat = heartbeat::verify(&signed, &caller.log).map_err(|error| Refusal::invalid(error.to_string()))?;
    if heartbeat.device != caller.device {
        return Err(Refusal::invalid("the heartbeat is of another device than the session"));
    }
    app.store.beat(caller.account, Heartbeat { device: caller.device, signed }).await?;
    Ok(StatusCode::NO_CONTENT)
}
