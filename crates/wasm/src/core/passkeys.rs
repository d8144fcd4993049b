//! A site's request, between the browser and the authenticator.

use roamkey_authenticator::{
    BackupEligibility, Consent, Credential, CredentialId, CredentialStore, CredentialSummary, Error as CeremonyError,
    Found, LargeBlob, Presence, RequestId, RpId, Verification, WebauthnError,
    webauthn::{self, CreationOptions, Fetched, GetDecision, Origin, Place, Proxied, RequestOptions, UiMode, Vault},
};
use roamkey_client::{Error, Passkeys, Session};
use serde_json::Value;

use super::{Browser, Core};
use crate::{
    convert::{self, base64url},
    messages::{
        Account, Caller, Ceremony, ErrorCode, Failure, FetchedDocument, Mediation, PasskeyCompleteRequest,
        PasskeyCompleted, PasskeyDecision, PasskeyPrompt, PasskeyPromptRequest, PasskeyProxied, PasskeyProxiedRequest,
        PromptUser, State,
    },
};

/// A request, parsed once.
struct Asked {
    caller: webauthn::Caller,
    options: Options,
}

enum Options {
    Create(CreationOptions),
    Get(RequestOptions),
}

impl<B: Browser> Core<B> {
    pub(super) fn passkey_proxied(request: &PasskeyProxiedRequest) -> Result<PasskeyProxied, Failure> {
        let Proxied { caller, options } = Proxied::from_json(&request.details).map_err(dom)?;
        let origin = caller.origin().as_str().to_owned();
        let (cross_origin, top_origin) = (caller.is_cross_origin(), None);
        Ok(PasskeyProxied { caller: Caller { origin, top_origin, cross_origin }, options })
    }

    pub(super) async fn passkey_prompt(&self, request: &PasskeyPromptRequest) -> Result<PasskeyDecision, Failure> {
        let mediation = request.mediation.unwrap_or_default();
        let asked = match Asked::parse(request.kind, &request.caller, &request.options) {
            Ok(asked) => asked,
            Err(error) => return Ok(refuse(&error)),
        };
        if is_left_alone(&asked, mediation) {
            return Ok(PasskeyDecision::Native);
        }
        let session = match self.session().await {
            // A device that lost its place stays out of the way.
            Ok(session) if session.contact().await?.ended => return Ok(PasskeyDecision::Native),
            Ok(session) => Some(session),
            Err(failure) if failure.code == ErrorCode::NoVault => return Ok(PasskeyDecision::Native),
            Err(failure) if failure.code == ErrorCode::Locked => match self.locked_state().await? {
                State::Revoked { .. } => return Ok(PasskeyDecision::Native),
                _ => None,
            },
            Err(failure) => return Err(failure),
        };
        let asked = match asked.related(request.fetched.as_ref()) {
            Ok(asked) => asked,
            Err(Unrelated::Unknown { url }) => return Ok(PasskeyDecision::Fetch { url }),
            Err(Unrelated::Refused(error)) => return Ok(refuse(&error)),
        };
        match session {
            Some(session) => asked.decide(&session, mediation).await,
            None => asked.decide_locked(mediation).await,
        }
    }

    pub(super) async fn passkey_complete(&self, request: &PasskeyCompleteRequest) -> Result<PasskeyCompleted, Failure> {
        let asked = Asked::parse(request.kind, &request.caller, &request.options).map_err(dom)?;
        let asked = asked.related(request.fetched.as_ref()).map_err(|unrelated| dom(unrelated.into()))?;
        let session = self.session().await?;
        let mut passkeys = session.passkeys();
        let presence = if request.consent.present { Presence::Given } else { Presence::Refused };
        let verification = if request.consent.verified { Verification::Performed } else { Verification::NotPerformed };
        let consent = Consent { request: shown(&request.consent.request)?, presence, verification };
        let json = match &asked.options {
            Options::Create(options) => {
                let mut client = webauthn::Client::new(&mut passkeys);
                let (now, mut rng) = (self.host.now().0, self.host.rng());
                let synced = BackupEligibility::Synced;
                let created = client.create(&asked.caller, options, consent, synced, now, &mut rng).await;
                created.map_err(failed)?.to_json()
            }
            Options::Get(options) => {
                let chosen = request.consent.credential.as_deref().map(credential_id).transpose()?;
                let mut client = webauthn::Client::new(&mut passkeys);
                let prompt = client.prompt_get(&asked.caller, options).await.map_err(failed)?;
                let rng = &mut self.host.rng();
                let answer = client.get(&asked.caller, options, consent, chosen.as_ref(), rng).await.map_err(failed)?;
                let item = passkeys.item_of(&prompt.rp_id, answer.credential_id()).await?;
                self.served.borrow_mut().push((item, self.host.now()));
                answer.to_json()
            }
        };
        let response = serde_json::from_str(&json).map_err(|_| Error::Internal("an answer is JSON"))?;
        Ok(PasskeyCompleted { response })
    }

