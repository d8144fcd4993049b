//! Signing in: `navigator.credentials.get()`.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::Client;
use crate::{
    Assertion, Consent, CredentialId, CredentialStore, CredentialSummary, Error, Found, GetAssertion, GetExtensions,
    LargeBlob, PrfDelivery, PrfRequest, RequestId, RpId, Verification, WebauthnError, selection,
    webauthn::{
        AuthenticationResponse, Caller, Place, RequestOptions, UserVerification,
        base64url::SecretBytes,
        client_data::{Ceremony, ClientData},
        options::LargeBlobWish,
        response::{LargeBlobOutput, PrfOutput, SignInResults},
        rp_id,
    },
};

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
    /// Where the site expects the credential to be. A hint only: what is here serves.
    pub place: Place,
}

impl<S: CredentialStore> Client<'_, S> {
    /// Says what to ask the person before [`Client::get`].
    ///
    /// # Errors
    /// [`WebauthnError::Security`] if the caller may not use the relying party id or AppID; the store's error.
    pub async fn prompt_get(&self, caller: &Caller, options: &RequestOptions) -> Result<GetPrompt, Error<S::Error>> {
        let rp_id = admit(caller, options)?;
        let credentials = selection::applicable(self.store, &rp_id, &options.allow, Verification::Performed).await?;
        Ok(GetPrompt {
            request: client_data(caller, options).request_id(),
            rp_id,
            verification: options.user_verification_among(&credentials),
            credentials,
            place: options.place(),
        })
    }

    /// Signs in with the credential that the person chose; `None` stands for the only one there is.
    ///
    /// # Errors
    /// [`Error::Webauthn`] for the page; [`Error::Relabelled`] and [`Error::Storage`] if the store is at fault.
    pub async fn get(
        &mut self,
        caller: &Caller,
        options: &RequestOptions,
        consent: Consent,
        chosen: Option<&CredentialId>,
        rng: &mut impl CryptoRng,
    ) -> Result<AuthenticationResponse, Error<S::Error>> {
        let rp_id = admit(caller, options)?;
        let client_data = client_data(caller, options);
        let request = client_data.request_id();
        let accepted = consent.accept(&request, options.user_verification())?;
        let credential = self.choose(&rp_id, options, chosen).await?;
        let command = GetAssertion {
            rp_id: &rp_id,
            request: &request,
            allow: &options.allow,
            credential: &credential,
            extensions: extensions(options, &credential),
        };
        let mut assertion = command.run(self.store, accepted.into(), rng).await?;
        let large_blob = self.large_blob(&rp_id, options, &mut assertion).await;
        let results = results(options, &mut assertion, large_blob);
        Ok(AuthenticationResponse::new(client_data, assertion, results))
    }

    /// Reads or writes what the site keeps with the credential, which has signed by now: a store that fails to write is no
    /// failed sign-in, and the site learns that nothing was written.
    async fn large_blob(
        &mut self,
        rp_id: &RpId,
        options: &RequestOptions,
        assertion: &mut Assertion,
    ) -> Option<LargeBlobOutput> {
        match options.wishes.large_blob.as_ref()? {
            LargeBlobWish::Read => Some(LargeBlobOutput::read(assertion.large_blob.take())),
            LargeBlobWish::Write(bytes) => {
                let Ok(blob) = LargeBlob::try_from(bytes.as_slice()) else {
                    return Some(LargeBlobOutput::written(false));
                };
                let blob = (!bytes.is_empty()).then_some(&blob);
                let written = self.store.write_large_blob(rp_id, &assertion.id, blob).await;
                Some(LargeBlobOutput::written(matches!(written, Ok(Found::It))))
            }
        }
    }

    /// The person's choice, where the site accepts it.
    async fn choose(
        &self,
        rp_id: &RpId,
        options: &RequestOptions,
        chosen: Option<&CredentialId>,
    ) -> Result<CredentialId, Error<S::Error>> {
        if let Some(id) = chosen {
            return if options.allow.allows(id) {
                Ok(id.clone())
            } else {
                Err(WebauthnError::NotAllowed("the chosen credential is not among those allowed").into())
            };
        }
        match selection::applicable(self.store, rp_id, &options.allow, Verification::Performed).await?.as_slice() {
            [only] => Ok(only.id.clone()),
            [] => Err(WebauthnError::NotAllowed("no credential for this request is here").into()),
            _ => Err(WebauthnError::NotAllowed("nobody chose between several credentials").into()),
        }
    }
}

/// Checks whether the page may ask that.
fn admit(caller: &Caller, options: &RequestOptions) -> Result<RpId, WebauthnError> {
    options.wishes.app_id.iter().try_for_each(|app_id| app_id.check(caller.origin()))?;
    rp_id::resolve(caller, options.rp_id.as_deref())
}

fn extensions<'o>(options: &'o RequestOptions, credential: &CredentialId) -> GetExtensions<'o> {
    let salts = options.wishes.prf.as_ref().and_then(|prf| prf.salts_for(credential));
    GetExtensions {
        cred_blob: options.wishes.cred_blob,
        prf: salts.map(|salts| PrfRequest { salts, delivery: PrfDelivery::ToClient }),
        ..GetExtensions::default()
    }
}

fn results(options: &RequestOptions, assertion: &mut Assertion, large_blob: Option<LargeBlobOutput>) -> SignInResults {
    let wishes = &options.wishes;
    // None is an empty one, as authenticators say it.
    let blob = Zeroizing::new(assertion.cred_blob.take().map(|blob| blob.expose().to_vec()).unwrap_or_default());
    SignInResults {
        // No credential of ours was made by U2F.
        app_id: wishes.app_id.is_some().then_some(false),
        get_cred_blob: wishes.cred_blob.then(|| SecretBytes(blob)),
        large_blob,
        prf: wishes.prf.is_some().then(|| PrfOutput { enabled: None, results: assertion.prf.take().map(Into::into) }),
    }
}

fn client_data(caller: &Caller, options: &RequestOptions) -> ClientData {
    ClientData::new(Ceremony::Get, &options.challenge, caller)
}
