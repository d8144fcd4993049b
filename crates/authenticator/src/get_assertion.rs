//! Signing in: `authenticatorGetAssertion`.

use rand_core::CryptoRng;

use crate::{
    AllowList, Approval, BackupState, CommandError, CredBlob, Credential, CredentialId, CredentialStore,
    Discoverability, GetExtensions, LargeBlob, LargeBlobKey, PrfResults, RequestId, RpId, User,
    authenticator_data::{self, Flags},
};

/// Everything that decides what is signed, but the person's consent.
///
/// It signs with one credential, chosen among those that [`applicable`](crate::applicable) lists: by the person, or one after
/// the other by `authenticatorGetNextAssertion`.
#[derive(Clone, Copy)]
pub struct GetAssertion<'a> {
    /// The relying party.
    pub rp_id: &'a RpId,
    /// The hash of the client data.
    pub request: &'a RequestId,
    /// Which credentials the site accepts.
    pub allow: &'a AllowList,
    /// The one that was chosen.
    pub credential: &'a CredentialId,
    /// What the site asks of the extensions.
    pub extensions: GetExtensions<'a>,
}

/// A signature, and what the relying party needs besides.
#[derive(Debug)]
pub struct Assertion {
    /// The credential that signed.
    pub id: CredentialId,
    /// Whom it is for. What of it may be told depends on the face: see CTAP 2.3 section 6.2.2, step 12.
    pub user: User,
    /// Whether a site finds it without naming it.
    pub discoverability: Discoverability,
    /// What was signed, before the hash of the client data.
    pub authenticator_data: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
    /// The key of its large blob, if it was asked for and there is one.
    pub large_blob_key: Option<LargeBlobKey>,
    /// The large blob that is kept with it, for the client that is part of us.
    pub large_blob: Option<LargeBlob>,
    /// What the site put beside it, for the client that is part of us.
    pub cred_blob: Option<CredBlob>,
    /// What the PRFs gave, if the results go to the client.
    pub prf: Option<PrfResults>,
}

impl GetAssertion<'_> {
    /// Opens the credential and signs with it.
    ///
    /// # Errors
    /// [`CommandError`]. One that the site does not accept, or that protects itself from people unverified, is
    /// [`CommandError::NoCredential`] like one that is not here.
    pub async fn run<S: CredentialStore>(
        self,
        store: &S,
        approval: Approval,
        rng: &mut impl CryptoRng,
    ) -> Result<Assertion, CommandError<S::Error>> {
        let loaded = store.load(self.rp_id, self.credential).await.map_err(CommandError::Storage)?;
        let (credential, state) = loaded.ok_or(CommandError::NoCredential)?;
        let is_asked = credential.rp_id == *self.rp_id && credential.id == *self.credential;
        if !mutant!("passkey.body-is-the-one-asked-for", is_asked) {
            return Err(CommandError::Relabelled);
        }
        if !self.allow.opens(&credential, approval.verification()) {
            return Err(CommandError::NoCredential);
        }
        self.sign(credential, state, approval, rng)
    }

    fn sign<E>(
        self,
        credential: Credential,
        state: BackupState,
        approval: Approval,
        rng: &mut impl CryptoRng,
    ) -> Result<Assertion, CommandError<E>> {
        let flags = Flags::new(approval, credential.eligibility, state);
        let outputs = self.extensions.answer(&credential, approval.verification());
        let authenticator_data = authenticator_data::for_assertion(self.rp_id, flags, &outputs.encoded);
        let signature = credential.key.sign(&[&authenticator_data, self.request.as_bytes()], rng)?;
        Ok(Assertion {
            id: credential.id,
            user: credential.user,
            discoverability: credential.discoverability,
            authenticator_data,
            signature,
            large_blob_key: credential.large_blob_key.filter(|_| self.extensions.large_blob_key),
            large_blob: credential.large_blob,
            cred_blob: credential.cred_blob,
            prf: outputs.prf,
        })
    }
}
