//! `roamkey usage`

use roamkey_client::Summary;
use roamkey_proto::Time;
use serde_json::json;

use super::{hex, list, unlocked};
use crate::{Global, Report, explain::Explanation, report::date};

/// Lists what served on this device, and when it did last; the newest first.
pub(super) async fn run(global: &Global) -> Result<Report, Explanation> {
    let session = unlocked(global).await?;
    let items = session.list().await?;
    let ids: Vec<_> = items.iter().map(|item| item.id).collect();
    let times = session.last_used(&ids).await?;
    let mut used: Vec<(Time, &Summary)> =
        times.into_iter().zip(&items).filter_map(|(time, item)| Some((time?, item))).collect();
    used.sort_by_key(|(time, item)| (core::cmp::Reverse(*time), item.id));
    let line = |(time, item): &(Time, &Summary)| {
        let account = item.account.as_deref().unwrap_or_default();
        format!("{}  {}  {}  {account}", date(*time), hex(item.id).get(..8).unwrap_or_default(), item.title)
    };
    let lines: Vec<_> = used.iter().map(line).collect();
    let text = if lines.is_empty() { "Nothing was used on this device yet.".to_owned() } else { lines.join("\n") };
    let member = |(time, item): &(Time, &Summary)| {
        let mut member = list::member(item);
        if let Some(members) = member.as_object_mut() {
            members.insert("lastUsed".to_owned(), json!(time.0));
        }
        member
    };
    Ok(Report::new(text, json!({ "uses": used.iter().map(member).collect::<Vec<_>>() })))
}
