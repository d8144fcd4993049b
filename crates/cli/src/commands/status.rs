//! `roamkey status`

use roamkey_client::Client;
use serde_json::json;

use super::open;
use crate::{Global, Report, explain::Explanation, report::date};

pub(super) async fn run(global: &Global) -> Result<Report, Explanation> {
    let locked = match open(global).await? {
        Client::Vacant(_) => {
            let text = "This device is of no account yet.";
            return Ok(Report::new(text, json!({ "phase": "empty" })));
        }
        Client::Locked(locked) => locked,
    };
    let (contact, pending) = locked.contact().await?;
    let unapplied = locked.unapplied().await?;
    let home = locked.home();
    let phase = match (contact.ended, &contact.distrust) {
        (true, _) => "revoked",
        (false, Some(_)) => "distrust",
        (false, None) => "member",
    };
    let synced = contact.last_sync.map_or("never".to_owned(), date);
    let mut lines = vec![
        format!("account  {}", home.account),
        format!("device   {}", home.device),
        format!("server   {}", home.server),
        format!("synced   {synced}"),
        format!("pending  {pending}"),
    ];
    if unapplied > 0 {
        let changes = if unapplied == 1 { "1 change" } else { &format!("{unapplied} changes") };
        lines.push(format!("{changes} came to nothing and may be kept: see `roamkey lost`."));
    }
    match (phase, &contact.distrust) {
        ("revoked", _) => lines.push("This device is no longer one of the account.".to_owned()),
        (_, Some(distrust)) => lines.push(format!("The server is not trusted: {distrust}.")),
        _ => {}
    }
    let json = json!({
        "phase": phase,
        "account": home.account.to_string(),
        "device": home.device.to_string(),
        "server": home.server.to_string(),
        "lastSync": contact.last_sync.map(|time| time.0),
        "pending": pending,
        "unapplied": unapplied,
        "distrust": contact.distrust,
    });
    Ok(Report::new(lines.join("\n"), json))
}
