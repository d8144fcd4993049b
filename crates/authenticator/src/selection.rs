//! Which of the store's credentials a request is about.
//!
//! The store's lists are filtered again here, so that one that lists too much shows a relying party nothing of another.

use crate::{
    Algorithm, BackupEligibility, CommandError, Credential, CredentialId, CredentialStore, CredentialSummary,
    Discoverability, Protection, RpId, UserHandle, Verification,
};

/// Which credentials a site accepts.
///
/// Not a plain list: one whose entries were all of unknown kinds accepts nothing, where an empty one accepts any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowList {
    /// Whatever is discoverable.
    Any,
    /// Those that the site names.
    Only(Vec<CredentialId>),
}

impl AllowList {
    /// Whether the site accepts this credential.
    pub fn allows(&self, id: &CredentialId) -> bool {
        match self {
            Self::Any => true,
            Self::Only(ids) => ids.contains(id),
        }
    }

    /// Whether a credential may answer a site with this list: it must be named or discoverable, and its protection must
    /// bear that the person was not verified (CTAP 2.3 section 6.2.2, step 7).
    fn opens_listed(&self, credential: &CredentialSummary, verification: Verification) -> bool {
        self.opens_to(&credential.id, credential.discoverability, credential.protection, verification)
    }

    /// The same for the credential itself, whatever a list said of it.
    pub(crate) fn opens(&self, credential: &Credential, verification: Verification) -> bool {
        self.opens_to(&credential.id, credential.discoverability, credential.protection, verification)
    }

    fn opens_to(
        &self,
        id: &CredentialId,
        discoverability: Discoverability,
        protection: Protection,
        verification: Verification,
    ) -> bool {
        let is_found = match self {
            Self::Any => discoverability == Discoverability::Discoverable,
            Self::Only(ids) => ids.contains(id),
        };
        is_found
            && match (protection, self) {
                (Protection::Optional, _) | (Protection::OptionalWhereNamed, Self::Only(_)) => true,
                (Protection::OptionalWhereNamed, Self::Any) | (Protection::Required, _) => {
                    verification == Verification::Performed
                }
            }
    }
}

/// The credentials that may answer, newest first.
///
/// Before it is known whether the person will be verified, ask for [`Verification::Performed`]: what then turns out to need it
/// is refused when it should sign.
///
/// # Errors
/// [`CommandError::Storage`].
pub async fn applicable<S: CredentialStore>(
    store: &S,
    rp_id: &RpId,
    allow: &AllowList,
    verification: Verification,
) -> Result<Vec<CredentialSummary>, CommandError<S::Error>> {
    let mut found = match allow {
        AllowList::Any => find(store, rp_id, &[]).await?,
        AllowList::Only(ids) => among(store, rp_id, ids).await?,
    };
    found.retain(|credential| allow.opens_listed(credential, verification));
    found.sort_by(|a, b| (b.created_ms, &b.id).cmp(&(a.created_ms, &a.id)));
    Ok(found)
}

/// Whether any of the excluded credentials is here. One that protects itself at level 3 shows itself to nobody unverified
/// (CTAP 2.3 section 6.1.2, step 12).
///
/// # Errors
/// [`CommandError::Storage`].
pub async fn any_excluded<S: CredentialStore>(
    store: &S,
    rp_id: &RpId,
    exclude: &[CredentialId],
    verification: Verification,
) -> Result<bool, CommandError<S::Error>> {
    let found = among(store, rp_id, exclude).await?;
    let shows =
        |found: &CredentialSummary| found.protection != Protection::Required || verification == Verification::Performed;
    Ok(found.iter().any(shows))
}

/// What a new discoverable credential replaces: the discoverable one of the same account, if it signs with the same algorithm
/// and is of the same eligibility.
///
/// CTAP 2.3 section 6.1.2 keeps one discoverable credential an account. We keep one an algorithm, because sites that ask for a
/// second algorithm mean to hold both, and never replace a synced credential by one that stays here, which would lock the
/// person's other devices out. One that sites must name is never replaced and replaces nothing: its site has its id, and may
/// hold any number of them.
///
/// # Errors
/// [`CommandError::Storage`].
pub async fn replaced<S: CredentialStore>(
    store: &S,
    rp_id: &RpId,
    user_handle: Option<&UserHandle>,
    algorithm: Algorithm,
    eligibility: BackupEligibility,
) -> Result<Vec<CredentialSummary>, CommandError<S::Error>> {
    let mut found = find(store, rp_id, &[]).await?;
    found.retain(|old| {
        old.discoverability == Discoverability::Discoverable
            && old.eligibility == eligibility
            && old.user.handle.as_ref() == user_handle
            && old.algorithm.is_same_scheme(algorithm)
    });
    Ok(found)
}

/// The credentials with one of these ids. No ids, the usual case at a creation, need no look-up: to the store an empty list
/// would mean all.
async fn among<S: CredentialStore>(
    store: &S,
    rp_id: &RpId,
    ids: &[CredentialId],
) -> Result<Vec<CredentialSummary>, CommandError<S::Error>> {
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
) -> Result<Vec<CredentialSummary>, CommandError<S::Error>> {
    let mut found = store.find(rp_id, ids).await.map_err(CommandError::Storage)?;
    found.retain(|credential| credential.rp_id == *rp_id);
    Ok(found)
}
