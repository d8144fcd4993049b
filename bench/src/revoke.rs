//! Taking one of ten devices out of an account of 10,000 items: the entry, the new epoch, everything sealed again.

use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use pollster::block_on;
use roamkey_client::{ItemDraft, Revocation, ServerUrl};
use roamkey_proto::RevokeReason;

use crate::{
    machine::Metered,
    report::Report,
    samples::Samples,
    server::Server,
    sync::{join, login, passphrase, vacant},
};

const DEVICES: usize = 10;
const ITEMS: usize = 10_000;

pub(crate) fn measure(report: &mut Report) -> Result<()> {
    let server = Server::start()?;
    let url: ServerUrl = server.url().parse().context("the server's own address")?;
    let machine = Rc::new(Metered::open()?);
    let meter = machine.meter();
    let remover = block_on(vacant(machine)?.create(&url, &passphrase()?, "remover")).map_err(|stayed| stayed.error)?;
    eprintln!("filling a vault of {ITEMS}");
    for number in 0..ITEMS {
        block_on(remover.add(ItemDraft::Login(login(number))))?;
    }
    block_on(remover.sync())?;
    let mut others = Vec::new();
    for _ in 1..DEVICES {
        others.push(join(&remover, &url)?);
    }
    block_on(remover.sync())?;
    let (lost, _) = others.last().context("ten devices")?;
    let devices = vec![lost.home().device];
    meter.reset();
    let mut time = Samples::default();
    time.time(|| {
        block_on(remover.revoke(Revocation {
            devices,
            keep: Vec::new(),
            reason: RevokeReason::Lost,
            keep_slots: Vec::new(),
        }))?;
        while remover.is_resealing()? {
            block_on(remover.sync())?;
        }
        Ok::<_, roamkey_client::Error>(())
    })?;
    let active = block_on(remover.log())?.active().count();
    ensure!(active == DEVICES - 1, "{active} devices are left");
    report.add(format!("revoke.ms.{ITEMS}x{DEVICES}"), time.median_ms(), "ms");
    report.add(format!("revoke.bytes.{ITEMS}x{DEVICES}"), meter.bytes() as f64, "bytes");
    Ok(())
}
