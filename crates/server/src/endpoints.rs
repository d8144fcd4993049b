//! The endpoints, a file each, and the table that routes to them.

mod append_entry;
mod challenge;
mod claim_mailbox;
mod close_mailbox;
mod create_account;
mod heads;
mod health;
mod metrics;
mod open_mailbox;
mod open_session;
mod pull;
mod push;
mod read_log;
mod read_messages;
mod send_message;
mod server_info;
mod wake;

use std::{any::Any, sync::Arc};

use axum::{
    Router,
    middleware::{from_fn_with_state, map_response_with_state},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use roamkey_proto::problem::Problem;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    metrics::count,
    refusal::{Refusal, count_refusals},
    state::App,
};

pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/v1/server", get(server_info::handle))
        .route("/v1/accounts", post(create_account::handle))
        .route("/v1/sessions/challenge", post(challenge::handle))
        .route("/v1/sessions", post(open_session::handle))
        .route("/v1/accounts/{account}/heads", get(heads::handle))
        .route("/v1/accounts/{account}/log", get(read_log::handle).post(append_entry::handle))
        .route("/v1/accounts/{account}/push", post(push::handle))
        .route("/v1/accounts/{account}/pull", post(pull::handle))
        .route("/v1/accounts/{account}/wake", get(wake::handle))
        .route("/v1/accounts/{account}/mailboxes", post(open_mailbox::handle))
        .route("/v1/mailboxes/{number}/claim", post(claim_mailbox::handle))
        .route("/v1/mailboxes/{number}/messages", get(read_messages::handle).post(send_message::handle))
        .route("/v1/mailboxes/{number}", delete(close_mailbox::handle))
        .route_layer(from_fn_with_state(Arc::clone(&app), count))
        .fallback(async || Refusal::new(Problem::NotFound, "no such endpoint"))
        .method_not_allowed_fallback(async || Refusal::new(Problem::MethodNotAllowed, "another method"))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(map_response_with_state(Arc::clone(&app), count_refusals))
        .with_state(app)
}

/// What those see who watch the server.
pub(crate) fn watchers(app: App) -> Router {
    Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::handle))
        .with_state(app)
}

/// No panic is known; one that is found costs its request and nothing else.
fn panicked(_payload: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    Refusal::new(Problem::Internal, "a fault of the server").into_response()
}
