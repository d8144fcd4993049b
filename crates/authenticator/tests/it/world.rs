//! A person with a device, for one test.

use getrandom::SysRng;
use pollster::block_on;
use rand_core::UnwrapErr;
use roamkey_authenticator::{
    BackupEligibility, BackupState, Consent, CredentialId, CredentialStore, Error, MemoryStore, Presence, RequestId,
    Verification,
    webauthn::{AttestationPolicy, Caller, Client, CreatePrompt, CreationOptions, GetPrompt, Origin, RequestOptions},
};
use serde_json::{Value, json};

use crate::relying_party::{Assertion, Registration};

/// A device with a store, and how its owner answers.
pub(crate) struct World<S> {
    pub(crate) store: S,
    pub(crate) caller: Caller,
    pub(crate) presence: Presence,
    pub(crate) verification: Verification,
    pub(crate) eligibility: BackupEligibility,
    pub(crate) attestation: AttestationPolicy<'static>,
    pub(crate) now_ms: u64,
}

impl World<MemoryStore> {
    pub(crate) fn new() -> Self {
        Self::with_store(MemoryStore::new(BackupState::NotBackedUp))
    }

    pub(crate) fn backed_up() -> Self {
        Self::with_store(MemoryStore::new(BackupState::BackedUp))
    }
}

impl<S: CredentialStore> World<S> {
    /// On `https://example.com`, agreeing to everything, verified.
    pub(crate) fn with_store(store: S) -> Self {
        Self {
            store,
            caller: page("https://example.com"),
            presence: Presence::Given,
            verification: Verification::Performed,
            eligibility: BackupEligibility::Synced,
            attestation: AttestationPolicy::None,
            now_ms: 1_700_000_000_000,
        }
    }

    pub(crate) fn prompt_create(&mut self, options: &Value) -> Result<CreatePrompt, Error<S::Error>> {
        let options = CreationOptions::from_json(&options.to_string())?;
        block_on(Client::new(&mut self.store).prompt_create(&self.caller, &options))
    }

    pub(crate) fn create(&mut self, options: &Value) -> Result<Registration, Error<S::Error>> {
        let request = self.prompt_create(options)?.request;
        self.create_for(request, options)
    }

    pub(crate) fn create_for(&mut self, request: RequestId, options: &Value) -> Result<Registration, Error<S::Error>> {
        let consent = self.consent(request);
        let options = CreationOptions::from_json(&options.to_string())?;
        let mut rng = UnwrapErr(SysRng);
        let mut client = Client::new(&mut self.store).with_attestation(self.attestation);
        let created = client.create(&self.caller, &options, consent, self.eligibility, self.now_ms, &mut rng);
        Ok(Registration::parse(&block_on(created)?.to_json()))
    }

    pub(crate) fn prompt_get(&mut self, options: &Value) -> Result<GetPrompt, Error<S::Error>> {
        let options = RequestOptions::from_json(&options.to_string())?;
        block_on(Client::new(&mut self.store).prompt_get(&self.caller, &options))
    }

    pub(crate) fn get(&mut self, options: &Value) -> Result<Assertion, Error<S::Error>> {
        self.get_with(options, None)
    }

    pub(crate) fn get_with(&mut self, options: &Value, chosen: Option<&[u8]>) -> Result<Assertion, Error<S::Error>> {
        let request = self.prompt_get(options)?.request;
        self.get_for(request, options, chosen)
    }

    pub(crate) fn get_for(
        &mut self,
        request: RequestId,
        options: &Value,
        chosen: Option<&[u8]>,
    ) -> Result<Assertion, Error<S::Error>> {
        let consent = self.consent(request);
        let options = RequestOptions::from_json(&options.to_string())?;
        let chosen = chosen.map(|id| CredentialId::try_from(id).unwrap());
        let mut rng = UnwrapErr(SysRng);
        let mut client = Client::new(&mut self.store);
        let signed = client.get(&self.caller, &options, consent, chosen.as_ref(), &mut rng);
        Ok(Assertion::parse(&block_on(signed)?.to_json()))
    }

    fn consent(&self, request: RequestId) -> Consent {
        Consent { request, presence: self.presence, verification: self.verification }
    }
}

pub(crate) fn page(origin: &str) -> Caller {
    Caller::same_origin(Origin::parse(origin).unwrap())
}

/// The least that a site can ask for when it creates a credential for `user`.
pub(crate) fn creation(user: &str) -> Value {
    json!({
        "rp": {"name": "Example"},
        "user": {"id": b64(user.as_bytes()), "name": user, "displayName": user},
        "challenge": "AAECAwQFBgcICQoLDA0ODw",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    })
}

/// The least that a site can ask for at a sign-in.
pub(crate) fn sign_in() -> Value {
    json!({"challenge": "EBESExQVFhcYGRobHB0eHw"})
}

/// `options` with `members` on top.
pub(crate) fn with(mut options: Value, members: Value) -> Value {
    let Value::Object(members) = members else { panic!("members are an object") };
    options.as_object_mut().unwrap().extend(members);
    options
}

/// A list with one credential.
pub(crate) fn descriptors(ids: &[&[u8]]) -> Value {
    ids.iter().map(|id| json!({"type": "public-key", "id": b64(id)})).collect()
}

pub(crate) fn b64(bytes: &[u8]) -> String {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The DOM exception that a page would get.
pub(crate) fn exception<T, E: std::fmt::Debug>(result: Result<T, Error<E>>) -> &'static str {
    match result {
        Ok(_) => panic!("should have failed"),
        Err(Error::Webauthn(error)) => error.dom_exception(),
        Err(other) => panic!("not for the page: {other:?}"),
    }
}
