use roamkey_proto::{AccountId, api::PullRequest, cbor};

/// A request to the server. The driver adds origin, session and time-outs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Whose.
    pub account: AccountId,
    /// Which endpoint, with what.
    pub call: Call,
}

/// An endpoint of [`roamkey_proto::api`] and what goes there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Call {
    /// Opens the account with this encoded bundle. Needs no session.
    CreateAccount(Vec<u8>),
    /// Asks where both chains are.
    Heads,
    /// Asks for log entries after `since`.
    Log {
        /// The seq of the last entry that is here.
        since: u64,
    },
    /// Appends this encoded bundle to the log.
    Append(Vec<u8>),
    /// Pushes this encoded [`Push`](roamkey_proto::api::Push).
    Push(Vec<u8>),
    /// Pulls one page.
    Pull(PullRequest),
    /// Hands in this encoded [`SignedHeartbeat`](roamkey_proto::api::SignedHeartbeat).
    Beat(Vec<u8>),
    /// Asks for the heartbeats of all devices.
    Heartbeats,
    /// Gives a restored server back what it lost: this encoded [`Restore`](roamkey_proto::api::Restore).
    Restore(Vec<u8>),
}

/// The methods that requests use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
}

impl Request {
    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> Method {
        match self.call {
            Call::Heads | Call::Log { .. } | Call::Heartbeats => Method::Get,
            Call::CreateAccount(_)
            | Call::Append(_)
            | Call::Push(_)
            | Call::Pull(_)
            | Call::Beat(_)
            | Call::Restore(_) => Method::Post,
        }
    }

    /// Returns the path with its query, below the server's origin.
    #[must_use]
    pub fn path(&self) -> String {
        let account = self.account;
        match &self.call {
            Call::CreateAccount(_) => "/v1/accounts".to_owned(),
            Call::Heads => format!("/v1/accounts/{account}/heads"),
            Call::Log { since } => format!("/v1/accounts/{account}/log?since={since}"),
            Call::Append(_) => format!("/v1/accounts/{account}/log"),
            Call::Push(_) => format!("/v1/accounts/{account}/push"),
            Call::Pull(_) => format!("/v1/accounts/{account}/pull"),
            Call::Beat(_) | Call::Heartbeats => format!("/v1/accounts/{account}/heartbeats"),
            Call::Restore(_) => format!("/v1/accounts/{account}/restore"),
        }
    }

    /// Returns the body, `application/cbor`.
    #[must_use]
    pub fn body(&self) -> Option<Vec<u8>> {
        match &self.call {
            Call::Heads | Call::Log { .. } | Call::Heartbeats => None,
            Call::CreateAccount(body)
            | Call::Append(body)
            | Call::Push(body)
            | Call::Beat(body)
            | Call::Restore(body) => Some(body.clone()),
            Call::Pull(request) => Some(cbor::encode(request)),
        }
    }

    /// Tells whether the request needs a session.
    #[must_use]
    pub fn needs_session(&self) -> bool {
        !matches!(self.call, Call::CreateAccount(_))
    }
}
