use axum::extract::State;
use roamkey_proto::{VERSION, api::ServerInfo};

use crate::{body::Cbor, state::App};

/// `GET /v1/server`
pub(super) async fn handle(State(app): State<App>) -> Cbor<ServerInfo> {
    Cbor(ServerInfo { versions: vec![VERSION], receipt_key: app.receipts.key(), time: app.now() })
}
