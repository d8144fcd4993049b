use axum::extract::State;
use roamkey_proto::{
    VERSION,
    api::{self, ServerInfo},
};

use crate::{
    body::Cbor,
    config::Registration,
    operation::{Access, Answer, Operation},
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Ask a server who it is.",
    access: Access::Open,
    query: None,
    request: None,
    answer: Answer::Object("ServerInfo"),
    problems: &[],
};

/// `GET /v1/server`
pub(super) async fn handle(State(app): State<App>) -> Cbor<ServerInfo> {
    let registration = match app.registration {
        Registration::Open => api::Registration::Open,
        Registration::Invitation => api::Registration::Invitation,
        Registration::Closed => api::Registration::Closed,
    };
    Cbor(ServerInfo { versions: vec![VERSION], receipt_key: app.receipts.key(), time: app.now(), registration })
}
