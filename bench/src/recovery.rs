//! Coming back into an account of 10,000 items by its kit: the look at the account, the entry, and all of the vault.

use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use pollster::block_on;
use roamkey_client::{ItemDraft, ServerUrl};

use crate::{
    machine::Metered,
    report::Report,
    samples::Samples,
    server::Server,
    sync::{login, passphrase, vacant},
};

const ITEMS: usize = 10_000;
const TIMES: usize = 5;

pub(crate) fn measure(report: &mut Report) -> Result<()> {
    let server = Server::start()?;
    let url: ServerUrl = server.url().parse().context("the server's own address")?;
    let lost = block_on(vacant(Rc::new(Metered::open()?))?.create(&url, &passphrase()?, "lost"));
    let lost = lost.map_err(|stayed| stayed.error)?;
    eprintln!("filling a vault of {ITEMS}");
    for number in 0..ITEMS {
        block_on(lost.add(ItemDraft::Login(login(number))))?;
    }
    block_on(lost.sync())?;
    let kit = block_on(lost.make_kit())?;
    let (mut look, mut whole) = (Samples::default(), Samples::default());
    for _ in 0..TIMES {
        let newcomer = vacant(Rc::new(Metered::open()?))?;
        let back = whole.time(|| {
            let mut recovering = look.time(|| block_on(newcomer.recover(&kit)).map_err(|stayed| stayed.error))?;
            block_on(recovering.finish(&passphrase()?, "back")).context("a kit that serves")
        })?;
        let items = block_on(back.list())?.len();
        ensure!(items == ITEMS, "{items} items are back");
    }
    report.add("recovery.kit_look_ms".to_owned(), look.median_ms(), "ms");
    report.add("recovery.kit_ms".to_owned(), whole.median_ms(), "ms");
    Ok(())
}
