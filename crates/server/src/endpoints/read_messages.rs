use axum::{extract::State, http::HeaderMap};
use roamkey_proto::{MailboxToken, api::MailboxMessages};
use roamkey_server_store::TokenHash;
use serde::Deserialize;

use super::claim_mailbox::gone;
use crate::{
    body::Cbor,
    caller::bearer,
    operation::{Access, Answer, Operation},
    path::{Number, Params},
    rate::Address,
    refusal::Refusal,
    state::App,
};

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct After {
    /// The number of the last message that was read.
    #[serde(default)]
    after: u64,
}

pub(super) const OPERATION: Operation = Operation {
    summary: "Read what the other side left.",
    access: Access::Mailbox,
    query: Some(("after", "The number of the last message that was read.")),
    request: None,
    answer: Answer::Object("MailboxMessages"),
    problems: &[],
};

/// `GET /v1/mailboxes/{number}/messages?after=N`
pub(super) async fn handle(
    State(app): State<App>,
    address: Address,
    Number(number): Number,
    Params(After { after }): Params<After>,
    headers: HeaderMap,
) -> Result<Cbor<MailboxMessages>, Refusal> {
    let now = app.now();
    app.rates.messages.take(address)?;
    let token: MailboxToken = bearer(&headers).ok_or_else(Refusal::unauthorized)?;
    let messages = app.store.messages(number, TokenHash::of_mailbox(&token), after, now).await?;
    messages.map(Cbor).ok_or_else(gone)
}
