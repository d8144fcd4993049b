//! The session with the server: signing in, and again when it is over.

use roamkey_proto::{
    SessionToken,
    api::{Challenge, ChallengeRequest, Session as ServerSession, SignIn},
    cbor,
    problem::Problem,
};
use roamkey_sync::{Method, Request};

use super::driver::Driver;
use crate::{
    Error, Host,
    api::{self, Call, CallError},
    home::Home,
};

/// What opens the server's session; signed for anew when it is over.
#[derive(Default)]
pub(crate) struct Connection {
    token: Option<SessionToken>,
}

impl Connection {
    /// Sends a request of the engine and returns the body of a success.
    pub(super) async fn send<H: Host>(
        &mut self,
        driver: &Driver<H>,
        home: &Home,
        request: &Request,
    ) -> Result<Vec<u8>, CallError> {
        if !request.needs_session() {
            return call(driver, home, request, None).await;
        }
        let is_fresh = self.token.is_none();
        let token = self.token(driver, home).await?;
        match call(driver, home, request, Some(token)).await {
            // A session ends with its hour, or with the server's restart; one that has just begun does not.
            Err(CallError::Refused { problem: Problem::Unauthorized, .. }) if !is_fresh => {
                self.token = None;
                let token = self.token(driver, home).await?;
                call(driver, home, request, Some(token)).await
            }
            answer => answer,
        }
    }

    /// Returns what opens the session, and signs in where there is none.
    pub(super) async fn token<H: Host>(&mut self, driver: &Driver<H>, home: &Home) -> Result<SessionToken, CallError> {
        if let Some(token) = self.token {
            return Ok(token);
        }
        let token = sign_in(driver, home).await?;
        self.token = Some(token);
        Ok(token)
    }

    /// Forgets the session.
    pub(super) fn forget(&mut self) {
        self.token = None;
    }
}

async fn call<H: Host>(
    driver: &Driver<H>,
    home: &Home,
    request: &Request,
    token: Option<SessionToken>,
) -> Result<Vec<u8>, CallError> {
    let method = match request.method() {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let bearer = token.map(|token| token.to_string());
    let call = Call { method, path: &request.path(), bearer, body: request.body() };
    api::send(driver.host().transport(), &home.server, call).await
}

/// Signs what the server draws (protocol section 7).
async fn sign_in<H: Host>(driver: &Driver<H>, home: &Home) -> Result<SessionToken, CallError> {
    let ask = ChallengeRequest { account: home.account, member: home.device };
    let challenge: Challenge = post(driver, home, "/v1/sessions/challenge", cbor::encode(&ask)).await?;
    let proof = driver.with_engine(|engine| engine.session_proof(home.server.as_str(), challenge.challenge));
    // Without an engine the device was locked meanwhile: nobody waits for this answer any more.
    let proof =
        proof.ok().flatten().ok_or(CallError::Refused { problem: Problem::Unauthorized, retry_after_ms: None })?;
    let session: ServerSession = post(driver, home, "/v1/sessions", cbor::encode(&SignIn { proof })).await?;
    Ok(session.token)
}

async fn post<H: Host, T>(driver: &Driver<H>, home: &Home, path: &str, body: Vec<u8>) -> Result<T, CallError>
where
    T: for<'b> minicbor::Decode<'b, ()> + minicbor::Encode<()>,
{
    let call = Call { method: "POST", path, bearer: None, body: Some(body) };
    api::ask(driver.host().transport(), &home.server, call).await
}

impl From<CallError> for roamkey_sync::Failure {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused { problem, retry_after_ms } => Self::Refused { problem, retry_after_ms },
            CallError::Unreachable(_) | CallError::NotAServer => Self::Unreachable,
        }
    }
}

impl CallError {
    /// Returns what a person is told when the engine only learns that there was no answer.
    pub(super) fn for_person(&self) -> Option<Error> {
        match self {
            Self::Unreachable(unreachable) => Some(Error::Unreachable(unreachable.clone())),
            Self::NotAServer => Some(Error::NotAServer),
            Self::Refused { .. } => None,
        }
    }
}
