//! Creating a credential: `authenticatorMakeCredential`.

use rand_core::CryptoRng;

use crate::{
    Algorithm, BackupEligibility, Credential, CredentialId, CredentialStore, Error, PrfSeeds, PrivateKey, PublicKey,
    RequestId, RpId, UserHandle, WebauthnError,
    attestation::AttestationFormat,
    authenticator_data::{self, Flags},
    consent::Accepted,
    prf::{PrfResults, PrfSalts},
    selection,
};

/// Everything that decides how a credential comes out, but the person's consent.
pub(crate) struct MakeCredential<'a> {
    pub(crate) rp_id: &'a RpId,
    pub(crate) request: &'a RequestId,
    pub(crate) user: &'a User,
    pub(crate) algorithm: Algorithm,
    pub(crate) exclude: &'a [CredentialId],
    pub(crate) prf: Option<&'a PrfSalts>,
    pub(crate) attestation: AttestationFormat,
    pub(crate) eligibility: BackupEligibility,
    pub(crate) now_ms: u64,
}

/// Whom a credential is for.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) handle: UserHandle,
    pub(crate) name: String,
    pub(crate) display_name: String,
}

/// What a new credential gives the relying party.
pub(crate) struct MadeCredential {
    pub(crate) id: CredentialId,
    pub(crate) public_key: PublicKey,
    pub(crate) authenticator_data: Vec<u8>,
    pub(crate) attestation_object: Vec<u8>,
    pub(crate) prf: Option<PrfResults>,
}

impl MakeCredential<'_> {
    /// Creates the credential, keeps it, and vouches for it.
    ///
    /// The exclude list counts only now that the person agreed: answering earlier would tell a page silently who has an
    /// account (WebAuthn section 14.5.1).
    pub(crate) async fn run<S: CredentialStore>(
        self,
        store: &mut S,
        accepted: Accepted,
        rng: &mut impl CryptoRng,
    ) -> Result<MadeCredential, Error<S::Error>> {
        if selection::any_excluded(store, self.rp_id, self.exclude).await? {
            return Err(WebauthnError::InvalidState.into());
        }
        let credential = self.make(rng);
        let replaced = selection::same_account(store, self.rp_id, &self.user.handle, self.algorithm).await?;
        let replaced: Vec<_> = replaced.into_iter().map(|old| old.id).collect();
        let state = store.save(&credential, &replaced).await.map_err(Error::Storage)?;
        let flags = Flags::new(accepted, credential.eligibility, state);
        Ok(self.vouch(credential, flags, accepted))
    }

    fn make(&self, rng: &mut impl CryptoRng) -> Credential {
        Credential {
            id: CredentialId::make(rng),
            rp_id: self.rp_id.clone(),
            user_handle: self.user.handle.clone(),
            user_name: self.user.name.clone(),
            display_name: self.user.display_name.clone(),
            key: PrivateKey::make(self.algorithm, rng),
            // Always, so that a site can start to use the extension with credentials it already has.
            prf: PrfSeeds::make(rng),
            created_ms: self.now_ms,
            eligibility: self.eligibility,
        }
    }

    fn vouch(self, credential: Credential, flags: Flags, accepted: Accepted) -> MadeCredential {
        let public_key = credential.key.public_key();
        let authenticator_data = authenticator_data::for_attestation(self.rp_id, flags, &credential.id, &public_key);
        let attestation_object = self.attestation.object(&credential.key, &authenticator_data, self.request);
        let prf = self.prf.map(|salts| credential.prf.evaluate(salts, accepted.verification()));
        MadeCredential { id: credential.id, public_key, authenticator_data, attestation_object, prf }
    }
}
