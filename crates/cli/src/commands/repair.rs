//! `roamkey repair`

use roamkey_proto::DeviceId;
use roamkey_sync::{Histories, History};
use serde_json::{Value, json};

use super::locked;
use crate::{Global, Report, explain::Explanation, prompt, report::date};

/// `roamkey repair [--keep server|here]`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Which history to go on with. Without it, both are shown and nothing is changed.
    #[arg(long)]
    keep: Option<Keep>,
}

/// A history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Keep {
    /// The one that the server shows. What was changed here is sent to it as changes.
    Server,
    /// The one on this device. What another device said of another one is forgotten.
    Here,
}

impl Arguments {
    /// The passphrase is what verifies the person, for this very act.
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let passphrase = prompt::passphrase(global)?;
        let session = locked(global).await?.unlock(&passphrase).await?;
        if self.keep == Some(Keep::Here) {
            session.keep_own_history(&passphrase).await?;
            return Ok(Report::new("This device goes on with its own history.", json!({ "kept": "here" })));
        }
        let histories = session.histories().await?;
        if self.keep.is_none() {
            return Ok(Report::new(show(&histories).join("\n"), member(&histories)));
        }
        session.take_servers_history(&histories, &passphrase).await?;
        let mut lines =
            vec!["This device goes on with the server's history. What was changed here is sent to it.".to_owned()];
        lines.extend(named("Revoked again:", &histories.revoke));
        lines.extend(named("To be paired again:", &histories.pair_again));
        Ok(Report::new(lines.join("\n"), json!({ "kept": "server", "histories": member(&histories) })))
    }
}

fn show(histories: &Histories) -> Vec<String> {
    let Histories { log, vault, here, there, revoke, pair_again, is_member } = histories;
    if (here.log, here.vault) == (there.log, there.vault) {
        return vec!["There is one history: this device and the server are at the same place.".to_owned()];
    }
    let mut lines = vec![
        format!("The histories are one up to place {} of the log and {} of the vault. Since then:", log.seq, vault.seq),
        line("on this device", here, log.seq),
        line("at the server", there, log.seq),
    ];
    lines.extend(named("Picking the server's revokes again:", revoke));
    lines.extend(named("Picking the server's, these have to be paired again:", pair_again));
    lines.push(match is_member {
        true => "Go on with one of them: `roamkey repair --keep server`, or `roamkey repair --keep here`.".to_owned(),
        false => "This device is no member in the server's history: to use that one, pair it again.".to_owned(),
    });
    lines
}

fn line(which: &str, history: &History, fork: u64) -> String {
    let entries = history.log.seq.saturating_sub(fork);
    let mut line = format!("- {which}: {entries} log entries, {} items changed", history.items);
    if let Some(last) = history.last {
        line.push_str(&format!(", last on {}", date(last)));
    }
    for (what, devices) in [("joined", &history.added), ("went", &history.gone)] {
        if !devices.is_empty() {
            line.push_str(&format!("; {what}: {}", names(devices)));
        }
    }
    line
}

fn named(what: &str, devices: &[DeviceId]) -> Option<String> {
    (!devices.is_empty()).then(|| format!("{what} {}.", names(devices)))
}

fn names(devices: &[DeviceId]) -> String {
    devices.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn member(histories: &Histories) -> Value {
    let ids = |devices: &[DeviceId]| devices.iter().map(ToString::to_string).collect::<Vec<_>>();
    let one = |history: &History| {
        json!({
            "log": history.log.seq,
            "vault": history.vault.seq,
            "joined": ids(&history.added),
            "went": ids(&history.gone),
            "items": history.items,
            "last": history.last.map(|time| time.0),
        })
    };
    json!({
        "log": histories.log.seq,
        "vault": histories.vault.seq,
        "here": one(&histories.here),
        "server": one(&histories.there),
        "revoke": ids(&histories.revoke),
        "pairAgain": ids(&histories.pair_again),
        "isMember": histories.is_member,
    })
}
