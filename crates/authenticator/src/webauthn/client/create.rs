//! Registration: `navigator.credentials.create()`.

use rand_core::CryptoRng;

use super::{AttestationPolicy, Client};
use crate::{
    Algorithm, Attestation, BackupEligibility, Consent, CreateExtensions, CredBlob, CredentialStore, CredentialSummary,
    Discoverability, Enterprise, EnterpriseRequest, Error, MadeCredential, MakeCredential, PrfDelivery, PrfRequest,
    RequestId, RpId, Verification, WebauthnError, selection,
    webauthn::{
        Attachment, Caller, CreationOptions, Place, RegistrationResponse, UserVerification,
        client_data::{Ceremony, ClientData},
        options::AttestationWish,
        response::{CreationResults, CredProps, LargeBlobSupport, PrfOutput},
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
    /// Where the site wants the credential to be.
    pub place: Place,
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
    /// [`WebauthnError::Security`] if the caller may not use the relying party id or AppID; [`WebauthnError::NotAllowed`]
    /// if none of the site's algorithms is ours; the store's error.
    pub async fn prompt_create(
        &self,
        caller: &Caller,
        options: &CreationOptions,
    ) -> Result<CreatePrompt, Error<S::Error>> {
        let (rp_id, algorithm) = admit(caller, options)?;
        // Whether the person will be verified is not known yet: say too much here rather than in the answer.
        let excluded = selection::any_excluded(self.store, &rp_id, &options.exclude, Verification::Performed).await?;
        let handle = options.user.handle.as_ref();
        let eligibility = BackupEligibility::Synced;
        let replaces = selection::replaced(self.store, &rp_id, handle, algorithm, eligibility).await?;
        Ok(CreatePrompt {
            request: client_data(caller, options).request_id(),
            rp_id,
            rp_name: options.rp_name.clone(),
            user_name: options.user.name.clone().unwrap_or_default(),
            display_name: options.user.display_name.clone().unwrap_or_default(),
            verification: options.user_verification(),
            attachment: options.attachment(),
            place: options.place(),
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
        let (rp_id, algorithm) = admit(caller, options)?;
        let client_data = client_data(caller, options);
        let request = client_data.request_id();
        let accepted = consent.accept(&request, options.user_verification())?;
        let command = MakeCredential {
            rp_id: &rp_id,
            request: &request,
            user: &options.user,
            algorithm,
            exclude: &options.exclude,
            discoverability: Discoverability::Discoverable,
            class: eligibility.into(),
            attestation: attestation(self.attestation, self.enterprise, options.attestation, &rp_id),
            extensions: extensions(options, accepted.verification()),
            now_ms,
        };
        let mut made = command.run(self.store, accepted, rng).await?;
        let results = results(options, &mut made);
        Ok(RegistrationResponse::new(client_data, made, results))
    }
}

/// Who vouches, as the site asks and the policy allows.
fn attestation<'a>(
    policy: AttestationPolicy<'a>,
    enterprise: Option<&'a Enterprise>,
    wish: AttestationWish,
    rp_id: &RpId,
) -> Attestation<'a> {
    let organisation = enterprise.filter(|_| wish == AttestationWish::EnterpriseStatement);
    let attester = organisation.and_then(|it| it.attester_for(EnterpriseRequest::VendorFacilitated, rp_id));
    match (wish, attester, policy) {
        (AttestationWish::Nothing, ..) => Attestation::None,
        (_, Some(attester), _) => Attestation::Enterprise(attester),
        (_, None, AttestationPolicy::None) => Attestation::None,
        (_, None, AttestationPolicy::SelfIfAsked) => Attestation::ItsOwnKey,
        (_, None, AttestationPolicy::CertifiedIfAsked(attester)) => Attestation::Attester(attester),
    }
}

/// Checks whether the page may ask that, and whether we could answer.
fn admit(caller: &Caller, options: &CreationOptions) -> Result<(RpId, Algorithm), WebauthnError> {
    let rp_id = rp_id::resolve(caller, options.rp_id.as_deref())?;
    options.wishes.app_id_exclude.iter().try_for_each(|app_id| app_id.check(caller.origin()))?;
    let algorithm = options.algorithm().ok_or(WebauthnError::NotAllowed("none of the site's algorithms is ours"))?;
    Ok((rp_id, algorithm))
}

fn extensions(options: &CreationOptions, verification: Verification) -> CreateExtensions<'_> {
    let wishes = &options.wishes;
    // Web sites only get the PRF that is bound to verification; at creation they must bear having no results.
    let verified = verification == Verification::Performed;
    let salts = wishes.prf.as_ref().and_then(|prf| prf.eval.as_ref()).filter(|_| verified);
    CreateExtensions {
        protection: wishes.protection,
        cred_blob: wishes.cred_blob.as_deref(),
        hmac_secret: wishes.hmac_create_secret,
        prf: salts.map(|salts| PrfRequest { salts, delivery: PrfDelivery::ToClient }),
        third_party_payment: wishes.payment,
        ..CreateExtensions::default()
    }
}

fn results(options: &CreationOptions, made: &mut MadeCredential) -> CreationResults {
    let wishes = &options.wishes;
    CreationResults {
        app_id_exclude: wishes.app_id_exclude.is_some().then_some(true),
        // What does not fit is not kept, and the site learns that.
        cred_blob: wishes.cred_blob.as_ref().map(|blob| CredBlob::try_from(blob.as_slice()).is_ok()),
        cred_props: wishes.cred_props.then_some(CredProps { rk: true }),
        hmac_create_secret: wishes.hmac_create_secret.then_some(true),
        large_blob: wishes.large_blob.then_some(LargeBlobSupport { supported: true }),
        prf: wishes.prf.is_some().then(|| PrfOutput { enabled: Some(true), results: made.prf.take().map(Into::into) }),
    }
}

fn client_data(caller: &Caller, options: &CreationOptions) -> ClientData {
    ClientData::new(Ceremony::Create, &options.challenge, caller)
}
