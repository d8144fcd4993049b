//! `roamkey exposure`

use roamkey_proto::DeviceId;
use roamkey_vault::exposure::{Exposed, Progress, Secret};
use serde_json::{Value, json};

use super::{find_device, send, unlocked};
use crate::{Global, Report, explain::Explanation};

/// `roamkey exposure DEVICE`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The device that is lost: its name, or the beginning of its identifier. It has to be revoked.
    device: String,
    /// Mark an item as replaced: its number in the list, as printed.
    #[arg(long, value_name = "NUMBER")]
    done: Vec<usize>,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let session = unlocked(global).await?;
        let device: DeviceId = find_device(&session, &self.device).await?;
        let before = session.exposure(device).await?;
        for number in &self.done {
            let exposed = number.checked_sub(1).and_then(|at| before.get(at));
            let exposed = exposed.ok_or_else(|| Explanation::no_such("entry", &number.to_string()))?;
            session.mark_replaced(device, exposed.item, exposed.kind).await?;
        }
        let report = if self.done.is_empty() { before } else { session.exposure(device).await? };
        let open = report.iter().filter(|exposed| exposed.progress == Progress::Open).count();
        let mut lines: Vec<_> = report.iter().enumerate().map(|(at, exposed)| line(at + 1, exposed)).collect();
        lines.push(match report.len() {
            0 => "The device could read nothing that has to be replaced.".to_owned(),
            all => format!("{} of {all} replaced.", all - open),
        });
        let json = json!({ "open": open, "exposed": report.iter().map(member).collect::<Vec<_>>() });
        let report = Report::new(lines.join("\n"), json);
        if self.done.is_empty() { Ok(report) } else { send(&session, report).await }
    }
}

fn line(number: usize, exposed: &Exposed) -> String {
    let mark = if exposed.progress == Progress::Open { " " } else { "x" };
    let account = exposed.account.as_deref().unwrap_or_default();
    let at = exposed.replace_at.as_deref().map(|at| format!("  {at}")).unwrap_or_default();
    format!("{number:>4} [{mark}] {}  {}  {account}{at}", kind(exposed.kind), exposed.title)
}

fn member(exposed: &Exposed) -> Value {
    json!({
        "item": exposed.item.to_string(),
        "kind": kind(exposed.kind),
        "title": exposed.title,
        "site": exposed.site,
        "account": exposed.account,
        "replaceAt": exposed.replace_at,
        "progress": match exposed.progress {
            Progress::Open => "open",
            Progress::Replaced => "replaced",
            Progress::Marked => "marked",
        },
    })
}

fn kind(kind: Secret) -> &'static str {
    match kind {
        Secret::Passkey => "passkey",
        Secret::Password => "password",
        Secret::OneTimeCodes => "one-time codes",
        Secret::Note => "note",
    }
}
