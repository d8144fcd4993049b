//! Coming back by a kit: every device is lost, and this one is new (protocol section 9, `spec/recovery.md`).

use std::{rc::Rc, sync::Arc};

use roamkey_proto::{
    SessionToken,
    api::{Challenge, ChallengeRequest, Session as ServerSession, SignIn},
    cbor,
    problem::Problem,
};
use roamkey_sealing::{DeviceSecrets, LocalKey, recovery::Kit, unlock::Passphrase};
use roamkey_sync::{
    Batch, Engine, Request,
    recovery::{Admission, AdmittingEntry, Recovery},
};

pub use roamkey_sync::recovery::{RecoveryError, Survey, SurveyedDevice};

use crate::{
    Error, Host, ServerUrl, Session, Stayed, Vacant,
    api::{self, Call, CallError},
};

/// A device that is on its way back into an account: all was checked, and nothing is signed yet.
pub struct Recovering<H: Host> {
    vacant: Vacant<H>,
    server: ServerUrl,
    token: SessionToken,
    recovery: Recovery,
    survey: Survey,
    /// The entry that was sent, and to which there was no answer; its device is kept already.
    sent: Option<(Session<H>, AdmittingEntry)>,
}

impl<H: Host> Vacant<H> {
    /// Asks the server that a kit names, and checks all that it shows.
    ///
    /// # Errors
    /// [`Error::Recovery`]; [`Error::Unreachable`], [`Error::NotAServer`], [`Error::UpdateNeeded`], [`Error::Server`].
    pub async fn recover(self, kit: &Kit) -> Result<Recovering<H>, Stayed<Self>> {
        match survey(&*self.host, kit).await {
            Ok((server, token, recovery, survey)) => {
                Ok(Recovering { vacant: self, server, token, recovery, survey, sent: None })
            }
            Err(error) => Err(Stayed { at: self, error }),
        }
    }
}

impl<H: Host> Recovering<H> {
    /// Returns what the person looks at before anything is signed.
    #[must_use]
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// Lets this device in, and fetches the vault. The person has looked at the survey.
    ///
    /// # Errors
    /// [`Error::Busy`]: another entry came first, begin anew; [`Error::Recovery`] before anything was sent, [`Error::Store`]: it
    /// is over, and nothing is kept. Any other: ask again, which sends the same entry, or [`Self::cancel`].
    pub async fn finish(&mut self, passphrase: &Passphrase, device_name: &str) -> Result<Session<H>, Error> {
        let (session, entry) = match self.sent.take() {
            Some(sent) => sent,
            None => self.prepare(passphrase, device_name).await?,
        };
        match self.let_in(&session, &entry).await {
            Ok(true) => Ok(session),
            Ok(false) => {
                session.reset().await?;
                Err(Error::Busy)
            }
            Err(error) => {
                self.sent = Some((session, entry));
                Err(error)
            }
        }
    }

    /// Gives up. A device that may be in the account already, as the answer was lost, stays if it is.
    ///
    /// # Errors
    /// Those of [`Session::sync`]: whether it is in is not known.
    pub async fn cancel(&mut self) -> Result<(), Error> {
        let Some((session, entry)) = self.sent.take() else { return Ok(()) };
        match session.welcome(entry.witness.clone()).await {
            Ok(true) => Ok(()),
            Ok(false) => session.reset().await,
            Err(error) => {
                self.sent = Some((session, entry));
                Err(error)
            }
        }
    }

    /// Sends the entry and goes on as a member; tells whether this device is one.
    async fn let_in(&mut self, session: &Session<H>, entry: &AdmittingEntry) -> Result<bool, Error> {
        let answer = match self.send(entry).await {
            // The person has looked for longer than a session lasts.
            Err(CallError::Refused { problem: Problem::Unauthorized, .. }) => {
                self.token = sign_in(&*self.vacant.host, &self.server, &self.recovery).await?;
                self.send(entry).await
            }
            answer => answer,
        };
        match answer {
            // Refused; it may be in all the same, if the answer to an earlier try was lost.
            Err(CallError::Refused { problem: Problem::Conflict | Problem::Invalid | Problem::NotAMember, .. }) => {}
            answer => entry.accepted(&answer?)?,
        }
        session.welcome(entry.witness.clone()).await
    }

