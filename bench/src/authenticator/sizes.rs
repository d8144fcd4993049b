//! What creating and signing in cost, whatever the number of credentials.

use anyhow::{Context, Result};
use getrandom::{SysRng, rand_core::UnwrapErr};
use pollster::block_on;
use roamkey_authenticator::{
    Algorithm, BackupEligibility, PrivateKey,
    webauthn::{Caller, Client, CreationOptions, Origin, RequestOptions},
};

use super::{
    CHALLENGE, agreed,
    store::{Filled, filled, site},
};
use crate::{
    report::Report,
    samples::{SAMPLES, Samples},
};

/// The numbers of credentials that are compared.
const SIZES: [usize; 3] = [1, 100, 10_000];

pub(super) fn measure(report: &mut Report) -> Result<()> {
    let mut sides =
        SIZES.map(|size| Side { size, store: filled(size), create: Samples::default(), get: Samples::default() });
    let rng = &mut UnwrapErr(SysRng);
    let key = PrivateKey::make(Algorithm::Es256, rng);
    let mut bare = Samples::default();
    for _ in 0..SAMPLES {
        for side in &mut sides {
            side.sample()?;
        }
        // As long as what a sign-in signs: authenticator data and a hash.
        bare.time(|| key.sign(&[&[1; 37], &[2; 32]], rng))?;
    }
    for side in &sides {
        report.add(format!("authenticator.create_us.{}", side.size), side.create.median_us(), "us");
        report.add(format!("authenticator.get_us.{}", side.size), side.get.median_us(), "us");
    }
    report.add("authenticator.bare_sign_us.es256", bare.median_us(), "us");
    Ok(())
}

/// One number of credentials.
struct Side {
    size: usize,
    store: Filled,
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
