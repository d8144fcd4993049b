//! Where credentials live: the caller's business, behind one trait.

use crate::{BackupState, Credential, CredentialId, CredentialSummary, RpId};

/// Finds, loads and keeps credentials.
///
/// The authenticator does not trust its answers: what it gets is compared with what it asked for at every use, so that a
/// record relabelled at rest or in transit never signs for another relying party.
#[expect(async_fn_in_trait, reason = "browsers' futures are not Send, and no caller needs them to be")]
pub trait CredentialStore {
    /// The store's own failure; it is passed through as [`crate::Error::Storage`].
    type Error: std::error::Error + 'static;

    /// Lists the credentials of `rp_id` whose id is among `ids`, or all of them where `ids` is empty.
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
}
