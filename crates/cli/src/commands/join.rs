//! `roamkey join`

use std::{thread, time::Duration};

use roamkey_client::{
    Error, ServerUrl,
    pairing::{JoinStage, parse_code},
};
use serde_json::json;

use super::{machine_name, vacant};
use crate::{Global, Report, explain::Explanation, prompt, report::progress};

/// `roamkey join CODE --server URL`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The code that the other device shows.
    code: String,
    /// The server's address.
    #[arg(long, value_name = "URL")]
    server: String,
    /// What your other devices will call this one.
    #[arg(long)]
    name: Option<String>,
    /// Do not wait for a look at the emoji; the other device asks, unless it too is told not to.
    #[arg(long)]
    yes: bool,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let vacant = vacant(global).await?;
        let server: ServerUrl = self.server.parse().map_err(Error::Server)?;
        let code = parse_code(&self.code).map_err(Error::Pairing)?;
        let passphrase = prompt::new_passphrase(global.passphrase_file.as_deref())?;
        let name = self.name.clone().unwrap_or_else(machine_name);
        let mut joining = vacant.join(&code, &server, passphrase, &name).await?;
        let mut shown = false;
        let session = loop {
            match joining.poll().await? {
                JoinStage::Waiting => {}
                JoinStage::Confirm { emoji } if !shown => {
                    if !self.yes {
                        progress(&format!(
                            "This device shows {} ({}). Pick it on the other one.",
                            emoji.glyph(),
                            emoji.name()
                        ));
                    }
                    shown = true;
                }
                JoinStage::Confirm { .. } => {}
                JoinStage::Done(session) => break session,
            }
            thread::sleep(PAUSE);
        };
        let synced = session.sync().await?;
        let home = session.home();
        let text = format!("Joined account {}\non {}, with this device as `{name}`.", home.account, home.server);
        let json = json!({
            "account": home.account.to_string(),
            "device": home.device.to_string(),
            "server": home.server.to_string(),
            "name": name,
            "pending": synced.pending,
        });
        Ok(Report::new(text, json))
    }
}

const PAUSE: Duration = Duration::from_millis(300);
