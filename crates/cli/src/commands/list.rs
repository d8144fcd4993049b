//! `roamkey list`

use roamkey_client::{Kind, Summary};
use serde_json::{Value, json};

use super::{hex, unlocked};
use crate::{Global, Report, explain::Explanation};

/// `roamkey list [WORDS]`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only items with these words in title, site or account.
    words: Vec<String>,
    /// What is in the trash instead.
    #[arg(long)]
    trash: bool,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let session = unlocked(global).await?;
        let words = self.words.join(" ");
        let mut items = session.list().await?;
        items.retain(|item| item.trashed.is_some() == self.trash && item.matches(&words));
        let lines: Vec<_> = items.iter().map(line).collect();
        let text = if lines.is_empty() { "Nothing here.".to_owned() } else { lines.join("\n") };
        Ok(Report::new(text, json!({ "items": items.iter().map(member).collect::<Vec<_>>() })))
    }
}

fn line(item: &Summary) -> String {
    let id = hex(item.id);
    let account = item.account.as_deref().unwrap_or_default();
    let waits = if item.stored { "" } else { "  (not synced yet)" };
    format!("{}  {:7}  {}  {account}{waits}", id.get(..8).unwrap_or_default(), kind(item.kind), item.title)
}

/// An item for programs.
pub(super) fn member(item: &Summary) -> Value {
    json!({
        "id": hex(item.id),
        "kind": kind(item.kind),
        "title": item.title,
        "site": item.site,
        "account": item.account,
        "created": item.created.0,
        "trashed": item.trashed.map(|time| time.0),
        "synced": item.stored,
    })
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Passkey => "passkey",
        Kind::Login => "login",
        Kind::Note => "note",
    }
}
