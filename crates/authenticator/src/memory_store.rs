//! A store that forgets.

use std::{collections::BTreeMap, convert::Infallible};

use zeroize::Zeroizing;

use crate::{
    BackupEligibility, BackupState, Credential, CredentialId, CredentialStore, CredentialSummary, PrfSeeds, PrivateKey,
    RpId,
};

/// Credentials in memory, for tests and throw-away devices.
pub struct MemoryStore {
    credentials: BTreeMap<CredentialId, Kept>,
    backup: BackupState,
}

/// A credential taken apart, because credentials have no `Clone`.
struct Kept {
    summary: CredentialSummary,
    key: Zeroizing<Vec<u8>>,
    prf: PrfSeeds,
    eligibility: BackupEligibility,
}

impl MemoryStore {
    /// An empty store, whose credentials all count as `backup` says.
    pub fn new(backup: BackupState) -> Self {
        Self { credentials: BTreeMap::new(), backup }
    }
}

impl CredentialStore for MemoryStore {
    type Error = Infallible;

    async fn find(&self, rp_id: &RpId, ids: &[CredentialId]) -> Result<Vec<CredentialSummary>, Infallible> {
        let summaries = self.credentials.values().map(|kept| &kept.summary);
        let wanted = |found: &&CredentialSummary| found.rp_id == *rp_id && (ids.is_empty() || ids.contains(&found.id));
        Ok(summaries.filter(wanted).cloned().collect())
    }

    async fn load(&self, rp_id: &RpId, id: &CredentialId) -> Result<Option<(Credential, BackupState)>, Infallible> {
        let kept = self.credentials.get(id).filter(|kept| kept.summary.rp_id == *rp_id);
        Ok(kept.map(|kept| (kept.put_together(), self.backup)))
    }

    async fn save(&mut self, credential: &Credential, replaces: &[CredentialId]) -> Result<BackupState, Infallible> {
        self.credentials.retain(|id, _| !replaces.contains(id));
        self.credentials.insert(credential.id.clone(), Kept::take_apart(credential));
        Ok(self.backup)
    }
}

impl Kept {
    fn take_apart(credential: &Credential) -> Self {
        Self {
            summary: credential.summary(),
            key: credential.key.to_cose(),
            prf: PrfSeeds::from_bytes(credential.prf.expose()),
            eligibility: credential.eligibility,
        }
    }

    fn put_together(&self) -> Credential {
        let CredentialSummary { id, rp_id, user_handle, user_name, display_name, created_ms, .. } =
            self.summary.clone();
        Credential {
            id,
            rp_id,
            user_handle,
            user_name,
            display_name,
            key: PrivateKey::from_cose(&self.key).expect("the bytes come from to_cose"),
            prf: PrfSeeds::from_bytes(self.prf.expose()),
            created_ms,
            eligibility: self.eligibility,
        }
    }
}
