use std::{borrow::Cow, time::Duration};

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use roamkey_proto::problem::Problem;
use roamkey_server_store::StoreError;
use serde::Serialize;

use crate::state::App;

/// Why a request gets nothing: a problem of the closed list, and a word for who debugs the client.
///
/// What the client reads and what the log keeps are apart: a cause never leaves the server.
#[derive(Debug)]
pub(crate) struct Refusal {
    problem: Problem,
    detail: Cow<'static, str>,
    retry_after: Option<Duration>,
    cause: Option<StoreError>,
}

impl Refusal {
    pub(crate) fn new(problem: Problem, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { problem, detail: detail.into(), retry_after: None, cause: None }
    }

    pub(crate) fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Problem::BadRequest, detail)
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(Problem::Unauthorized, "no such session, or it is over")
    }

    pub(crate) fn invalid(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Problem::Invalid, detail)
    }

    pub(crate) fn conflict() -> Self {
        Self::new(Problem::Conflict, "does not build on the newest: pull first")
    }

    pub(crate) fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    pub(crate) fn problem(&self) -> Problem {
        self.problem
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let (problem, detail) = match &error {
            StoreError::Unavailable(_) => (Problem::Unavailable, "nothing can be stored at the moment"),
            _ => (Problem::Internal, "a fault of the server"),
        };
        Self { cause: Some(error), ..Self::new(problem, detail) }
    }
}

/// RFC 9457.
#[derive(Serialize)]
struct Document<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
}

/// Counts what was refused, whichever layer did.
pub(crate) async fn count_refusals(State(app): State<App>, response: Response) -> Response {
    if let Some(problem) = response.extensions().get::<Refused>() {
        app.metrics.refused(problem.0);
    }
    response
}

/// Left in a response for whoever counts.
#[derive(Clone, Copy)]
struct Refused(Problem);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if let Some(cause) = &self.cause {
            report(cause);
        }
        let status = StatusCode::from_u16(self.problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let document = Document {
            r#type: self.problem.kind(),
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: &self.detail,
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        response.extensions_mut().insert(Refused(self.problem));
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_millis().div_ceil(1_000).max(1);
            if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
        }
        response
    }
}

fn report(cause: &StoreError) {
    let source = core::error::Error::source(cause).map(ToString::to_string);
    match cause {
        StoreError::Unavailable(_) => tracing::warn!(source, "the store is not available"),
        _ => tracing::error!(source, "the store failed"),
    }
}