    /// Writes down which passkeys served. Not before the site has its answer, which no disk is to hold up.
    pub(super) async fn note_uses(&self) {
        let served = self.served.take();
        let Some(session) = self.at_hand().filter(|_| !served.is_empty()) else { return };
        for (item, at) in served {
            // Worth showing, and no reason to fail what comes next.
            let _ = session.note_use(item, at).await;
        }
    }
}

impl Asked {
    fn parse(kind: Ceremony, caller: &Caller, options: &Value) -> Result<Self, WebauthnError> {
        let caller = self::caller(caller)?;
        let json = options.to_string();
        let options = match kind {
            Ceremony::Create => Options::Create(CreationOptions::from_json(&json)?),
            Ceremony::Get => Options::Get(RequestOptions::from_json(&json)?),
        };
        Ok(Self { caller, options })
    }

    /// With the word of the rpId's owner, where this page needs it.
    fn related(self, fetched: Option<&FetchedDocument>) -> Result<Self, Unrelated> {
        let question = match &self.options {
            Options::Create(options) => options.related_origins(&self.caller),
            Options::Get(options) => options.related_origins(&self.caller),
        };
        let Some(question) = question else { return Ok(self) };
        let Some(fetched) = fetched else { return Err(Unrelated::Unknown { url: question.url() }) };
        let (status, content_type, body) = (fetched.status, fetched.content_type.as_str(), fetched.body.as_bytes());
        let relation = question.judge(&Fetched { status, content_type, body }).map_err(Unrelated::Refused)?;
        Ok(Self { caller: self.caller.with_relation(relation), ..self })
    }

    async fn decide<B: Browser>(&self, session: &Session<B>, mediation: Mediation) -> Result<PasskeyDecision, Failure> {
        let mut passkeys = session.passkeys();
        let prompt = match self.prompt(&mut passkeys).await {
            Ok(prompt) => prompt,
            Err(CeremonyError::Webauthn(error)) => return Ok(refuse(&error)),
            Err(error) => return Err(failed(error)),
        };
        match prompt {
            Prompt::Create(prompt) => Ok(PasskeyDecision::Ask {
                prompt: PasskeyPrompt {
                    request: base64url(prompt.request.as_bytes()),
                    rp_id: prompt.rp_id.to_string(),
                    rp_name: Some(prompt.rp_name),
                    user: Some(PromptUser { name: prompt.user_name, display_name: prompt.display_name }),
                    accounts: accounts(&passkeys, &prompt.replaces).await?,
                    user_verification: convert::user_verification(prompt.verification),
                    already_here: prompt.excluded,
                },
            }),
            Prompt::Get(prompt) => match self.sign_in(mediation, serving(&prompt.credentials)) {
                GetDecision::Ask | GetDecision::Offer => Ok(PasskeyDecision::Ask {
                    prompt: PasskeyPrompt {
                        request: base64url(prompt.request.as_bytes()),
                        rp_id: prompt.rp_id.to_string(),
                        rp_name: None,
                        user: None,
                        accounts: accounts(&passkeys, &prompt.credentials).await?,
                        user_verification: convert::user_verification(prompt.verification),
                        already_here: false,
                    },
                }),
                GetDecision::Refuse(error) => Ok(refuse(&error)),
                _ => Ok(PasskeyDecision::Native),
            },
        }
    }

    /// Checks what does not depend on what the vault holds: nobody unlocks for a request that would
    /// be refused.
    async fn decide_locked(&self, mediation: Mediation) -> Result<PasskeyDecision, Failure> {
        let rp_id = match self.prompt(&mut Nothing).await {
            Ok(Prompt::Create(prompt)) => prompt.rp_id,
            Ok(Prompt::Get(prompt)) => match self.sign_in(mediation, Vault::Locked) {
                GetDecision::Unlock | GetDecision::OfferToUnlock => prompt.rp_id,
                GetDecision::Refuse(error) => return Ok(refuse(&error)),
                _ => return Ok(PasskeyDecision::Native),
            },
            Err(CeremonyError::Webauthn(error)) => return Ok(refuse(&error)),
            Err(error) => return Err(failed(error)),
        };
        Ok(PasskeyDecision::Unlock { rp_id: rp_id.to_string() })
    }

    fn sign_in(&self, mediation: Mediation, vault: Vault) -> GetDecision {
        let Options::Get(options) = &self.options else { return GetDecision::Native };
        let (mediation, ui_mode) = match mediation {
            Mediation::Silent => (webauthn::Mediation::Silent, UiMode::Modal),
            Mediation::Optional => (webauthn::Mediation::Optional, UiMode::Modal),
            Mediation::Conditional => (webauthn::Mediation::Conditional, UiMode::Modal),
            Mediation::Required => (webauthn::Mediation::Required, UiMode::Modal),
            Mediation::Immediate => (webauthn::Mediation::Optional, UiMode::Immediate),
        };
        webauthn::decide_get(options, mediation, ui_mode, vault)
    }