    async fn send(&self, entry: &AdmittingEntry) -> Result<Vec<u8>, CallError> {
        let path = format!("/v1/accounts/{}/log", self.survey.account);
        let (bearer, body) = (Some(self.token.to_string()), Some(entry.bundle.clone()));
        let call = Call { method: "POST", path: &path, bearer, body };
        api::send(self.vacant.host.transport(), &self.server, call).await
    }

    /// Makes the keys and the entry, and keeps the keys: once the entry is in the log, no others serve.
    async fn prepare(&self, passphrase: &Passphrase, device_name: &str) -> Result<(Session<H>, AdmittingEntry), Error> {
        let host: &Rc<H> = &self.vacant.host;
        let mut rng = host.rng();
        let secrets = DeviceSecrets::make(&mut rng);
        let Admission { joining, entry } = self.recovery.admit(secrets, host.now(), &mut rng)?;
        let local = Arc::new(LocalKey::make(&mut rng));
        let engine = Engine::join(Arc::clone(&local), joining, host.now(), &mut rng);
        let engine = engine.map_err(|_| Error::Internal("a log that was verified does not verify"))?;
        let session =
            self.vacant.settle_in(engine, local, &self.server, passphrase, device_name, Batch::default()).await?;
        Ok((session, entry))
    }
}

/// Asks all that a recovery by this kit wants to know, and verifies it.
pub(crate) async fn survey(host: &impl Host, kit: &Kit) -> Result<(ServerUrl, SessionToken, Recovery, Survey), Error> {
    let server: ServerUrl = kit.server.parse()?;
    let info = api::server_info(host.transport(), &server).await?;
    if info.receipt_key != kit.receipt_key {
        return Err(RecoveryError::ForeignServer.into());
    }
    let token = sign_in(host, &server, &Recovery::by_kit(kit)).await?;
    let mut attempts = 1..=ATTEMPTS;
    loop {
        attempts.next();
        match ask(host, &server, token, Recovery::by_kit(kit)).await {
            // Another device wrote meanwhile: the next attempt is for the new head.
            Err(Error::Refused { problem: Problem::HeadMoved, .. }) if !attempts.is_empty() => {}
            Err(error) => return Err(error),
            Ok((recovery, survey)) => return Ok((server, token, recovery, survey)),
        }
    }
}

async fn ask(
    host: &impl Host,
    server: &ServerUrl,
    token: SessionToken,
    mut recovery: Recovery,
) -> Result<(Recovery, Survey), Error> {
    while let Some(request) = recovery.next_request() {
        recovery.answered(&send(host, server, token, &request).await?)?;
    }
    let survey = recovery.survey().ok_or(RecoveryError::OutOfOrder)?;
    Ok((recovery, survey))
}

async fn send(
    host: &impl Host,
    server: &ServerUrl,
    token: SessionToken,
    request: &Request,
) -> Result<Vec<u8>, CallError> {
    let method = match request.method() {
        roamkey_sync::Method::Get => "GET",
        roamkey_sync::Method::Post => "POST",
    };
    let path = request.path();
    let call = Call { method, path: &path, bearer: Some(token.to_string()), body: request.body() };
    api::send(host.transport(), server, call).await
}

/// Opens a session by the authority's key. A server that does not know it says so; whether that is true, nobody can tell.
async fn sign_in(host: &impl Host, server: &ServerUrl, recovery: &Recovery) -> Result<SessionToken, Error> {
    let (account, member) = recovery.identity();
    let post = |path, body| Call { method: "POST", path, bearer: None, body: Some(body) };
    let asked = cbor::encode(&ChallengeRequest { account, member });
    let Challenge { challenge } = api::ask(host.transport(), server, post("/v1/sessions/challenge", asked)).await?;
    let proof = recovery.session_proof(server.as_str(), challenge);
    let signed = cbor::encode(&SignIn { proof });
    match api::ask::<ServerSession>(host.transport(), server, post("/v1/sessions", signed)).await {
        Ok(session) => Ok(session.token),
        Err(CallError::Refused { problem: Problem::NotAMember, .. }) => {
            Err(RecoveryError::Replaced { at: None }.into())
        }
        Err(CallError::Refused { problem: Problem::Unauthorized, .. }) => Err(RecoveryError::NotSet.into()),
        Err(error) => Err(error.into()),
    }
}

/// How often the head may move while the account is looked at.
const ATTEMPTS: usize = 5;
