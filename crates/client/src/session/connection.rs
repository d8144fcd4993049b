//! The session with the server: signing in, and again when it is over.

use roamkey_proto::{
    SessionToken,
    api::{Challenge, ChallengeRequest, MailboxOpened, Session as ServerSession, SignIn},
    cbor, limits,
    problem::Problem,
};
use roamkey_sync::{Method, Request};

use super::driver::Driver;
use crate::{
    Error, Host,
    api::{self, Call, CallError},
    home::{self, Home},
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
        let method = match request.method() {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let (path, body) = (request.path(), request.body());
        match request.needs_session() {
            true => self.call(driver, home, method, &path, body).await,
            false => {
                // Without a session an account is started, to which the server may want an invitation.
                let invitation = match driver.local() {
                    Ok(local) => home::read_invitation(driver.host().store(), &local).await,
                    Err(_) => None,
                };
                let bearer = invitation.map(|token| token.to_string());
                api::send(driver.host().transport(), &home.server, Call { method, path: &path, bearer, body }).await
            }
        }
    }

    /// Opens a mailbox for a pairing, which only a member may.
    pub(super) async fn open_mailbox<H: Host>(
        &mut self,
        driver: &Driver<H>,
        home: &Home,
    ) -> Result<MailboxOpened, CallError> {
        let path = format!("/v1/accounts/{}/mailboxes", home.account);
        let body = self.call(driver, home, "POST", &path, None).await?;
        cbor::decode(&body, limits::RESPONSE_BYTES).map_err(|_| CallError::NotAServer)
    }

    /// Makes a call in the session.
    async fn call<H: Host>(
        &mut self,
        driver: &Driver<H>,
        home: &Home,
        method: &'static str,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<Vec<u8>, CallError> {
        let (transport, server) = (driver.host().transport(), &home.server);
        let call = |token: SessionToken, body| Call { method, path, bearer: Some(token.to_string()), body };
        let is_fresh = self.token.is_none();
        let token = self.token(driver, home).await?;
        match api::send(transport, server, call(token, body.clone())).await {
            // A session ends with its hour, or with the server's restart; one that has just begun does not.
            Err(CallError::Refused { problem: Problem::Unauthorized, .. }) if !is_fresh => {
                self.token = None;
                let token = self.token(driver, home).await?;
                api::send(transport, server, call(token, body)).await
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
