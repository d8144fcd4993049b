//! Registration: `navigator.credentials.create()`.

use rand_core::CryptoRng;

use super::{AttestationPolicy, Client};
use crate::{
    BackupEligibility, Consent, CredentialStore, CredentialSummary, Error, RequestId, RpId, Verification,
    attestation::AttestationFormat,
    make_credential::MakeCredential,
    selection,
    webauthn::{
        Attachment, Caller, CreationOptions, RegistrationResponse, UserVerification,
        client_data::{Ceremony, ClientData},
        options::AttestationWish,
        response::{CredProps, ExtensionResults, PrfOutput},
        rp_id,
    },
};

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

impl<S: CredentialStore> Client<'_, S> {
    /// Says what to ask the person before [`Client::create`].
    ///
    /// # Errors
    /// [`crate::WebauthnError::Security`] if the caller may not use the relying party id; the store's error.
    pub async fn prompt_create(
        &self,
        caller: &Caller,
        options: &CreationOptions,
    ) -> Result<CreatePrompt, Error<S::Error>> {
        let rp_id = rp_id::resolve(caller.origin(), options.rp_id.as_deref())?;
        let excluded = selection::any_excluded(self.store, &rp_id, &options.exclude).await?;
        let replaces = selection::same_account(self.store, &rp_id, &options.user.handle, options.algorithm).await?;
        Ok(CreatePrompt {
            request: client_data(caller, options).request_id(),
            rp_id,
            rp_name: options.rp_name.clone(),
            user_name: options.user.name.clone(),
            display_name: options.user.display_name.clone(),
            verification: options.user_verification(),
            attachment: options.attachment(),
            excluded,
            replaces,
        })
    }

    /// Creates a credential and keeps it in the store.
    ///
    /// # Errors
    /// [`Error::Webauthn`] for the page; [`Error::Storage`] if the store failed, in which case nothing was created.
    pub async fn create(
        &mut self,
        caller: &Caller,
        options: &CreationOptions,
        consent: Consent,
        eligibility: BackupEligibility,
        now_ms: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<RegistrationResponse, Error<S::Error>> {
        let rp_id = rp_id::resolve(caller.origin(), options.rp_id.as_deref())?;
        let client_data = client_data(caller, options);
        let request = client_data.request_id();
        let accepted = consent.accept(&request, options.user_verification())?;
        let verified = accepted.verification() == Verification::Performed;
        let command = MakeCredential {
            rp_id: &rp_id,
            request: &request,
            user: &options.user,
            algorithm: options.algorithm,
            exclude: &options.exclude,
            // Web sites only get the PRF that is bound to verification; at creation they must bear having no results.
            prf: options.prf.as_ref().and_then(|prf| prf.eval.as_ref()).filter(|_| verified),
            attestation: self.attestation_format(options),
            eligibility,
            now_ms,
        };
        let mut made = command.run(self.store, accepted, rng).await?;
        let extensions = ExtensionResults {
            cred_props: options.cred_props.then_some(CredProps { rk: true }),
            prf: options
                .prf
                .is_some()
                .then(|| PrfOutput { enabled: Some(true), results: made.prf.take().map(Into::into) }),
        };
        Ok(RegistrationResponse::new(client_data, made, extensions))
    }

    fn attestation_format(&self, options: &CreationOptions) -> AttestationFormat {
        match (self.attestation, options.attestation) {
            (AttestationPolicy::SelfIfAsked, AttestationWish::SomeStatement) => AttestationFormat::PackedSelf,
            _ => AttestationFormat::None,
        }
    }
}

fn client_data(caller: &Caller, options: &CreationOptions) -> ClientData {
    ClientData::new(Ceremony::Create, &options.challenge, caller)
}
