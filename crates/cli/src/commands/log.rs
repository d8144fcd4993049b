//! `roamkey log`

use roamkey_trust::{Change, Summary};
use serde_json::{Value, json};

use super::unlocked;
use crate::{Global, Report, explain::Explanation, report::date};

/// What to do with the log.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Action {
    /// Verify every entry from the first to the last, and show them.
    Verify,
}

impl Action {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let Self::Verify = self;
        let session = unlocked(global).await?;
        let log = session.log().await?;
        let lines: Vec<_> = log.entries().iter().map(line).collect();
        let head = hex_of(&log.head().id);
        let text = format!(
            "{}\nVerified: {} entries, every signature and rule, up to\n{head}.",
            lines.join("\n"),
            lines.len()
        );
        let json = json!({
            "account": log.account().to_string(),
            "head": head,
            "epoch": log.epoch(),
            "entries": log.entries().iter().map(member).collect::<Vec<_>>(),
        });
        Ok(Report::new(text, json))
    }
}

fn line(entry: &Summary) -> String {
    let author = entry.author.to_string();
    let author = author.get(..8).unwrap_or_default();
    format!("{:>4}  {}  {author}  {}", entry.seq, date(entry.time), change(&entry.change))
}

fn member(entry: &Summary) -> Value {
    json!({
        "seq": entry.seq,
        "id": entry.id.to_string(),
        "author": entry.author.to_string(),
        "time": entry.time.0,
        "change": change(&entry.change),
    })
}

fn change(change: &Change) -> String {
    match change {
        Change::Founded => "founded the account".to_owned(),
        Change::Added(device) => format!("let in {device}"),
        Change::Revoked { devices, .. } => {
            let names: Vec<_> = devices.iter().map(ToString::to_string).collect();
            format!("took out {}", names.join(", "))
        }
        Change::Left => "signed itself out".to_owned(),
        Change::Rotated => "made a new key".to_owned(),
        Change::Renewed => "renewed its keys".to_owned(),
        _ => "did what a newer version knows".to_owned(),
    }
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
