use axum::extract::State;
use roamkey_proto::{AccountId, api::Heads};

use crate::{
    body::Cbor,
    caller::Recovering,
    operation::{Access, Answer, Operation},
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Ask where both chains are.",
    access: Access::Session,
    query: None,
    request: None,
    answer: Answer::Object("Heads"),
    problems: &[],
};

/// `GET /v1/accounts/{account}/heads`
pub(super) async fn handle(State(app): State<App>, Recovering(caller): Recovering) -> Cbor<Heads> {
    signed(&app, caller.account, &caller.heads)
}

/// Signs where the chains are.
pub(super) fn signed(app: &App, account: AccountId, heads: &roamkey_server_store::Heads) -> Cbor<Heads> {
    let vault = (heads.vault.seq > 0).then(|| app.receipts.vault(account, heads.vault));
    Cbor(Heads { log: app.receipts.log(account, heads.log), vault })
}
