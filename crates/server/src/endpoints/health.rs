use axum::{extract::State, http::StatusCode};

use crate::{
    operation::{Access, Answer, Operation},
    refusal::Refusal,
    state::App,
};

pub(super) const LIVE: Operation = health("Ask whether the process answers.");

pub(super) const READY: Operation = health("Ask whether the store reads and takes writes.");

const fn health(summary: &'static str) -> Operation {
    Operation { summary, access: Access::Open, query: None, request: None, answer: Answer::Nothing, problems: &[] }
}

/// `GET /healthz`: the process answers.
pub(super) async fn live() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// `GET /readyz`: the store reads and takes writes.
pub(super) async fn ready(State(app): State<App>) -> Result<StatusCode, Refusal> {
    app.store.check().await?;
    Ok(StatusCode::NO_CONTENT)
}
