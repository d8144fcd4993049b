//! Signing in: `authenticatorGetAssertion`.

use crate::{
    BackupState, Credential, CredentialId, CredentialStore, Error, RequestId, RpId, UserHandle, WebauthnError,
    authenticator_data::{self, Flags},
    consent::Accepted,
    prf::{PrfResults, PrfSalts},
};

/// Everything that decides what is signed, but the person's consent.
pub(crate) struct GetAssertion<'a> {
    pub(crate) rp_id: &'a RpId,
    pub(crate) request: &'a RequestId,
    pub(crate) credential: &'a CredentialId,
    pub(crate) prf: Option<&'a PrfSalts>,
}

/// A signature, and what the relying party needs besides.
pub(crate) struct Assertion {
    pub(crate) user_handle: UserHandle,
    pub(crate) authenticator_data: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) prf: Option<PrfResults>,
}

impl GetAssertion<'_> {
    /// Opens the credential and signs with it.
    pub(crate) async fn run<S: CredentialStore>(
        self,
        store: &S,
        accepted: Accepted,
    ) -> Result<Assertion, Error<S::Error>> {
        let loaded = store.load(self.rp_id, self.credential).await;
        let (credential, state) =
            loaded.map_err(Error::Storage)?.ok_or(WebauthnError::NotAllowed("the chosen credential is not here"))?;
        let is_asked = credential.rp_id == *self.rp_id && credential.id == *self.credential;
        if !mutant!("passkey.body-is-the-one-asked-for", is_asked) {
            return Err(Error::Relabelled);
        }
        Ok(self.sign(credential, state, accepted))
    }

    fn sign(self, credential: Credential, state: BackupState, accepted: Accepted) -> Assertion {
        let flags = Flags::new(accepted, credential.eligibility, state);
        let authenticator_data = authenticator_data::for_assertion(self.rp_id, flags);
        let signature = credential.key.sign(&[&authenticator_data, self.request.as_bytes()]);
        let prf = self.prf.map(|salts| credential.prf.evaluate(salts, accepted.verification()));
        Assertion { user_handle: credential.user_handle, authenticator_data, signature, prf }
    }
}
