//! A store of many credentials.

use std::{collections::BTreeMap, convert::Infallible};

use getrandom::{SysRng, rand_core::UnwrapErr};
use roamkey_authenticator::{
    Algorithm, BackupEligibility, BackupState, Credential, CredentialId, CredentialStore, CredentialSummary,
    Discoverability, Found, LargeBlob, PrfSeeds, PrivateKey, Protection, RpId, ThirdPartyPayment, User, UserHandle,
};

/// Credentials as a vault keeps them: found by site, keys as bytes.
#[derive(Default)]
pub(super) struct Filled(BTreeMap<RpId, Vec<Stored>>);

struct Stored {
    summary: CredentialSummary,
    key: Vec<u8>,
    prf: [u8; PrfSeeds::LEN],
}

impl Filled {
    fn keep(&mut self, credential: &Credential) {
        let stored = Stored {
            summary: credential.summary(),
            key: credential.key.to_cose().to_vec(),
            prf: *credential.prf.expose(),
        };
        self.0.entry(credential.rp_id.clone()).or_default().push(stored);
    }

    /// Forgets what was made last for this site.
    pub(super) fn forget_newest(&mut self, rp_id: &str) -> Option<()> {
        self.0.get_mut(&RpId::try_from(rp_id).ok()?)?.pop().map(drop)
    }
}

/// A store with one credential for each of `size` sites.
pub(super) fn filled(size: usize) -> Filled {
    let mut store = Filled::default();
    for number in 0..size {
        store.keep(&credential(number));
    }
    store
}

/// The site of a credential.
pub(crate) fn site(number: usize) -> String {
    format!("site-{number}.example")
}

/// A passkey for one of many sites.
pub(crate) fn credential(number: usize) -> Credential {
    let rng = &mut UnwrapErr(SysRng);
    Credential {
        id: CredentialId::make(rng),
        rp_id: RpId::try_from(site(number).as_str()).expect("a short name"),
        user: User {
            handle: UserHandle::try_from(b"user".as_slice()).ok(),
            name: Some("ada@example.com".into()),
            display_name: Some("Ada".into()),
        },
        key: PrivateKey::make(Algorithm::Es256, rng),
        prf: PrfSeeds::make(rng),
        created_ms: 0,
        eligibility: BackupEligibility::Synced,
        discoverability: Discoverability::Discoverable,
        protection: Protection::default(),
        cred_blob: None,
        large_blob_key: None,
        large_blob: None,
        third_party_payment: ThirdPartyPayment::default(),
    }
}

impl CredentialStore for Filled {
    type Error = Infallible;

    async fn find(&self, rp_id: &RpId, ids: &[CredentialId]) -> Result<Vec<CredentialSummary>, Infallible> {
        let all = self.0.get(rp_id).into_iter().flatten().map(|stored| &stored.summary);
        Ok(all.filter(|found| ids.is_empty() || ids.contains(&found.id)).cloned().collect())
    }

    async fn load(&self, rp_id: &RpId, id: &CredentialId) -> Result<Option<(Credential, BackupState)>, Infallible> {
        let stored = self.0.get(rp_id).into_iter().flatten().find(|stored| stored.summary.id == *id);
        Ok(stored.map(|Stored { summary, key, prf }| {
            let CredentialSummary { id, rp_id, user, created_ms, eligibility, discoverability, protection, .. } =
                summary.clone();
            let credential = Credential {
                id,
                rp_id,
                user,
                key: PrivateKey::from_cose(key).expect("bytes that a key gave"),
                prf: PrfSeeds::from_bytes(prf),
                created_ms,
                eligibility,
                discoverability,
                protection,
                cred_blob: None,
                large_blob_key: None,
                large_blob: None,
                third_party_payment: ThirdPartyPayment::default(),
            };
            (credential, BackupState::BackedUp)
        }))
    }

    async fn save(&mut self, credential: &Credential, _: &[CredentialId]) -> Result<BackupState, Infallible> {
        self.keep(credential);
        Ok(BackupState::NotBackedUp)
    }

    async fn write_large_blob(
        &mut self,
        _: &RpId,
        _: &CredentialId,
        _: Option<&LargeBlob>,
    ) -> Result<Found, Infallible> {
        Ok(Found::Nothing)
    }
}
