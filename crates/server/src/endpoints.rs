//! The endpoints, a file each, and the table that routes to them.

mod append_entry;
mod challenge;
mod claim_mailbox;
mod close_mailbox;
mod create_account;
mod export;
mod heads;
mod health;
mod metrics;
mod open_mailbox;
mod open_session;
mod pull;
mod push;
mod read_heartbeats;
mod read_log;
mod read_messages;
mod restore;
mod send_heartbeat;
mod send_message;
mod server_info;
mod wake;

use std::{any::Any, sync::Arc};

use axum::{
    Router,
    handler::Handler,
    middleware::{from_fn_with_state, map_response_with_state},
    response::{IntoResponse, Response},
    routing::{MethodFilter, get, on},
};
use roamkey_proto::problem::Problem;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    metrics::count,
    operation::Operation,
    refusal::{Refusal, count_refusals},
    state::App,
};

/// Every route, with what it says of itself: there is no other way in.
pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/healthz", health::live, health::LIVE)
        .get("/readyz", health::ready, health::READY)
        .get("/v1/server", server_info::handle, server_info::OPERATION)
        .post("/v1/accounts", create_account::handle, create_account::OPERATION)
        .post("/v1/sessions/challenge", challenge::handle, challenge::OPERATION)
        .post("/v1/sessions", open_session::handle, open_session::OPERATION)
        .get("/v1/accounts/{account}/heads", heads::handle, heads::OPERATION)
        .get("/v1/accounts/{account}/log", read_log::handle, read_log::OPERATION)
        .post("/v1/accounts/{account}/log", append_entry::handle, append_entry::OPERATION)
        .post("/v1/accounts/{account}/push", push::handle, push::OPERATION)
        .post("/v1/accounts/{account}/pull", pull::handle, pull::OPERATION)
        .post("/v1/accounts/{account}/restore", restore::handle, restore::OPERATION)
        .post("/v1/accounts/{account}/heartbeats", send_heartbeat::handle, send_heartbeat::OPERATION)
        .get("/v1/accounts/{account}/heartbeats", read_heartbeats::handle, read_heartbeats::OPERATION)
        .get("/v1/accounts/{account}/export", export::handle, export::OPERATION)
        .get("/v1/accounts/{account}/wake", wake::handle, wake::OPERATION)
        .post("/v1/accounts/{account}/mailboxes", open_mailbox::handle, open_mailbox::OPERATION)
        .post("/v1/mailboxes/{number}/claim", claim_mailbox::handle, claim_mailbox::OPERATION)
        .get("/v1/mailboxes/{number}/messages", read_messages::handle, read_messages::OPERATION)
        .post("/v1/mailboxes/{number}/messages", send_message::handle, send_message::OPERATION)
        .delete("/v1/mailboxes/{number}", close_mailbox::handle, close_mailbox::OPERATION)
}

pub(crate) fn router(app: App) -> Router {
    routes()
        .router
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

/// Routes on their way into a router.
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<App>,
    /// What is in the router.
    pub(crate) listed: Vec<Listed>,
}

/// A route, as it is described.
pub(crate) struct Listed {
    /// In lower case.
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) operation: Operation,
}

impl Routes {
    fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H, operation: Operation) -> Self {
        self.add(MethodFilter::GET, "get", path, handler, operation)
    }

    fn post<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H, operation: Operation) -> Self {
        self.add(MethodFilter::POST, "post", path, handler, operation)
    }

    fn delete<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H, operation: Operation) -> Self {
        self.add(MethodFilter::DELETE, "delete", path, handler, operation)
    }

    fn add<H: Handler<T, App>, T: 'static>(
        mut self,
        filter: MethodFilter,
        method: &'static str,
        path: &'static str,
        handler: H,
        operation: Operation,
    ) -> Self {
        self.listed.push(Listed { method, path, operation });
        Self { router: self.router.route(path, on(filter, handler)), listed: self.listed }
    }
}

/// No panic is known; one that is found costs its request and nothing else.
fn panicked(_payload: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    Refusal::new(Problem::Internal, "a fault of the server").into_response()
}
