use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use roamkey_proto::{MailboxToken, api::MailboxMessage, limits, problem::Problem};
use roamkey_server_store::{MailboxSend, Sent, TokenHash};

use super::claim_mailbox::gone;
use crate::{
    body::Cbor,
    caller::bearer,
    operation::{Access, Answer, Operation},
    path::Number,
    rate::MayMessage,
    refusal::Refusal,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Leave a message for the other side.",
    access: Access::Mailbox,
    query: None,
    request: Some("MailboxMessage"),
    answer: Answer::Nothing,
    problems: &[],
};

/// `POST /v1/mailboxes/{number}/messages`
pub(super) async fn handle(
    State(app): State<App>,
    _: MayMessage,
    Number(number): Number,
    headers: HeaderMap,
    Cbor(message): Cbor<MailboxMessage, BODY>,
) -> Result<StatusCode, Refusal> {
    let token: MailboxToken = bearer(&headers).ok_or_else(Refusal::unauthorized)?;
    if message.body.len() > limits::MAILBOX_MESSAGE_BYTES {
        return Err(Refusal::new(Problem::TooLarge, "the message is too long"));
    }
    let token = TokenHash::of_mailbox(&token);
    let message = MailboxSend {
        number,
        token,
        body: message.body,
        now: app.now(),
        at_most: limits::MAILBOX_MESSAGES,
        at_most_bytes: limits::MAILBOX_BYTES,
    };
    match app.store.send(message).await? {
        Sent::Yes => Ok(StatusCode::NO_CONTENT),
        Sent::Gone => Err(gone()),
        Sent::Full => Err(Refusal::new(Problem::MailboxGone, "the mailbox takes no more messages")),
    }
}

/// A message and its frame.
const BODY: usize = limits::MAILBOX_MESSAGE_BYTES + 16;
