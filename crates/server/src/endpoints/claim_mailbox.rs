use axum::extract::State;
use roamkey_proto::{MailboxToken, api::MailboxClaimed, problem::Problem};
use roamkey_server_store::{Claimed, TokenHash};

use crate::{
    body::Cbor,
    operation::{Access, Answer, Operation},
    path::Number,
    rate::Address,
    refusal::Refusal,
    running::random,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Claim the newcomer's side of a mailbox, once.",
    access: Access::Anyone,
    query: None,
    request: None,
    answer: Answer::Object("MailboxClaimed"),
    problems: &[Problem::BadRequest, Problem::MailboxGone],
};

/// `POST /v1/mailboxes/{number}/claim`
pub(super) async fn handle(
    State(app): State<App>,
    address: Address,
    Number(number): Number,
) -> Result<Cbor<MailboxClaimed>, Refusal> {
    let now = app.now();
    app.rates.mailboxes.take(address)?;
    let token = MailboxToken::new(random()?);
    match app.store.claim_mailbox(number, TokenHash::of_mailbox(&token), now).await? {
        Claimed::Yes => Ok(Cbor(MailboxClaimed { token })),
        Claimed::Gone => {
            // Numbers are short: whoever tries them one after another to take them from newcomers is soon slowed.
            for _ in 1..COST_OF_A_MISS {
                let _ = app.rates.mailboxes.take(address);
            }
            Err(gone())
        }
    }
}

/// What a claim of nothing counts for; a person mistypes a number now and then.
const COST_OF_A_MISS: u32 = 5;

/// One answer for a mailbox that is not there, is over, is taken, or is another's.
pub(super) fn gone() -> Refusal {
    Refusal::new(Problem::MailboxGone, "no such mailbox")
}
