//! `roamkey evidence`

use std::path::{Path, PathBuf};

use roamkey_proto::{Chain, Evidence, EvidenceKind};
use roamkey_trust::evidence::{self, Verdict};
use serde_json::{Value, json};

use super::{read_file, unlocked, write_file};
use crate::{Global, Report, explain::Explanation, report::date};

/// What to do with evidence.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Action {
    /// List what this device saw that it should not have.
    List,
    /// Write the newest of it, with this device's log, to a file that anyone can judge.
    Export {
        /// Where to; must not be there yet.
        file: PathBuf,
    },
    /// Judge a file of evidence, offline: says who lied, if a signature proves it.
    Verify {
        /// The file.
        file: PathBuf,
    },
}

impl Action {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        match self {
            Self::List => list(global).await,
            Self::Export { file } => export(global, file).await,
            Self::Verify { file } => verify(file),
        }
    }
}

async fn list(global: &Global) -> Result<Report, Explanation> {
    let kept = unlocked(global).await?.evidence().await?;
    let line = |evidence: &Evidence| format!("{}  {}  {}", date(evidence.seen), kind(evidence.kind), evidence.said);
    let text = if kept.is_empty() {
        "This device saw nothing that it should not have.".to_owned()
    } else {
        kept.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    let each =
        |evidence: &Evidence| json!({ "seen": evidence.seen.0, "kind": kind(evidence.kind), "said": evidence.said });
    Ok(Report::new(text, json!({ "evidence": kept.iter().map(each).collect::<Vec<_>>() })))
}

async fn export(global: &Global, file: &Path) -> Result<Report, Explanation> {
    let Some(bytes) = unlocked(global).await?.export_evidence().await? else {
        return Err(Explanation::no_evidence());
    };
    write_file(file, &bytes)?;
    let text = format!("Wrote {}. Anyone can judge it: `roamkey evidence verify FILE`.", file.display());
    Ok(Report::new(text, json!({ "file": file, "bytes": bytes.len() })))
}

fn verify(file: &Path) -> Result<Report, Explanation> {
    let bytes = read_file(file)?;
    let judged = evidence::read(&bytes).and_then(|evidence| Ok((evidence::judge(&evidence)?, evidence)));
    let (verdict, evidence) = judged.map_err(|error| Explanation::not_evidence(&error))?;
    let key: String = evidence.receipt_key.0.iter().map(|byte| format!("{byte:02x}")).collect();
    let lines = [
        format!("account  {}", evidence.account),
        format!("seen     {}", date(evidence.seen)),
        format!("claim    {}", evidence.said),
        format!("key      {key}  (of the server's receipts: compare it with what your devices have pinned)"),
        String::new(),
        sentence(&verdict),
    ];
    let json = json!({
        "account": evidence.account.to_string(),
        "kind": kind(evidence.kind),
        "seen": evidence.seen.0,
        "receiptKey": key,
        "verdict": verdict_json(&verdict),
    });
    Ok(Report::new(lines.join("\n"), json))
}

fn sentence(verdict: &Verdict) -> String {
    match verdict {
        Verdict::ServerEquivocated { chain, seq, .. } => format!(
            "The server lied. It signed two different histories of {} at place {seq}; whoever holds that key did it.",
            chain_name(*chain)
        ),
        Verdict::DeviceEquivocated { device, seq } => {
            format!("Device {device} lied. It signed two different entries for place {seq} of the log.")
        }
        Verdict::DeviceBrokeRule { device, seq, cause } => {
            format!("Device {device} signed an entry for place {seq} that no honest device signs: {cause}.")
        }
        _ => "Histories differ or end too soon, and no signature in here proves by whose doing. It may have been a \
              restore from a backup."
            .to_owned(),
    }
}

fn verdict_json(verdict: &Verdict) -> Value {
    match verdict {
        Verdict::ServerEquivocated { chain, seq, .. } => {
            json!({ "guilty": "server", "chain": chain_name(*chain), "seq": seq })
        }
        Verdict::DeviceEquivocated { device, seq } | Verdict::DeviceBrokeRule { device, seq, .. } => {
            json!({ "guilty": "device", "device": device.to_string(), "seq": seq })
        }
        _ => json!({ "guilty": null }),
    }
}

fn kind(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Fork => "fork",
        EvidenceKind::Rollback => "rollback",
        EvidenceKind::ShutOut => "shut-out",
        _ => "invalid",
    }
}

fn chain_name(chain: Chain) -> &'static str {
    match chain {
        Chain::Log => "the log",
        Chain::Vault => "the vault",
    }
}
