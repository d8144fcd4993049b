//! The authenticator over a store in memory: what creating and signing in cost, whatever the number of credentials.

use std::{collections::BTreeMap, convert::Infallible};

use anyhow::{Context, Result};
use getrandom::{SysRng, rand_core::UnwrapErr};
use pollster::block_on;
use roamkey_authenticator::{
    Algorithm, BackupEligibility, BackupState, Consent, Credential, CredentialId, CredentialStore, CredentialSummary,
    Discoverability, Found, LargeBlob, Presence, PrfSeeds, PrivateKey, Protection, RpId, ThirdPartyPayment, User,
    UserHandle, Verification,
    webauthn::{Caller, Client, CreationOptions, Origin, RequestOptions},
};

use crate::{
    report::Report,
    samples::{SAMPLES, Samples},
};

/// The numbers of credentials that are compared.
const SIZES: [usize; 3] = [1, 100, 10_000];

pub(crate) fn measure(report: &mut Report) -> Result<()> {
    let mut sides =
        SIZES.map(|size| Side { size, store: filled(size), create: Samples::default(), get: Samples::default() });
    for _ in 0..SAMPLES {
        for side in &mut sides {
            side.sample()?;
        }
    }
    for side in &sides {
        report.add(format!("authenticator.create_us.{}", side.size), side.create.median_us(), "us");
        report.add(format!("authenticator.get_us.{}", side.size), side.get.median_us(), "us");
    }
    Ok(())
}

/// One number of credentials.
struct Side {
    size: usize,
    store: MemoryStore,
    create: Samples,
    get: Samples,
}

impl Side {
    /// Signs in once, and creates one credential that goes again.
    fn sample(&mut self) -> Result<()> {
        let rp_id = site(self.size - 1);
        let caller = Caller::same_origin(Origin::parse(&format!("https://{rp_id}"))?);
        let request = RequestOptions::from_json(&format!(r#"{{"challenge":"{CHALLENGE}","rpId":"{rp_id}"}}"#))?;
        let creation = CreationOptions::from_json(&format!(
            r#"{{"rp":{{"name":"Example","id":"{rp_id}"}},"user":{{"id":"bmV3","name":"new","displayName":"New"}},
                "challenge":"{CHALLENGE}","pubKeyCredParams":[{{"type":"public-key","alg":-7}}]}}"#
        ))?;
        let Self { store, create, get, .. } = self;
        get.time(|| -> Result<()> {
            let mut client = Client::new(store);
            let prompt = block_on(client.prompt_get(&caller, &request))?;
            let chosen = prompt.credentials.first().map(|found| found.id.clone());
            let rng = &mut UnwrapErr(SysRng);
            block_on(client.get(&caller, &request, agreed(prompt.request), chosen.as_ref(), rng))?;
            Ok(())
        })?;
        create.time(|| -> Result<()> {
            let mut client = Client::new(store);
            let prompt = block_on(client.prompt_create(&caller, &creation))?;
            let rng = &mut UnwrapErr(SysRng);
            let synced = BackupEligibility::Synced;
            block_on(client.create(&caller, &creation, agreed(prompt.request), synced, 0, rng))?;
            Ok(())
        })?;
        store.forget_newest(&rp_id).context("the credential that was just made is there")
    }
}

fn agreed(request: roamkey_authenticator::RequestId) -> Consent {
    Consent { request, presence: Presence::Given, verification: Verification::Performed }
}

/// 32 bytes in base64url.
const CHALLENGE: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

fn site(number: usize) -> String {
    format!("site-{number}.example")
}

/// Credentials as a vault keeps them: found by site, keys as bytes.
#[derive(Default)]
struct MemoryStore(BTreeMap<RpId, Vec<Stored>>);

struct Stored {
    summary: CredentialSummary,
    key: Vec<u8>,
    prf: [u8; PrfSeeds::LEN],
}

impl MemoryStore {
    fn keep(&mut self, credential: &Credential) {
        let stored = Stored {
            summary: credential.summary(),
            key: credential.key.to_cose().to_vec(),
            prf: *credential.prf.expose(),
        };
        self.0.entry(credential.rp_id.clone()).or_default().push(stored);
    }

    fn forget_newest(&mut self, rp_id: &str) -> Option<()> {
        self.0.get_mut(&RpId::try_from(rp_id).ok()?)?.pop().map(drop)
    }
}

fn filled(size: usize) -> MemoryStore {
    let rng = &mut UnwrapErr(SysRng);
    let mut store = MemoryStore::default();
    for number in 0..size {
        store.keep(&Credential {
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
        });
    }
    store
}

impl CredentialStore for MemoryStore {
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
