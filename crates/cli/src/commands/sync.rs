//! `roamkey sync`

use serde_json::json;

use super::{hex, unlocked};
use crate::{Global, Report, explain::Explanation};

pub(super) async fn run(global: &Global) -> Result<Report, Explanation> {
    let session = unlocked(global).await?;
    let synced = session.sync().await?;
    let text = match synced.waiting {
        Some(waiting) if waiting.admission => "Not let in yet: wait for the other device.".to_owned(),
        Some(_) => "A device was taken out of the account; the one that did it has to sync first.".to_owned(),
        None => format!("Up to date at commit {}; {} items changed.", synced.head.seq, synced.changed.len()),
    };
    let json = json!({
        "head": synced.head.seq,
        "changed": synced.changed.into_iter().map(hex).collect::<Vec<_>>(),
        "pending": synced.pending,
        "waiting": synced.waiting.is_some(),
    });
    Ok(Report::new(text, json))
}
