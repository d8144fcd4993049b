//! One client with its store.

use anyhow::{Result, bail};
use getrandom::SysRng;
use pollster::block_on;
use rand_core::UnwrapErr;
use roamkey_authenticator::{
    BackupEligibility, BackupState, Consent, CredentialId, Error, MemoryStore, Presence, RequestId, Verification,
    webauthn::{AttestationPolicy, Caller, Client, CreationOptions, Origin, RequestOptions, UserVerification},
};
use serde_json::{Value, json};

use crate::{
    attester::Attesters,
    requests::{Ceremony, Policy, Request},
};

pub(crate) struct Session {
    store: MemoryStore,
    attesters: Option<Attesters>,
    /// A clock that never stands still, so that credentials have an order.
    now_ms: u64,
}

type Answer = Result<Value, Error<<MemoryStore as roamkey_authenticator::CredentialStore>::Error>>;

impl Session {
    pub(crate) fn new(attesters: Option<Attesters>) -> Self {
        Self { store: empty(), attesters, now_ms: 0 }
    }

    pub(crate) fn answer(&mut self, request: Request) -> Result<Value> {
        self.now_ms += 1;
        let answer = match &request {
            Request::Reset => {
                self.store = empty();
                Ok(Value::Null)
            }
            Request::Create(ceremony) => self.create(ceremony),
            Request::Get(ceremony) => self.get(ceremony),
        };
        match answer {
            Ok(ok) => Ok(json!({ "ok": ok })),
            Err(Error::Webauthn(error)) => Ok(json!({"error": error.dom_exception(), "message": error.to_string()})),
            Err(error) => bail!(error),
        }
    }

    fn create(&mut self, ceremony: &Ceremony) -> Answer {
        let options = CreationOptions::from_json(&ceremony.options.to_string())?;
        let caller = ceremony.caller()?;
        let mut client = Client::new(&mut self.store).with_attestation(AttestationPolicy::None);
        client = match (ceremony.attestation, &self.attesters) {
            (Policy::OwnKey, _) => client.with_attestation(AttestationPolicy::SelfIfAsked),
            (Policy::Certified, Some(attesters)) => {
                client.with_attestation(AttestationPolicy::CertifiedIfAsked(&attesters.vendor))
            }
            (Policy::Enterprise, Some(attesters)) => client.with_enterprise(&attesters.organisation),
            _ => client,
        };
        let prompt = block_on(client.prompt_create(&caller, &options))?;
        let (consent, rng) = (ceremony.consent(prompt.request, prompt.verification), &mut UnwrapErr(SysRng));
        let synced = BackupEligibility::Synced;
        let made = block_on(client.create(&caller, &options, consent, synced, self.now_ms, rng))?;
        Ok(parsed(&made.to_json()))
    }

    fn get(&mut self, ceremony: &Ceremony) -> Answer {
        let options = RequestOptions::from_json(&ceremony.options.to_string())?;
        let caller = ceremony.caller()?;
        let mut client = Client::new(&mut self.store);
        let prompt = block_on(client.prompt_get(&caller, &options))?;
        let (consent, rng) = (ceremony.consent(prompt.request, prompt.verification), &mut UnwrapErr(SysRng));
        // The person chooses what the suite says, or the newest.
        let named = |id: &CredentialId| ceremony.chosen.as_deref().is_none_or(|chosen| chosen == hex(id));
        let chosen = prompt.credentials.iter().map(|credential| &credential.id).find(|id| named(id));
        let signed = block_on(client.get(&caller, &options, consent, chosen, rng))?;
        Ok(parsed(&signed.to_json()))
    }
}

impl Ceremony {
    fn caller(&self) -> Result<Caller, roamkey_authenticator::WebauthnError> {
        Caller::framed(Origin::parse(&self.origin)?, self.ancestors.iter().map(String::as_str))
    }

    /// The person is verified where they can be, unless the site would rather not.
    fn consent(&self, request: RequestId, wanted: UserVerification) -> Consent {
        let is_verified = self.verified && wanted != UserVerification::Discouraged;
        let verification = if is_verified { Verification::Performed } else { Verification::NotPerformed };
        Consent { request, presence: Presence::Given, verification }
    }
}

fn empty() -> MemoryStore {
    MemoryStore::new(BackupState::BackedUp)
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).expect("answers are JSON")
}

/// The form in which a suite names credentials.
fn hex(id: &CredentialId) -> String {
    id.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}
