//! Signing in: `navigator.credentials.get()`.

use super::Client;
use crate::{
    Consent, CredentialId, CredentialStore, CredentialSummary, Error, RequestId, RpId, WebauthnError,
    get_assertion::GetAssertion,
    selection,
    webauthn::{
        AuthenticationResponse, Caller, RequestOptions, UserVerification,
        client_data::{Ceremony, ClientData},
        response::{ExtensionResults, PrfOutput},
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
}

impl<S: CredentialStore> Client<'_, S> {
    /// Says what to ask the person before [`Client::get`].
    ///
    /// # Errors
    /// [`WebauthnError::Security`] if the caller may not use the relying party id; the store's error.
    pub async fn prompt_get(&self, caller: &Caller, options: &RequestOptions) -> Result<GetPrompt, Error<S::Error>> {
        let rp_id = rp_id::resolve(caller.origin(), options.rp_id.as_deref())?;
        let credentials = selection::allowed(self.store, &rp_id, &options.allow).await?;
        Ok(GetPrompt {
            request: client_data(caller, options).request_id(),
            rp_id,
            credentials,
            verification: options.user_verification(),
        })
    }

    /// Signs in with the credential that the person chose; `None` stands for the only one there is.
    ///
    /// # Errors
    /// [`Error::Webauthn`] for the page; [`Error::Relabelled`] and [`Error::Storage`] if the store is at fault.
    pub async fn get(
        &self,
        caller: &Caller,
        options: &RequestOptions,
        consent: Consent,
        chosen: Option<&CredentialId>,
    ) -> Result<AuthenticationResponse, Error<S::Error>> {
        let rp_id = rp_id::resolve(caller.origin(), options.rp_id.as_deref())?;
        let client_data = client_data(caller, options);
        let request = client_data.request_id();
        let accepted = consent.accept(&request, options.user_verification())?;
        let credential = self.choose(&rp_id, options, chosen).await?;
        let command = GetAssertion {
            rp_id: &rp_id,
            request: &request,
            credential: &credential,
            prf: options.prf.as_ref().and_then(|prf| prf.salts_for(&credential)),
        };
        let mut assertion = command.run(self.store, accepted).await?;
        let results = assertion.prf.take().map(Into::into);
        let prf = options.prf.is_some().then_some(PrfOutput { enabled: None, results });
        let extensions = ExtensionResults { cred_props: None, prf };
        Ok(AuthenticationResponse::new(client_data, credential, assertion, extensions))
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
        match selection::allowed(self.store, rp_id, &options.allow).await?.as_slice() {
            [only] => Ok(only.id.clone()),
            [] => Err(WebauthnError::NotAllowed("no credential for this request is here").into()),
            _ => Err(WebauthnError::NotAllowed("nobody chose between several credentials").into()),
        }
    }
}

fn client_data(caller: &Caller, options: &RequestOptions) -> ClientData {
    ClientData::new(Ceremony::Get, &options.challenge, caller)
}
