//! The passkeys.

use roamkey_authenticator::{
    BackupState, Credential, CredentialId, CredentialStore, CredentialSummary, Found, LargeBlob, ManagedStore, RpId,
    User, Visibility,
};
use roamkey_cli::machine::Machine;
use roamkey_client::{Error, Passkeys, Session};

/// The passkeys of a vault, read anew each time: between two requests another device may have changed them.
pub(in super::super) struct Credentials<'s>(&'s Session<Machine>);

impl<'s> Credentials<'s> {
    pub(in super::super) fn new(session: &'s Session<Machine>) -> Self {
        Self(session)
    }

    fn passkeys(&self) -> Passkeys<'s, Machine> {
        self.0.passkeys()
    }
}

impl CredentialStore for Credentials<'_> {
    type Error = Error;

    async fn find(&self, rp_id: &RpId, ids: &[CredentialId]) -> Result<Vec<CredentialSummary>, Error> {
        self.passkeys().find(rp_id, ids).await
    }

    async fn load(&self, rp_id: &RpId, id: &CredentialId) -> Result<Option<(Credential, BackupState)>, Error> {
        self.passkeys().load(rp_id, id).await
    }

    async fn save(&mut self, credential: &Credential, replaces: &[CredentialId]) -> Result<BackupState, Error> {
        self.passkeys().save(credential, replaces).await
    }

    async fn write_large_blob(
        &mut self,
        rp_id: &RpId,
        id: &CredentialId,
        blob: Option<&LargeBlob>,
    ) -> Result<Found, Error> {
        self.passkeys().write_large_blob(rp_id, id, blob).await
    }
}

impl ManagedStore for Credentials<'_> {
    async fn relying_parties(&self) -> Result<Vec<RpId>, Error> {
        self.passkeys().relying_parties().await
    }

    async fn delete(&mut self, rp_id: &RpId, id: &CredentialId) -> Result<Found, Error> {
        self.passkeys().delete(rp_id, id).await
    }

    async fn update_user(&mut self, rp_id: &RpId, id: &CredentialId, user: &User) -> Result<Found, Error> {
        self.passkeys().update_user(rp_id, id, user).await
    }

    async fn set_visibility(
        &mut self,
        rp_id: &RpId,
        id: &CredentialId,
        visibility: Visibility,
    ) -> Result<Found, Error> {
        self.passkeys().set_visibility(rp_id, id, visibility).await
    }

    async fn clear(&mut self) -> Result<(), Error> {
        self.passkeys().clear().await
    }
}
