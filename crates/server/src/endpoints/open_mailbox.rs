use axum::extract::State;
use roamkey_proto::{MailboxToken, api::MailboxOpened, limits, problem::Problem};
use roamkey_server_store::{MailboxOpening, TokenHash};

use crate::{
    body::Cbor,
    caller::Caller,
    operation::{Access, Answer, Operation},
    rate::Address,
    refusal::Refusal,
    running::random,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Open a mailbox for a pairing.",
    access: Access::Session,
    query: None,
    request: None,
    answer: Answer::Object("MailboxOpened"),
    problems: &[Problem::Held],
};

/// `POST /v1/accounts/{account}/mailboxes`
///
/// A member opens them, each account a few: otherwise a handful of strangers would hold every number.
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    address: Address,
) -> Result<Cbor<MailboxOpened>, Refusal> {
    app.watch.check(&caller.log).await?;
    let now = app.now();
    app.rates.mailboxes.take(address)?;
    let token = MailboxToken::new(random()?);
    let opening = MailboxOpening {
        account: caller.account,
        keep: app.limits.mailboxes,
        numbers: numbers()?,
        member: TokenHash::of_mailbox(&token),
        now,
        expires: now.plus_millis(limits::MAILBOX_LIFETIME_MS),
    };
    match app.store.open_mailbox(opening).await? {
        Some(number) => Ok(Cbor(MailboxOpened { number, token })),
        None => Err(Refusal::new(Problem::Unavailable, "no mailbox is free")),
    }
}

/// Numbers to try. Short ones first: they are read aloud, and are no secret. Where hundreds are
/// open at once, some of the longer ones are free.
fn numbers() -> Result<Vec<u32>, Refusal> {
    let draws: [u8; 4 * TRIES] = random()?;
    let draws = draws.as_chunks::<4>().0.iter().map(|bytes| u32::from_be_bytes(*bytes));
    Ok(draws.enumerate().map(|(index, draw)| 1 + draw % (highest(index) - 1)).collect())
}

fn highest(index: usize) -> u32 {
    match index {
        0..4 => 100,
        4..8 => 1_000,
        _ => limits::MAILBOX_NUMBERS,
    }
}

const TRIES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_within_what_a_code_can_name() {
        for _ in 0..100 {
            let numbers = numbers().unwrap_or_default();
            assert_eq!(numbers.len(), TRIES);
            assert!(numbers.iter().all(|number| (1..limits::MAILBOX_NUMBERS).contains(number)));
        }
    }
}
