//! `roamkey log`

use std::path::{Path, PathBuf};

use roamkey_proto::{Bundle, api::LogPage, cbor, limits};
use roamkey_trust::{Change, Log, Summary, evidence};
use serde_json::{Value, json};

use super::{read_file, unlocked, write_file};
use crate::{Global, Report, explain::Explanation, report::date};

/// What to do with the log.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Action {
    /// Verify every entry from the first to the last, and show them.
    Verify {
        /// A log that was exported, or evidence; without it, this device's own.
        file: Option<PathBuf>,
    },
    /// Write this device's log to a file that anyone can verify.
    Export {
        /// Where to; must not be there yet.
        file: PathBuf,
    },
}

impl Action {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let log = match self {
            Self::Verify { file: Some(file) } => log_in(&read_file(file)?)?,
            Self::Verify { file: None } => unlocked(global).await?.log().await?,
            Self::Export { file } => return export(global, file).await,
        };
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

async fn export(global: &Global, file: &Path) -> Result<Report, Explanation> {
    let bundles = unlocked(global).await?.log_bundles().await?;
    let entries = bundles.len();
    write_file(file, &cbor::encode(&LogPage { bundles, more: false }))?;
    let text =
        format!("Wrote {entries} entries to {}. Anyone can verify them: `roamkey log verify FILE`.", file.display());
    Ok(Report::new(text, json!({ "file": file, "entries": entries })))
}

/// Reads a log from a file: one that was exported, or that which evidence holds. It vouches for itself, from the genesis on; the
/// person compares the account.
fn log_in(bytes: &[u8]) -> Result<Log, Explanation> {
    let evidence = || evidence::read(bytes).ok();
    let in_evidence = || {
        let entries = evidence()?.entries;
        entries.iter().map(|entry| cbor::decode(entry, limits::BUNDLE_BYTES).ok()).collect::<Option<Vec<Bundle>>>()
    };
    let page = cbor::decode::<LogPage>(bytes, limits::EVIDENCE_BYTES).ok().map(|page| page.bundles);
    let bundles = page.or_else(in_evidence).ok_or_else(Explanation::not_a_log)?;
    Log::replay(&bundles).map_err(|error| Explanation::bad_log(&error))
}

fn line(entry: &Summary) -> String {
    let author = entry.author.to_string();
    let author = author.get(..8).unwrap_or_default();
    format!("{:>4}  {}  {author}  {}", entry.seq, date(entry.time), change(entry))
}

fn member(entry: &Summary) -> Value {
    json!({
        "seq": entry.seq,
        "id": entry.id.to_string(),
        "author": entry.author.to_string(),
        "time": entry.time.0,
        "change": change(entry),
    })
}

fn change(entry: &Summary) -> String {
    match &entry.change {
        Change::Founded => "founded the account".to_owned(),
        // A device pairs others; what lets one in and is none is a way back.
        Change::Added(device) if entry.author != entry.device => format!("is a way back, and brought in {device}"),
        Change::Added(device) => format!("let in {device}"),
        Change::Revoked { devices, .. } => {
            let names: Vec<_> = devices.iter().map(ToString::to_string).collect();
            format!("took out {}", names.join(", "))
        }
        Change::Left => "signed itself out".to_owned(),
        Change::Rotated => "made a new key".to_owned(),
        Change::Renewed => "renewed its keys".to_owned(),
        Change::RecoverySet { slot, .. } => format!("set the recovery {slot}"),
        Change::RecoveryRemoved(slot) => format!("removed the recovery {slot}"),
        Change::SuiteRaised(suite) => format!("raised the least suite to {suite}"),
        Change::Closing { not_before } => format!("asked for the end of the account on {}", date(*not_before)),
        Change::CloseCancelled => "called the end of the account off".to_owned(),
        _ => "did what a newer version knows".to_owned(),
    }
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
