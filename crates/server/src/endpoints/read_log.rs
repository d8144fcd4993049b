use axum::extract::State;
use roamkey_proto::{api::LogPage, limits};
use serde::Deserialize;

use crate::{
    body::Cbor,
    caller::Recovering,
    operation::{Access, Answer, Operation},
    path::Params,
    refusal::Refusal,
    state::App,
};

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Since {
    /// The seq of the newest entry that the device holds.
    #[serde(default)]
    since: u64,
}

pub(super) const OPERATION: Operation = Operation {
    summary: "Read entries of the trust log.",
    access: Access::Session,
    query: Some(("since", "The seq of the newest entry that the device holds.")),
    request: None,
    answer: Answer::Object("LogPage"),
    problems: &[],
};

/// `GET /v1/accounts/{account}/log?since=SEQ`
pub(super) async fn handle(
    State(app): State<App>,
    Recovering(caller): Recovering,
    Params(Since { since }): Params<Since>,
) -> Result<Cbor<LogPage>, Refusal> {
    let one_more = limits::LOG_PAGE_ENTRIES + 1;
    let mut bundles = app.store.bundles(caller.account, since, one_more, Some(caller.device)).await?;
    let more = bundles.len() == one_more;
    bundles.truncate(limits::LOG_PAGE_ENTRIES);
    Ok(Cbor(LogPage { bundles, more }))
}
