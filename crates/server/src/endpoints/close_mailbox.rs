use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use roamkey_proto::MailboxToken;
use roamkey_server_store::TokenHash;

use super::claim_mailbox::gone;
use crate::{
    caller::bearer,
    operation::{Access, Answer, Operation},
    path::Number,
    rate::Address,
    refusal::Refusal,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "End a mailbox.",
    access: Access::Mailbox,
    query: None,
    request: None,
    answer: Answer::Nothing,
    problems: &[],
};

/// `DELETE /v1/mailboxes/{number}`
pub(super) async fn handle(
    State(app): State<App>,
    address: Address,
    Number(number): Number,
    headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
    let now = app.now();
    app.rates.messages.take(address)?;
    let token: MailboxToken = bearer(&headers).ok_or_else(Refusal::unauthorized)?;
    match app.store.close_mailbox(number, TokenHash::of_mailbox(&token), now).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(gone()),
    }
}
