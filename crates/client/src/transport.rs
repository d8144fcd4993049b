//! HTTP as a client needs it: one request, one answer.

/// Sends a request to the server.
#[expect(async_fn_in_trait, reason = "browsers' futures are not Send, and no caller needs them to be")]
pub trait Transport {
    /// Sends a request and returns the answer, whatever its status. Redirects are not followed:
    /// the server is at the address that the person gave.
    ///
    /// # Errors
    /// [`Unreachable`] when there is none.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Unreachable>;
}

/// A request.
#[derive(Debug)]
pub struct HttpRequest {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent.
    pub body: Option<Vec<u8>>,
}

/// An answer.
#[derive(Debug)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// The header `Content-Type`.
    pub content_type: String,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// At most [`RESPONSE_BYTES`](roamkey_proto::limits::RESPONSE_BYTES).
    pub body: Vec<u8>,
}

/// The server cannot be reached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server cannot be reached: {reason}")]
pub struct Unreachable {
    /// Why, for a person who looks after the network.
    pub reason: String,
}
