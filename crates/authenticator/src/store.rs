//! Where credentials live: the caller's business, behind one trait.

use crate::{BackupState, Credential, CredentialId, CredentialSummary, LargeBlob, RpId, User};

/// Finds, loads and keeps credentials.
///
/// The authenticator does not trust its answers: what it gets is compared with what it asked for at every use, so that a
/// record relabelled at rest or in transit never signs for another relying party.
#[expect(async_fn_in_trait, reason = "browsers' futures are not Send, and no caller needs them to be")]
pub trait CredentialStore {
    /// The store's own failure; it is passed through as [`crate::Error::Storage`].
    type Error: std::error::Error + 'static;

    /// Lists the credentials of `rp_id` whose id is among `ids`, or all of them where `ids` is empty: those that are hidden
    /// are not among them, those that are not discoverable are.
    ///
    /// # Errors
    /// The store's own.
    async fn find(&self, rp_id: &RpId, ids: &[CredentialId]) -> Result<Vec<CredentialSummary>, Self::Error>;

    /// Opens one credential, and says whether a copy of it is known to exist elsewhere at this moment.
    ///
    /// # Errors
    /// The store's own.
    async fn load(&self, rp_id: &RpId, id: &CredentialId) -> Result<Option<(Credential, BackupState)>, Self::Error>;

    /// Keeps a new credential and drops those it `replaces`, both or neither.
    ///
    /// # Errors
    /// The store's own.
    async fn save(&mut self, credential: &Credential, replaces: &[CredentialId]) -> Result<BackupState, Self::Error>;

    /// Replaces the large blob of a credential; `None` takes it away.
    ///
    /// # Errors
    /// The store's own; nothing changed then.
    async fn write_large_blob(
        &mut self,
        rp_id: &RpId,
        id: &CredentialId,
        blob: Option<&LargeBlob>,
    ) -> Result<Found, Self::Error>;

    /// How many more credentials fit; `None` if the store sets no limit.
    ///
    /// # Errors
    /// The store's own.
    async fn remaining(&self) -> Result<Option<usize>, Self::Error> {
        Ok(None)
    }
}

/// What managing credentials takes: CTAP's credential management and reset, and WebAuthn's Signal API.
#[expect(async_fn_in_trait, reason = "browsers' futures are not Send, and no caller needs them to be")]
pub trait ManagedStore: CredentialStore {
    /// Lists the relying parties that have credentials here, in a fixed order.
    ///
    /// # Errors
    /// The store's own.
    async fn relying_parties(&self) -> Result<Vec<RpId>, Self::Error>;

    /// Takes a credential away for good. [`Found::Nothing`] if it is not here.
    ///
    /// # Errors
    /// The store's own; the credential is still here then.
    async fn delete(&mut self, rp_id: &RpId, id: &CredentialId) -> Result<Found, Self::Error>;

    /// Replaces what a credential says about its user. The handle is not changed: it is not the user's to change.
    ///
    /// # Errors
    /// The store's own; nothing changed then.
    async fn update_user(&mut self, rp_id: &RpId, id: &CredentialId, user: &User) -> Result<Found, Self::Error>;

    /// Hides a credential from every look-up, or takes that back. It stays where it is, keys and all.
    ///
    /// # Errors
    /// The store's own; nothing changed then.
    async fn set_visibility(
        &mut self,
        rp_id: &RpId,
        id: &CredentialId,
        visibility: Visibility,
    ) -> Result<Found, Self::Error>;

    /// Takes all credentials away for good (`authenticatorReset`), all or none.
    ///
    /// # Errors
    /// The store's own; all credentials are still here then.
    async fn clear(&mut self) -> Result<(), Self::Error>;

    /// Looks a credential up by its id alone, as CTAP's credential management names it.
    ///
    /// # Errors
    /// The store's own.
    async fn find_by_id(&self, id: &CredentialId) -> Result<Option<CredentialSummary>, Self::Error> {
        for rp_id in self.relying_parties().await? {
            let found = self.find(&rp_id, std::slice::from_ref(id)).await?;
            if let Some(summary) = found.into_iter().find(|summary| summary.id == *id) {
                return Ok(Some(summary));
            }
        }
        Ok(None)
    }
}

/// Whether a change met the credential it was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It was there and is changed.
    It,
    /// There is no such credential.
    Nothing,
}

/// Whether a credential is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// It is.
    Offered,
    /// It is hidden: the site said that it no longer knows it.
    Hidden,
}
