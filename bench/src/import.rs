//! Moving in: a file of another manager, from its bytes to a server that has all of its items.

use std::{rc::Rc, time::Instant};

use anyhow::{Context as _, Result, ensure};
use pollster::block_on;
use roamkey_client::{Duplicates, ServerUrl, open_file};

use crate::{
    machine::Metered,
    report::Report,
    server::Server,
    sync::{passphrase, vacant},
};

/// Logins in the file.
const LOGINS: usize = 10_000;

/// Measures the import of a Bitwarden export: kept on disk, and then stored by a server.
pub(crate) fn measure(report: &mut Report) -> Result<()> {
    let server = Server::start()?;
    let url: ServerUrl = server.url().parse().context("the server's own address")?;
    let vacant = vacant(Rc::new(Metered::open()?))?;
    let device = block_on(vacant.create(&url, &passphrase()?, "importer")).map_err(|stayed| stayed.error)?;
    let file = file();
    let start = Instant::now();
    let plan = block_on(device.plan_import(open_file(file.as_bytes(), None)?))?;
    let imported = block_on(device.import(plan, Duplicates::Add, |_, _| {}))?;
    report.add(format!("import.bitwarden_s.{LOGINS}"), start.elapsed().as_secs_f64(), "s");
    ensure!(imported.added == LOGINS, "{} of {LOGINS} were added", imported.added);
    ensure!(block_on(device.sync())?.pending == 0, "something waits");
    report.add(format!("import.bitwarden_stored_s.{LOGINS}"), start.elapsed().as_secs_f64(), "s");
    Ok(())
}

fn file() -> String {
    let login = |number: usize| {
        format!(
            r#"{{"type":1,"id":"{number}","name":"Site {number}","notes":"a remark","favorite":false,"reprompt":0,
"fields":[{{"name":"PIN","value":"1234","type":1}}],"login":{{"uris":[{{"match":null,"uri":"https://site{number}.example/login"}}],
"username":"ada{number}@mail.example","password":"correct horse {number}","totp":null}}}}"#
        )
    };
    let items: Vec<_> = (0..LOGINS).map(login).collect();
    format!(r#"{{"encrypted":false,"folders":[],"items":[{}]}}"#, items.join(","))
}