    async fn prompt<S: CredentialStore>(&self, store: &mut S) -> Result<Prompt, CeremonyError<S::Error>> {
        let client = webauthn::Client::new(store);
        match &self.options {
            Options::Create(options) => client.prompt_create(&self.caller, options).await.map(Prompt::Create),
            Options::Get(options) => client.prompt_get(&self.caller, options).await.map(Prompt::Get),
        }
    }
}

/// Why a page may not use an rpId that is not of its own domain.
enum Unrelated {
    /// Its owner has not been asked.
    Unknown {
        /// Where.
        url: String,
    },
    /// The owner does not name the page.
    Refused(WebauthnError),
}

impl From<Unrelated> for WebauthnError {
    fn from(unrelated: Unrelated) -> Self {
        match unrelated {
            Unrelated::Unknown { .. } => Self::Security("the relying party id's owner was not asked"),
            Unrelated::Refused(error) => error,
        }
    }
}

enum Prompt {
    Create(webauthn::CreatePrompt),
    Get(webauthn::GetPrompt),
}

fn serving(credentials: &[CredentialSummary]) -> Vault {
    Vault::Unlocked { serving: credentials.len() }
}

pub(super) fn caller(caller: &Caller) -> Result<webauthn::Caller, WebauthnError> {
    let origin = Origin::parse(&caller.origin)?;
    let top = caller.top_origin.as_deref().map(Origin::parse).transpose()?;
    Ok(if caller.cross_origin {
        webauthn::Caller::cross_origin(origin, top)
    } else {
        webauthn::Caller::same_origin(origin)
    })
}

/// What the browser itself does better: security keys, algorithms that only those have, and what must not be shown or is
/// shown in a field.
fn is_left_alone(asked: &Asked, mediation: Mediation) -> bool {
    match &asked.options {
        Options::Create(options) => {
            let is_elsewhere = options.place() == Place::Elsewhere || options.algorithm().is_none();
            is_elsewhere || mediation == Mediation::Conditional
        }
        Options::Get(_) => mediation == Mediation::Silent,
    }
}

/// The passkeys to choose from, the last used first.
async fn accounts<B: Browser>(
    passkeys: &Passkeys<'_, B>,
    summaries: &[CredentialSummary],
) -> Result<Vec<Account>, Failure> {
    let mut accounts = Vec::new();
    for summary in summaries {
        let last_used = passkeys.last_used(&summary.rp_id, &summary.id).await?.map(|time| time.0);
        let user_name = summary.user.name.clone().unwrap_or_default();
        let display_name = summary.user.display_name.clone().unwrap_or_default();
        accounts.push(Account { id: base64url(summary.id.as_bytes()), user_name, display_name, last_used });
    }
    // Stable: among those never used the newest stays first.
    accounts.sort_by_key(|account| std::cmp::Reverse(account.last_used));
    Ok(accounts)
}

/// A store without passkeys, for what can be said while locked.
struct Nothing;

impl CredentialStore for Nothing {
    type Error = Error;

    async fn find(&self, _: &RpId, _: &[CredentialId]) -> Result<Vec<CredentialSummary>, Error> {
        Ok(Vec::new())
    }

    async fn load(
        &self,
        _: &RpId,
        _: &CredentialId,
    ) -> Result<Option<(Credential, roamkey_authenticator::BackupState)>, Error> {
        Ok(None)
    }

    async fn save(&mut self, _: &Credential, _: &[CredentialId]) -> Result<roamkey_authenticator::BackupState, Error> {
        Err(Error::Locked)
    }

    async fn write_large_blob(&mut self, _: &RpId, _: &CredentialId, _: Option<&LargeBlob>) -> Result<Found, Error> {
        Err(Error::Locked)
    }
}

/// The request that the person saw, by the name that its prompt had.
fn shown(text: &str) -> Result<RequestId, Failure> {
    let bytes = convert::from_base64url(text).and_then(|bytes| bytes.try_into().ok());
    let bytes = bytes.ok_or_else(|| Failure::new(ErrorCode::BadRequest, "the person was shown no request"))?;
    Ok(RequestId::from_bytes(bytes))
}

fn credential_id(text: &str) -> Result<CredentialId, Failure> {
    let bytes = convert::from_base64url(text);
    let id = bytes.and_then(|bytes| CredentialId::try_from(bytes.as_slice()).ok());
    id.ok_or_else(|| Failure::new(ErrorCode::BadRequest, "no such passkey was offered"))
}

fn refuse(error: &WebauthnError) -> PasskeyDecision {
    PasskeyDecision::Refuse { name: convert::dom_name(error), message: error.to_string() }
}

pub(super) fn dom(error: WebauthnError) -> Failure {
    Failure { name: Some(convert::dom_name(&error)), ..Failure::new(ErrorCode::Dom, error.to_string()) }
}

fn failed(error: CeremonyError<Error>) -> Failure {
    match error {
        CeremonyError::Webauthn(error) => dom(error),
        CeremonyError::Storage(error) => error.into(),
        CeremonyError::Relabelled => Failure::new(ErrorCode::Damaged, error.to_string()),
    }
}
