//! One request and its answer, as whoever runs the server has them in hand.

use minicbor::{Decode, Encode};
use roamkey_client::{HttpRequest, HttpResponse, Unreachable};
use roamkey_proto::{AccountId, cbor, limits, problem::Problem};

/// A request on its way.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Which device sent it, by its number in the world.
    pub device: usize,
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// What follows the origin.
    pub path: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent.
    pub body: Option<Vec<u8>>,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// What the server says of itself.
    Info,
    /// A new account.
    Create,
    /// Something to sign.
    Challenge,
    /// A session.
    SignIn,
    /// Where both chains are.
    Heads,
    /// Entries of the log.
    Log,
    /// A new entry.
    Append,
    /// A new commit.
    Push,
    /// Commits and records.
    Pull,
    /// What a server lost, given back.
    Restore,
    /// A pairing.
    Mailbox,
    /// Anything else.
    Other,
}

impl Ask {
    pub(super) fn new(device: usize, origin: &str, request: HttpRequest) -> Self {
        let HttpRequest { method, url, headers, body } = request;
        // A request to elsewhere keeps its whole URL, so that the tap shows where it went.
        let path = url.strip_prefix(origin).map(str::to_owned).unwrap_or(url);
        Self { device, method, path, headers, body }
    }

    /// Returns what the request is for.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        let path = self.path.split('?').next().unwrap_or_default();
        let parts: Vec<_> = path.split('/').skip(1).collect();
        match (self.method, parts.as_slice()) {
            ("GET", ["v1", "server"]) => Endpoint::Info,
            ("POST", ["v1", "accounts"]) => Endpoint::Create,
            ("POST", ["v1", "sessions", "challenge"]) => Endpoint::Challenge,
            ("POST", ["v1", "sessions"]) => Endpoint::SignIn,
            (_, ["v1", "mailboxes", ..]) => Endpoint::Mailbox,
            ("GET", ["v1", "accounts", _, "heads"]) => Endpoint::Heads,
            ("GET", ["v1", "accounts", _, "log"]) => Endpoint::Log,
            ("POST", ["v1", "accounts", _, "log"]) => Endpoint::Append,
            ("POST", ["v1", "accounts", _, "push"]) => Endpoint::Push,
            ("POST", ["v1", "accounts", _, "pull"]) => Endpoint::Pull,
            ("POST", ["v1", "accounts", _, "restore"]) => Endpoint::Restore,
            _ => Endpoint::Other,
        }
    }

    /// Returns the account in the path.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        let hex = self.path.split('/').nth(3)?;
        AccountId::try_from(hex::decode(hex).ok()?.as_slice()).ok()
    }

    /// Returns the body, decoded.
    #[must_use]
    pub fn decode<T>(&self) -> Option<T>
    where
        T: for<'b> Decode<'b, ()> + Encode<()>,
    {
        cbor::decode(self.body.as_ref()?, limits::RESPONSE_BYTES).ok()
    }
}

/// What comes back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The header `Content-Type`.
    pub content_type: String,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A success.
    #[must_use]
    pub fn ok<T: Encode<()>>(body: &T) -> Self {
        let content_type = "application/cbor".to_owned();
        Self { status: 200, content_type, retry_after: None, body: cbor::encode(body) }
    }

    /// A problem, with whatever text the server likes.
    #[must_use]
    pub fn problem(problem: Problem, text: &str) -> Self {
        let body = format!(r#"{{"type":"{}","title":"{text}","detail":"{text}","instance":"{text}"}}"#, problem.kind());
        let content_type = "application/problem+json".to_owned();
        Self { status: problem.status(), content_type, retry_after: None, body: body.into_bytes() }
    }

    /// Tells whether it is a success.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns it with its body edited, if it is a success of this kind.
    #[must_use]
    pub fn edited<T>(mut self, edit: impl FnOnce(&mut T)) -> Self
    where
        T: for<'b> Decode<'b, ()> + Encode<()>,
    {
        if self.is_ok()
            && let Ok(mut body) = cbor::decode::<T>(&self.body, limits::RESPONSE_BYTES)
        {
            edit(&mut body);
            self.body = cbor::encode(&body);
        }
        self
    }

    pub(super) fn into_response(self) -> HttpResponse {
        let Self { status, content_type, retry_after, body } = self;
        HttpResponse { status, content_type, retry_after, body }
    }
}

/// No answer.
pub(super) fn silence() -> Unreachable {
    Unreachable { reason: "the server does not answer".to_owned() }
}
