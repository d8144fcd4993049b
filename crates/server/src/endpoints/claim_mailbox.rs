use axum::extract::State;
use roamkey_proto::{MailboxToken, api::MailboxClaimed, problem::Problem};
use roamkey_server_store::{Claimed, TokenHash};

use crate::{body::Cbor, path::Number, rate::Address, refusal::Refusal, running::random, state::App};

/// `POST /v1/mailboxes/{number}/claim`
pub(super) async fn handle(
    State(app): State<App>,
    address: Address,
    Number(number): Number,
) -> Result<Cbor<MailboxClaimed>, Refusal> {
    let now = app.now();
    app.rates.mailboxes.take(address, now)?;
    let token = MailboxToken::new(random()?);
    match app.store.claim_mailbox(number, TokenHash::of_mailbox(&token), now).await? {
        Claimed::Yes => Ok(Cbor(MailboxClaimed { token })),
        Claimed::Gone => Err(gone()),
    }
}

/// One answer for a mailbox that is not there, is over, is taken, or is another's.
pub(super) fn gone() -> Refusal {
    Refusal::new(Problem::MailboxGone, "no such mailbox")
}
