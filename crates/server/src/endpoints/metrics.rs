use axum::{extract::State, http::header, response::IntoResponse};

use crate::state::App;

/// `GET /metrics`, on the listener for those who watch.
pub(super) async fn handle(State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.text())
}
