//! A sign-in out of a sealed vault: the look-up among ten thousand passkeys, opening one record, and the signature.

use std::rc::Rc;

use anyhow::{Context, Result, anyhow, bail, ensure};
use getrandom::{SysRng, rand_core::UnwrapErr};
use pollster::block_on;
use roamkey_authenticator::{
    CredentialStore as _,
    webauthn::{Caller, Client as WebauthnClient, Origin, RequestOptions},
};
use roamkey_cli::machine::HttpTransport;
use roamkey_client::{Client, Host, MemoryStore, ServerUrl, Session};
use roamkey_proto::Time;
use roamkey_sealing::unlock::Passphrase;

use crate::{
    authenticator::{CHALLENGE, agreed, credential, site},
    report::Report,
    samples::{SAMPLES, Samples},
    server::Server,
};

const SIZE: usize = 10_000;

pub(crate) fn measure(report: &mut Report) -> Result<()> {
    let server = Server::start()?;
    eprintln!("filling a vault of {SIZE}");
    let session = filled(&server.url().parse().context("the server's own address")?)?;
    let mut get = Samples::default();
    for sample in 0..SAMPLES {
        // Another site each time: nothing is at hand from the last.
        sign_in(&session, (sample * 7_919) % SIZE, &mut get)?;
    }
    report.add(format!("vault.get_us.{SIZE}"), get.median_us(), "us");
    Ok(())
}

/// A vault whose passkeys all rest in records that the server signed for.
fn filled(url: &ServerUrl) -> Result<Session<InMemory>> {
    let Client::Vacant(vacant) = block_on(Client::open(Rc::new(InMemory::new()?)))? else {
        bail!("a new store holds a device")
    };
    let passphrase = Passphrase::new("a passphrase for measurements")?;
    let session = block_on(vacant.create(url, &passphrase, "bench")).map_err(|stayed| stayed.error)?;
    for number in 0..SIZE {
        block_on(session.passkeys().save(&credential(number), &[]))?;
    }
    block_on(session.sync())?;
    Ok(session)
}

fn sign_in(session: &Session<InMemory>, number: usize, get: &mut Samples) -> Result<()> {
    let rp_id = site(number);
    let caller = Caller::same_origin(Origin::parse(&format!("https://{rp_id}"))?);
    let options = RequestOptions::from_json(&format!(r#"{{"challenge":"{CHALLENGE}","rpId":"{rp_id}"}}"#))?;
    let signed = get.time(|| -> Result<_> {
        let mut passkeys = session.passkeys();
        let mut client = WebauthnClient::new(&mut passkeys);
        let prompt = block_on(client.prompt_get(&caller, &options))?;
        let chosen = prompt.credentials.first().context("the site's passkey")?.id.clone();
        let rng = &mut UnwrapErr(SysRng);
        Ok(block_on(client.get(&caller, &options, agreed(prompt.request), Some(&chosen), rng))?)
    })?;
    ensure!(signed.to_json().contains("signature"), "a sign-in has a signature");
    Ok(())
}

/// A machine whose store is memory: what is measured is the vault, not a disk.
struct InMemory {
    store: MemoryStore,
    transport: HttpTransport,
}

impl InMemory {
    fn new() -> Result<Self> {
        let transport = HttpTransport::new(None).map_err(|error| anyhow!(error))?;
        Ok(Self { store: MemoryStore::default(), transport })
    }
}

impl Host for InMemory {
    type Store = MemoryStore;
    type Transport = HttpTransport;
    type Rng = UnwrapErr<SysRng>;

    fn store(&self) -> &MemoryStore {
        &self.store
    }

    fn transport(&self) -> &HttpTransport {
        &self.transport
    }

    fn rng(&self) -> Self::Rng {
        UnwrapErr(SysRng)
    }

    fn now(&self) -> Time {
        Time(1_700_000_000_000)
    }

    fn platform(&self) -> &str {
        "bench"
    }
}
