use std::sync::Arc;

use axum::extract::State;
use roamkey_proto::{Bundle, Pin, api::Accepted, limits, problem::Problem};
use roamkey_server_store::{Appended, Closing, NewEntry};
use roamkey_trust::Log;

use crate::{
    body::Cbor,
    operation::{Access, Answer, Operation},
    rate::MayRegister,
    refusal::Refusal,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Start an account.",
    access: Access::Registration,
    query: None,
    request: Some("Bundle"),
    answer: Answer::Object("Accepted"),
    problems: &[Problem::Invalid, Problem::AccountExists, Problem::AccountClosed],
};

/// `POST /v1/accounts`
pub(super) async fn handle(
    State(app): State<App>,
    MayRegister { invitation }: MayRegister,
    Cbor(bundle): Cbor<Bundle, { limits::BUNDLE_BYTES }>,
) -> Result<Cbor<Accepted>, Refusal> {
    let log = Log::open_whole_genesis(&bundle).map_err(|error| Refusal::invalid(error.to_string()))?;
    let (account, pin) = (log.account(), log.head());
    if let Some(invitation) = invitation
        && !app.store.redeem(invitation, account, app.now()).await?
    {
        return Err(Refusal::new(Problem::NotInvited, "the invitation is over, or serves another account"));
    }
    let exists = || Refusal::new(Problem::AccountExists, "the account is there already");
    let genesis = NewEntry { account, prev: Pin::START, pin, bundle, closing: Closing::Unchanged };
    match app.store.append(genesis).await? {
        Appended::Accepted(heads) => {
            app.watch.note(account, heads.log).await?;
            app.logs.keep(Arc::new(log));
        }
        // The same genesis once more, after entries have followed: its answer was lost.
        Appended::Conflict(heads) => {
            let log = app.logs.at(app.store.as_ref(), account, heads.log).await?;
            log.extends(&pin).then_some(()).ok_or_else(exists)?;
            app.watch.note(account, heads.log).await?;
        }
        Appended::UnknownAccount => return Err(exists()),
        Appended::Deleted => return Err(Refusal::new(Problem::AccountClosed, "the account was closed for good")),
    }
    Ok(Cbor(Accepted { receipt: app.receipts.log(account, pin) }))
}
