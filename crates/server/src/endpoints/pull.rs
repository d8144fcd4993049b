use axum::extract::State;
use roamkey_proto::{
    api::{PullPage, PullRequest},
    limits, mutant,
    problem::Problem,
};
use roamkey_server_store::{PageLimits, PullQuery, Pulled};

use crate::{
    body::Cbor,
    caller::{Recovering, not_a_member},
    operation::{Access, Answer, Operation},
    refusal::Refusal,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Read what happened up to a head, page by page.",
    access: Access::Session,
    query: None,
    request: Some("PullRequest"),
    answer: Answer::Object("PullPage"),
    problems: &[Problem::HeadMoved],
};

/// `POST /v1/accounts/{account}/pull`
pub(super) async fn handle(
    State(app): State<App>,
    Recovering(caller): Recovering,
    Cbor(request): Cbor<PullRequest>,
) -> Result<Cbor<PullPage>, Refusal> {
    // Whoever has a kit reads the vault as the device that it lets in, which all others see.
    let wants_records = request.records_after < request.target.seq;
    if !mutant!("server.recovery-reads-no-record", !caller.recovers() || !wants_records) {
        return Err(not_a_member());
    }
    match app.store.pull(PullQuery::new(caller.account, &request, PAGE)).await? {
        Pulled::Page(page) => Ok(Cbor(page)),
        Pulled::HeadMoved(_) => Err(Refusal::new(Problem::HeadMoved, "ask for the new head")),
        Pulled::UnknownAccount => Err(Refusal::unauthorized()),
    }
}

const PAGE: PageLimits = PageLimits { commits: limits::PULL_PAGE_COMMITS, bytes: limits::PULL_PAGE_BYTES };
