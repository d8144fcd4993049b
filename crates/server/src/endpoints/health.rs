use axum::{extract::State, http::StatusCode};

use crate::{refusal::Refusal, state::App};

/// `GET /healthz`: the process answers.
pub(super) async fn live() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// `GET /readyz`: the store reads and takes writes.
pub(super) async fn ready(State(app): State<App>) -> Result<StatusCode, Refusal> {
    app.store.check().await?;
    Ok(StatusCode::NO_CONTENT)
}
