//! `roamkey status`

use roamkey_client::{Client, Quarantine, Remedy, Safe, Saw};
use roamkey_proto::{Chain, DeviceId};
use serde_json::{Value, json};

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
    let quarantine = contact.saw.clone().map(Quarantine::from);
    match (phase, &contact.distrust) {
        ("revoked", _) => lines.push("This device is no longer one of the account.".to_owned()),
        (_, Some(distrust)) => lines.push(format!("The server is not trusted: {distrust}.")),
        _ => {}
    }
    if let Some(quarantine) = &quarantine {
        lines.extend(say(quarantine));
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
        "quarantine": quarantine.as_ref().map(member),
    });
    Ok(Report::new(lines.join("\n"), json))
}

/// What it saw, what is safe, what to do.
fn say(quarantine: &Quarantine) -> Vec<String> {
    let saw = match &quarantine.saw {
        Saw::TwoHistories { chain, seq, is_proven } => {
            let proof = if *is_proven { ", and signed both" } else { "" };
            format!("The server showed two histories of {} from place {seq} on{proof}.", name(*chain))
        }
        Saw::WentBack { chain, pinned, shown } => {
            format!("The server's copy of {} went back from {pinned} to {shown}.", name(*chain))
        }
        Saw::ShutOut { openers } => format!("Devices shut this one out of what is new: {}.", names(openers)),
        Saw::UnusableKey { device } => format!("Device {device} entered a key that nobody can use."),
        Saw::KeyWithheld { .. } => {
            "The newest key did not come: the server withholds it, or whoever gave it back what it had lost left it out."
                .to_owned()
        }
        Saw::Invalid { detail } => format!("The server showed what cannot be true: {detail}."),
        _ => "The server showed what cannot be true.".to_owned(),
    };
    let safe = "Safe: what is here can be read and used to sign in; what you change is kept and sent later.";
    let remedies = quarantine.remedies.iter().map(|remedy| match remedy {
        Remedy::Revoke(devices) => format!("Do: `roamkey revoke {}`.", names(devices)),
        Remedy::CheckUp => "Do: compare with another device, `roamkey check-up`.".to_owned(),
        Remedy::Repair => "Do: see both histories and go on with one, `roamkey repair`.".to_owned(),
        Remedy::ExportEvidence => "Do: `roamkey evidence export FILE`, for whoever runs the server.".to_owned(),
        _ => "Do: try `roamkey sync` later; it may end by itself.".to_owned(),
    });
    [saw, safe.to_owned()].into_iter().chain(remedies).collect()
}

fn member(quarantine: &Quarantine) -> Value {
    let saw = match &quarantine.saw {
        Saw::TwoHistories { chain, seq, is_proven } => {
            json!({ "kind": "twoHistories", "chain": name(*chain), "seq": seq, "proven": is_proven })
        }
        Saw::WentBack { chain, pinned, shown } => {
            json!({ "kind": "wentBack", "chain": name(*chain), "pinned": pinned, "shown": shown })
        }
        Saw::ShutOut { openers } => json!({ "kind": "shutOut", "openers": ids(openers) }),
        Saw::UnusableKey { device } => json!({ "kind": "unusableKey", "device": device.to_string() }),
        Saw::KeyWithheld { openers } => json!({ "kind": "keyWithheld", "openers": ids(openers) }),
        Saw::Invalid { detail } => json!({ "kind": "invalid", "detail": detail }),
        _ => json!({ "kind": "unknown" }),
    };
    let safe = quarantine.safe.iter().map(|safe| match safe {
        Safe::Read => "read",
        Safe::SignIn => "signIn",
        Safe::Edit => "edit",
    });
    let remedies = quarantine.remedies.iter().map(|remedy| match remedy {
        Remedy::Revoke(devices) => json!({ "do": "revoke", "devices": ids(devices) }),
        Remedy::CheckUp => json!({ "do": "checkUp" }),
        Remedy::Repair => json!({ "do": "repair" }),
        Remedy::ExportEvidence => json!({ "do": "exportEvidence" }),
        _ => json!({ "do": "wait" }),
    });
    json!({ "saw": saw, "safe": safe.collect::<Vec<_>>(), "remedies": remedies.collect::<Vec<_>>() })
}

fn name(chain: Chain) -> &'static str {
    match chain {
        Chain::Log => "the log",
        Chain::Vault => "the vault",
    }
}

fn ids(devices: &[DeviceId]) -> Vec<String> {
    devices.iter().map(ToString::to_string).collect()
}

fn names(devices: &[DeviceId]) -> String {
    ids(devices).join(" ")
}
