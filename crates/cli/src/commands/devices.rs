//! `roamkey devices`

use roamkey_client::{Device, DeviceStatus};
use roamkey_proto::RevokeReason;
use serde_json::{Value, json};

use super::unlocked;
use crate::{Global, Report, explain::Explanation, report::date};

pub(super) async fn run(global: &Global) -> Result<Report, Explanation> {
    let session = unlocked(global).await?;
    let devices = session.devices().await?;
    let text = devices.iter().map(line).collect::<Vec<_>>().join("\n");
    Ok(Report::new(text, json!({ "devices": devices.iter().map(member).collect::<Vec<_>>() })))
}

fn line(device: &Device) -> String {
    let id = device.id.to_string();
    let (name, platform) = device.profile.as_ref().map_or(("?", "?"), |profile| (&profile.name, &profile.platform));
    let here = if device.is_current { "  (this device)" } else { "" };
    let id = id.get(..8).unwrap_or_default();
    let seen = match device.last_contact {
        Some(time) if !device.is_current => format!("  last signed {}", date(time)),
        _ => String::new(),
    };
    let silent = if device.is_silent { "  SILENT for two weeks: where is it?" } else { "" };
    let came = if device.is_recovered { "came back by recovery" } else { "joined" };
    format!("{id}  {name}  {platform}  {came} {}  {}{here}{seen}{silent}", date(device.added), status(device))
}

fn member(device: &Device) -> Value {
    json!({
        "id": device.id.to_string(),
        "name": device.profile.as_ref().map(|profile| &profile.name),
        "platform": device.profile.as_ref().map(|profile| &profile.platform),
        "current": device.is_current,
        "added": device.added.0,
        "addedBy": device.added_by.map(|id| id.to_string()),
        "recovered": device.is_recovered,
        "status": status(device),
        "lastContact": device.last_contact.map(|time| time.0),
        "silent": device.is_silent,
    })
}

fn status(device: &Device) -> &'static str {
    match device.status {
        DeviceStatus::Active => "active",
        DeviceStatus::Revoked { reason: RevokeReason::Lost, .. } => "revoked (lost)",
        DeviceStatus::Revoked { .. } => "revoked",
        DeviceStatus::Left { .. } => "left",
    }
}
