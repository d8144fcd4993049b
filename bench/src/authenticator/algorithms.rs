//! What creating and signing in cost by algorithm.

use anyhow::{Context, Result};
use getrandom::{SysRng, rand_core::UnwrapErr};
use pollster::block_on;
use roamkey_authenticator::{
    Algorithm, BackupEligibility, BackupState, MemoryStore,
    webauthn::{Caller, Client, CreationOptions, Origin, RequestOptions},
};

use super::{CHALLENGE, agreed};
use crate::{
    report::Report,
    samples::{SAMPLES, Samples},
};

/// The algorithms, by the names of their measurements.
const ALGORITHMS: [(&str, Algorithm); 7] = [
    ("es256", Algorithm::Es256),
    ("eddsa", Algorithm::EdDsa),
    ("es384", Algorithm::Es384),
    ("rs256", Algorithm::Rs256),
    ("mldsa44", Algorithm::MlDsa44),
    ("mldsa65", Algorithm::MlDsa65),
    ("mldsa87", Algorithm::MlDsa87),
];

/// Drawing an RSA key is a search for primes: seconds in WASM.
const RSA_KEYS: usize = 11;

pub(super) fn measure(prefix: &str, report: &mut Report) -> Result<()> {
    let mut sides =
        ALGORITHMS.map(|(name, algorithm)| Side::of(name, algorithm)).into_iter().collect::<Result<Vec<_>>>()?;
    for round in 0..SAMPLES {
        for side in &mut sides {
            if side.algorithm != Algorithm::Rs256 || round < RSA_KEYS {
                side.create()?;
            }
            side.get()?;
        }
    }
    for side in &sides {
        report.add(format!("{prefix}.create_us.{}", side.name), side.create.median_us(), "us");
        report.add(format!("{prefix}.get_us.{}", side.name), side.get.median_us(), "us");
    }
    Ok(())
}

/// One algorithm, with one account that is made again and again.
struct Side {
    name: &'static str,
    algorithm: Algorithm,
    store: MemoryStore,
    caller: Caller,
    creation: CreationOptions,
    request: RequestOptions,
    create: Samples,
    get: Samples,
}

impl Side {
    fn of(name: &'static str, algorithm: Algorithm) -> Result<Self> {
        let creation = format!(
            r#"{{"rp":{{"name":"Example","id":"example.com"}},"user":{{"id":"bmV3","name":"new","displayName":"New"}},
                "challenge":"{CHALLENGE}","pubKeyCredParams":[{{"type":"public-key","alg":{}}}]}}"#,
            algorithm.cose()
        );
        let request = format!(r#"{{"challenge":"{CHALLENGE}","rpId":"example.com"}}"#);
        Ok(Self {
            name,
            algorithm,
            store: MemoryStore::new(BackupState::BackedUp),
            caller: Caller::same_origin(Origin::parse("https://example.com")?),
            creation: CreationOptions::from_json(&creation)?,
            request: RequestOptions::from_json(&request)?,
            create: Samples::default(),
            get: Samples::default(),
        })
    }

    fn create(&mut self) -> Result<()> {
        let Self { store, caller, creation, create, .. } = self;
        create.time(|| -> Result<()> {
            let mut client = Client::new(store);
            let prompt = block_on(client.prompt_create(caller, creation))?;
            let rng = &mut UnwrapErr(SysRng);
            let synced = BackupEligibility::Synced;
            block_on(client.create(caller, creation, agreed(prompt.request), synced, 0, rng))?;
            Ok(())
        })
    }

    fn get(&mut self) -> Result<()> {
        let Self { store, caller, request, get, .. } = self;
        get.time(|| -> Result<()> {
            let mut client = Client::new(store);
            let prompt = block_on(client.prompt_get(caller, request))?;
            let chosen = prompt.credentials.first().context("the credential that was just made")?.id.clone();
            let rng = &mut UnwrapErr(SysRng);
            block_on(client.get(caller, request, agreed(prompt.request), Some(&chosen), rng))?;
            Ok(())
        })
    }
}
