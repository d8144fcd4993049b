//! One request to the server and its answer, as the protocol has them.

use roamkey_proto::{VERSION, api::ServerInfo, cbor, limits, mutant, problem::Problem};
use serde::Deserialize;

use crate::{Error, HttpRequest, HttpResponse, ServerUrl, Transport, Unreachable};

/// A request below the server's origin.
pub(crate) struct Call<'a> {
    pub(crate) method: &'static str,
    pub(crate) path: &'a str,
    /// What follows `Bearer`, in hexadecimal.
    pub(crate) bearer: Option<String>,
    pub(crate) body: Option<Vec<u8>>,
}

/// Why a call has no answer.
pub(crate) enum CallError {
    Unreachable(Unreachable),
    NotAServer,
    Refused { problem: Problem, retry_after_ms: Option<u64> },
}

/// Asks a server who it is, and whether we speak the same version.
pub(crate) async fn server_info(transport: &impl Transport, server: &ServerUrl) -> Result<ServerInfo, Error> {
    let call = Call { method: "GET", path: "/v1/server", bearer: None, body: None };
    let info: ServerInfo = ask(transport, server, call).await?;
    if mutant!("server.speaks-our-version", info.versions.contains(&VERSION)) {
        Ok(info)
    } else {
        Err(Error::UpdateNeeded)
    }
}

/// Sends a call and decodes the answer.
pub(crate) async fn ask<T>(transport: &impl Transport, server: &ServerUrl, call: Call<'_>) -> Result<T, CallError>
where
    T: for<'b> minicbor::Decode<'b, ()> + minicbor::Encode<()>,
{
    let body = send(transport, server, call).await?;
    cbor::decode(&body, limits::RESPONSE_BYTES).map_err(|_| CallError::NotAServer)
}

/// Sends a call and returns the body of a success.
pub(crate) async fn send(transport: &impl Transport, server: &ServerUrl, call: Call<'_>) -> Result<Vec<u8>, CallError> {
    let mut headers = vec![("accept", "application/cbor, application/problem+json".to_owned())];
    if call.body.is_some() {
        headers.push(("content-type", "application/cbor".to_owned()));
    }
    if let Some(token) = call.bearer {
        headers.push(("authorization", format!("Bearer {token}")));
    }
    let url = server.join(call.path);
    let request = HttpRequest { method: call.method, url, headers, body: call.body };
    let response = transport.send(request).await.map_err(CallError::Unreachable)?;
    if (200..300).contains(&response.status) { Ok(response.body) } else { Err(refusal(&response)) }
}

fn refusal(response: &HttpResponse) -> CallError {
    #[derive(Deserialize)]
    struct Details {
        #[serde(rename = "type")]
        kind: String,
    }
    mutant!("api.no-text-of-the-server" => {
        return CallError::Unreachable(Unreachable { reason: String::from_utf8_lossy(&response.body).into_owned() });
    });
    let is_problem = response.content_type.starts_with("application/problem+json");
    let details = is_problem.then(|| serde_json::from_slice::<Details>(&response.body).ok()).flatten();
    let seconds = response.retry_after.as_ref().and_then(|text| text.parse::<u64>().ok());
    match details.and_then(|details| Problem::from_kind(&details.kind)) {
        Some(problem) => CallError::Refused { problem, retry_after_ms: seconds.map(|s| s.saturating_mul(1_000)) },
        // A gateway in front of a server that is down answers for it.
        None if matches!(response.status, 502..=504) => {
            CallError::Unreachable(Unreachable { reason: format!("a gateway answered with {}", response.status) })
        }
        None => CallError::NotAServer,
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unreachable(unreachable) => Self::Unreachable(unreachable),
            CallError::NotAServer => Self::NotAServer,
            CallError::Refused { problem, retry_after_ms } => Self::Refused { problem, retry_after_ms },
        }
    }
}
