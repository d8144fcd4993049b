//! Creating a credential: `authenticatorMakeCredential`.

use rand_core::CryptoRng;

use crate::{
    Accepted, Algorithm, Attestation, AuthenticatorClass, CommandError, CreateExtensions, Credential, CredentialId,
    CredentialStore, Discoverability, LargeBlobKey, PrfResults, PrfSeeds, PrivateKey, PublicKey, RequestId, RpId,
    Statement, ThirdPartyPayment, User,
    authenticator_data::{self, Flags},
    selection,
};

/// Everything that decides how a credential comes out, but the person's consent.
#[derive(Clone, Copy)]
pub struct MakeCredential<'a> {
    /// The relying party.
    pub rp_id: &'a RpId,
    /// The hash of the client data.
    pub request: &'a RequestId,
    /// Whom the credential is for.
    pub user: &'a User,
    /// What it signs with: see [`Algorithm::first_of`].
    pub algorithm: Algorithm,
    /// The credentials beside which it must not be.
    pub exclude: &'a [CredentialId],
    /// Whether the site will find it without naming it: the option `rk`.
    pub discoverability: Discoverability,
    /// Which authenticator it is of.
    pub class: AuthenticatorClass,
    /// What it is to be vouched for with.
    pub attestation: Attestation<'a>,
    /// What the site asks of the extensions.
    pub extensions: CreateExtensions<'a>,
    /// The date, in milliseconds since 1970.
    pub now_ms: u64,
}

/// What a new credential gives the relying party.
#[derive(Debug)]
pub struct MadeCredential {
    /// Its id.
    pub id: CredentialId,
    /// The public half of its key.
    pub public_key: PublicKey,
    /// What was signed, or would have been.
    pub authenticator_data: Vec<u8>,
    /// What vouches for it.
    pub statement: Statement,
    /// The key of its large blob, if it has one.
    pub large_blob_key: Option<LargeBlobKey>,
    /// What the PRFs gave, if the results go to the client.
    pub prf: Option<PrfResults>,
}

impl MadeCredential {
    /// The attestation object, as web sites get it.
    pub fn attestation_object(&self) -> Vec<u8> {
        self.statement.object(&self.authenticator_data)
    }
}

impl MakeCredential<'_> {
    /// Creates the credential, keeps it, and vouches for it.
    ///
    /// The exclude list counts only now that the person agreed: answering earlier would tell a page silently who has an
    /// account (WebAuthn section 14.5.1).
    ///
    /// # Errors
    /// [`CommandError`]; nothing was created or replaced then.
    pub async fn run<S: CredentialStore>(
        self,
        store: &mut S,
        accepted: Accepted,
        rng: &mut impl CryptoRng,
    ) -> Result<MadeCredential, CommandError<S::Error>> {
        if selection::any_excluded(store, self.rp_id, self.exclude, accepted.verification()).await? {
            return Err(CommandError::Excluded);
        }
        let replaced = self.replaced(store).await?;
        if replaced.is_empty() && store.remaining().await.map_err(CommandError::Storage)? == Some(0) {
            return Err(CommandError::StoreFull);
        }
        let credential = self.make(rng);
        let state = store.save(&credential, &replaced).await.map_err(CommandError::Storage)?;
        let flags = Flags::new(accepted.into(), credential.eligibility, state);
        Ok(self.vouch(credential, flags, accepted, rng))
    }

    async fn replaced<S: CredentialStore>(&self, store: &S) -> Result<Vec<CredentialId>, CommandError<S::Error>> {
        if self.discoverability == Discoverability::NamedOnly {
            return Ok(Vec::new());
        }
        let (handle, eligibility) = (self.user.handle.as_ref(), self.class.eligibility());
        let replaced = selection::replaced(store, self.rp_id, handle, self.algorithm, eligibility).await?;
        Ok(replaced.into_iter().map(|old| old.id).collect())
    }

    fn make(&self, rng: &mut impl CryptoRng) -> Credential {
        let extensions = &self.extensions;
        Credential {
            id: CredentialId::make(rng),
            rp_id: self.rp_id.clone(),
            user: self.user.clone(),
            key: PrivateKey::make(self.algorithm, rng),
            // Always, so that a site can start to use the extension with credentials it already has.
            prf: PrfSeeds::make(rng),
            created_ms: self.now_ms,
            eligibility: self.class.eligibility(),
            discoverability: self.discoverability,
            protection: extensions.protection.unwrap_or_default(),
            cred_blob: extensions.kept_blob(),
            large_blob_key: extensions.large_blob_key.then(|| LargeBlobKey::make(rng)),
            large_blob: None,
            third_party_payment: if extensions.third_party_payment {
                ThirdPartyPayment::Enabled
            } else {
                ThirdPartyPayment::Disabled
            },
        }
    }

    fn vouch(
        self,
        credential: Credential,
        flags: Flags,
        accepted: Accepted,
        rng: &mut impl CryptoRng,
    ) -> MadeCredential {
        let public_key = credential.key.public_key();
        let outputs = self.extensions.answer(&credential, accepted.verification());
        let authenticator_data = authenticator_data::for_attestation(
            self.rp_id,
            flags,
            self.class,
            &credential.id,
            &public_key,
            &outputs.encoded,
        );
        let statement = self.attestation.state(self.class, &credential.key, &authenticator_data, self.request, rng);
        MadeCredential {
            id: credential.id,
            public_key,
            authenticator_data,
            statement,
            large_blob_key: credential.large_blob_key,
            prf: outputs.prf,
        }
    }
}
