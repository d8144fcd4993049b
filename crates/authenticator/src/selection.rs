//! Which of the store's credentials a request is about.
//!
//! The store's lists are filtered again here, so that one that lists too much shows a relying party nothing of another.

use crate::{Algorithm, CredentialId, CredentialStore, CredentialSummary, Error, RpId, UserHandle};

/// Which credentials a site accepts.
///
/// Not a plain list: one whose entries were all of unknown kinds accepts nothing, where an empty one accepts any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AllowList {
    Any,
    Only(Vec<CredentialId>),
}

impl AllowList {
    /// Whether the site accepts this credential.
    pub(crate) fn allows(&self, id: &CredentialId) -> bool {
        match self {
            Self::Any => true,
            Self::Only(ids) => ids.contains(id),
        }
    }
}

/// The credentials that may answer, newest first.
pub(crate) async fn allowed<S: CredentialStore>(
    store: &S,
    rp_id: &RpId,
    allow: &AllowList,
) -> Result<Vec<CredentialSummary>, Error<S::Error>> {
    let mut found = match allow {
        AllowList::Any => find(store, rp_id, &[]).await?,
        AllowList::Only(ids) => among(store, rp_id, ids).await?,
    };
    found.sort_by(|a, b| (b.created_ms, &b.id).cmp(&(a.created_ms, &a.id)));
    Ok(found)
}

/// Whether any of the excluded credentials is here.
pub(crate) async fn any_excluded<S: CredentialStore>(
    store: &S,
    rp_id: &RpId,
    exclude: &[CredentialId],
) -> Result<bool, Error<S::Error>> {
    Ok(!among(store, rp_id, exclude).await?.is_empty())
}

/// What a new credential replaces: CTAP keeps one discoverable credential an account, we keep one an algorithm, because
/// sites that ask for a second algorithm mean to hold both.
pub(crate) async fn same_account<S: CredentialStore>(
    store: &S,
    rp_id: &RpId,
    user_handle: &UserHandle,
    algorithm: Algorithm,
) -> Result<Vec<CredentialSummary>, Error<S::Error>> {
    let mut found = find(store, rp_id, &[]).await?;
    found.retain(|old| old.user_handle == *user_handle && old.algorithm == algorithm);
    Ok(found)
}

/// The credentials with one of these ids. No ids, the usual case at a creation, need no look-up: to the store an empty list
/// would mean all.
async fn among<S: CredentialStore>(
    store: &S,
    rp_id: &RpId,
    ids: &[CredentialId],
) -> Result<Vec<CredentialSummary>, Error<S::Error>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = find(store, rp_id, ids).await?;
    found.retain(|credential| ids.contains(&credential.id));
    Ok(found)
}

async fn find<S: CredentialStore>(
    store: &S,
    rp_id: &RpId,
    ids: &[CredentialId],
) -> Result<Vec<CredentialSummary>, Error<S::Error>> {
    let mut found = store.find(rp_id, ids).await.map_err(Error::Storage)?;
    found.retain(|credential| credential.rp_id == *rp_id);
    Ok(found)
}
