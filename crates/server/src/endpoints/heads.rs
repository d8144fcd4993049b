use axum::extract::State;
use roamkey_proto::api::Heads;

use crate::{body::Cbor, caller::Caller, state::App};

/// `GET /v1/accounts/{account}/heads`
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Cbor<Heads> {
    let heads = caller.heads;
    let vault = (heads.vault.seq > 0).then(|| app.receipts.vault(caller.account, heads.vault));
    Cbor(Heads { log: app.receipts.log(caller.account, heads.log), vault })
}
