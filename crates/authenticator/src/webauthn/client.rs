//! The two ceremonies, each in two steps so that whoever runs them may die in between.

use rand_core::CryptoRng;

use super::{
    Attachment, AuthenticationResponse, Caller, CreationOptions, RegistrationResponse, RequestOptions, UserVerification,
};
use crate::{BackupEligibility, Consent, CredentialId, CredentialStore, CredentialSummary, Error, RequestId, RpId};

/// A WebAuthn client over a credential store.
///
/// Each ceremony is a prompt, which only reads, and then an answer, given the person's [`Consent`]. Nothing is kept
/// between the two: both take the same caller and options.
#[derive(Debug)]
pub struct Client<'s, S> {
    store: &'s mut S,
    attestation: AttestationPolicy,
}

/// Whether new credentials vouch for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationPolicy {
    /// Never: sites learn nothing about the authenticator but its AAGUID.
    None,
    /// A self attestation where a site asks for any attestation.
    SelfIfAsked,
}

/// What to ask the person before a credential is created.
#[derive(Clone, Debug)]
pub struct CreatePrompt {
    /// The request, to be named in the [`Consent`].
    pub request: RequestId,
    /// The relying party, checked against the caller's origin.
    pub rp_id: RpId,
    /// The relying party's name for itself; it may lie.
    pub rp_name: String,
    /// The account's name.
    pub user_name: String,
    /// The person's name.
    pub display_name: String,
    /// Whether to verify the person.
    pub verification: UserVerification,
    /// The kind of authenticator that the site asked for, if any: for security keys offer the browser's own dialogue.
    pub attachment: Option<Attachment>,
    /// A credential that the site excludes is here: creating will end in `InvalidStateError`, but only once the person
    /// agreed, so that a page cannot probe silently for accounts.
    pub excluded: bool,
    /// Credentials for the same account that the new one replaces.
    pub replaces: Vec<CredentialSummary>,
}

/// What to ask the person before a sign-in.
#[derive(Clone, Debug)]
pub struct GetPrompt {
    /// The request, to be named in the [`Consent`].
    pub request: RequestId,
    /// The relying party, checked against the caller's origin.
    pub rp_id: RpId,
    /// The credentials to choose from, newest first; none means that nothing here can answer.
    pub credentials: Vec<CredentialSummary>,
    /// Whether to verify the person.
    pub verification: UserVerification,
}

impl<'s, S: CredentialStore> Client<'s, S> {
    /// A client that gives no attestation.
    pub fn new(store: &'s mut S) -> Self {
        Self { store, attestation: AttestationPolicy::None }
    }

    /// Chooses the attestation policy.
    #[must_use]
    pub fn with_attestation(self, attestation: AttestationPolicy) -> Self {
        Self { attestation, ..self }
    }

    /// Says what to ask the person before [`Client::create`].
    ///
    /// # Errors
    /// Those of the ceremony that do not depend on the person.
    pub async fn prompt_create(
        &self,
        caller: &Caller,
        options: &CreationOptions,
    ) -> Result<CreatePrompt, Error<S::Error>> {
        unimplemented!("{caller:?} {options:?}")
    }

    /// Creates a credential and keeps it in the store.
    ///
    /// # Errors
    /// [`Error::Webauthn`] for the page, the other variants for us.
    pub async fn create(
        &mut self,
        caller: &Caller,
        options: &CreationOptions,
        consent: Consent,
        eligibility: BackupEligibility,
        now_ms: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<RegistrationResponse, Error<S::Error>> {
        let _ = (caller, options, consent, eligibility, now_ms, rng);
        unimplemented!()
    }

    /// Says what to ask the person before [`Client::get`].
    ///
    /// # Errors
    /// Those of the ceremony that do not depend on the person.
    pub async fn prompt_get(&self, caller: &Caller, options: &RequestOptions) -> Result<GetPrompt, Error<S::Error>> {
        unimplemented!("{caller:?} {options:?}")
    }

    /// Signs in with the credential that the person chose; `None` stands for the only one there is.
    ///
    /// # Errors
    /// [`Error::Webauthn`] for the page, the other variants for us.
    pub async fn get(
        &self,
        caller: &Caller,
        options: &RequestOptions,
        consent: Consent,
        chosen: Option<&CredentialId>,
    ) -> Result<AuthenticationResponse, Error<S::Error>> {
        let _ = (caller, options, consent, chosen);
        unimplemented!()
    }
}
