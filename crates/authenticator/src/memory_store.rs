//! A store that forgets.

use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
};

use crate::{
    BackupState, CredBlob, Credential, CredentialId, CredentialStore, CredentialSummary, Found, LargeBlob,
    LargeBlobKey, ManagedStore, PrfSeeds, PrivateKey, RpId, User, Visibility,
};

/// Credentials in memory, for tests and throw-away devices.
pub struct MemoryStore {
    credentials: BTreeMap<CredentialId, Credential>,
    hidden: BTreeSet<CredentialId>,
    backup: BackupState,
    capacity: Option<usize>,
}

impl MemoryStore {
    /// An empty store, whose credentials all count as `backup` says.
    pub fn new(backup: BackupState) -> Self {
        Self { credentials: BTreeMap::new(), hidden: BTreeSet::new(), backup, capacity: None }
    }

    /// The same store with room for `capacity` credentials and no more.
    #[must_use]
    pub fn with_capacity(self, capacity: usize) -> Self {
        Self { capacity: Some(capacity), ..self }
    }

    fn offered(&self, rp_id: &RpId, id: &CredentialId) -> Option<&Credential> {
        self.credentials.get(id).filter(|credential| credential.rp_id == *rp_id && !self.hidden.contains(id))
    }

    fn of(&mut self, rp_id: &RpId, id: &CredentialId) -> Option<&mut Credential> {
        self.credentials.get_mut(id).filter(|credential| credential.rp_id == *rp_id)
    }

    fn change(&mut self, rp_id: &RpId, id: &CredentialId, change: impl FnOnce(&mut Credential)) -> Found {
        self.of(rp_id, id).map_or(Found::Nothing, |credential| {
            change(credential);
            Found::It
        })
    }
}

impl CredentialStore for MemoryStore {
    type Error = Infallible;

    async fn find(&self, rp_id: &RpId, ids: &[CredentialId]) -> Result<Vec<CredentialSummary>, Infallible> {
        let named = self.credentials.keys().filter(|id| ids.is_empty() || ids.contains(id));
        Ok(named.filter_map(|id| self.offered(rp_id, id)).map(Credential::summary).collect())
    }

    async fn load(&self, rp_id: &RpId, id: &CredentialId) -> Result<Option<(Credential, BackupState)>, Infallible> {
        Ok(self.offered(rp_id, id).map(|credential| (copy(credential), self.backup)))
    }

    async fn save(&mut self, credential: &Credential, replaces: &[CredentialId]) -> Result<BackupState, Infallible> {
        self.credentials.retain(|id, _| !replaces.contains(id));
        self.credentials.insert(credential.id.clone(), copy(credential));
        Ok(self.backup)
    }

    async fn write_large_blob(
        &mut self,
        rp_id: &RpId,
        id: &CredentialId,
        blob: Option<&LargeBlob>,
    ) -> Result<Found, Infallible> {
        Ok(self.change(rp_id, id, |credential| credential.large_blob = blob.map(copy_large_blob)))
    }

    async fn remaining(&self) -> Result<Option<usize>, Infallible> {
        Ok(self.capacity.map(|capacity| capacity.saturating_sub(self.credentials.len())))
    }
}

impl ManagedStore for MemoryStore {
    async fn relying_parties(&self) -> Result<Vec<RpId>, Infallible> {
        let offered = self.credentials.values().filter(|credential| !self.hidden.contains(&credential.id));
        let distinct: BTreeSet<_> = offered.map(|credential| &credential.rp_id).collect();
        Ok(distinct.into_iter().cloned().collect())
    }

    async fn delete(&mut self, rp_id: &RpId, id: &CredentialId) -> Result<Found, Infallible> {
        let found = self.change(rp_id, id, |_| {});
        if found == Found::It {
            self.credentials.remove(id);
            self.hidden.remove(id);
        }
        Ok(found)
    }

    async fn update_user(&mut self, rp_id: &RpId, id: &CredentialId, user: &User) -> Result<Found, Infallible> {
        Ok(self.change(rp_id, id, |credential| {
            credential.user.name.clone_from(&user.name);
            credential.user.display_name.clone_from(&user.display_name);
        }))
    }

    async fn set_visibility(
        &mut self,
        rp_id: &RpId,
        id: &CredentialId,
        visibility: Visibility,
    ) -> Result<Found, Infallible> {
        let found = self.change(rp_id, id, |_| {});
        match (found, visibility) {
            (Found::It, Visibility::Hidden) => self.hidden.insert(id.clone()),
            _ => self.hidden.remove(id),
        };
        Ok(found)
    }

    async fn clear(&mut self) -> Result<(), Infallible> {
        self.credentials.clear();
        self.hidden.clear();
        Ok(())
    }
}

/// Another of the same: credentials have no `Clone`, and what is lent out of a store goes with its borrower.
fn copy(credential: &Credential) -> Credential {
    Credential {
        id: credential.id.clone(),
        rp_id: credential.rp_id.clone(),
        user: credential.user.clone(),
        key: PrivateKey::from_cose(&credential.key.to_cose()).expect("the bytes come from to_cose"),
        prf: PrfSeeds::from_bytes(credential.prf.expose()),
        created_ms: credential.created_ms,
        eligibility: credential.eligibility,
        discoverability: credential.discoverability,
        protection: credential.protection,
        cred_blob: credential.cred_blob.as_ref().map(copy_cred_blob),
        large_blob_key: credential.large_blob_key.as_ref().map(|key| LargeBlobKey::from_bytes(key.expose())),
        large_blob: credential.large_blob.as_ref().map(copy_large_blob),
        third_party_payment: credential.third_party_payment,
    }
}

fn copy_cred_blob(blob: &CredBlob) -> CredBlob {
    CredBlob::try_from(blob.expose()).expect("it is as long as one")
}

fn copy_large_blob(blob: &LargeBlob) -> LargeBlob {
    LargeBlob::try_from(blob.expose()).expect("it is as long as one")
}
