//! `roamkey revoke`

use std::{fmt::Write as _, str::FromStr};

use roamkey_client::{Error, Revocation};
use roamkey_proto::{DeviceId, RecoverySlot, RevokeReason};
use roamkey_trust::{Change, Log};
use serde_json::json;

use super::{find_device, unlocked};
use crate::{Global, Report, explain::Explanation};

/// `roamkey revoke DEVICE..`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Names of devices, or the beginnings of their identifiers.
    #[arg(required = true)]
    devices: Vec<String>,
    /// A device that stays although one that goes had let it in.
    #[arg(long, value_name = "DEVICE")]
    keep: Vec<String>,
    /// A way back in (kit, pin, contacts) that stays although a device that goes had set it.
    #[arg(long, value_name = "SLOT")]
    keep_recovery: Vec<Slot>,
    /// They are no longer used, and not lost.
    #[arg(long)]
    retired: bool,
}

/// The slots that the newest entry emptied.
fn emptied(log: &Log) -> Vec<RecoverySlot> {
    match log.entries().last().map(|entry| &entry.change) {
        Some(Change::Revoked { slots, .. }) => slots.clone(),
        _ => Vec::new(),
    }
}

/// A recovery slot by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot(pub(crate) RecoverySlot);

impl FromStr for Slot {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let slot = RecoverySlot::ALL.into_iter().find(|slot| slot.to_string() == text);
        slot.map(Self).ok_or_else(|| "a way back in is one of kit, pin, contacts".to_owned())
    }
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let session = unlocked(global).await?;
        match session.sync().await {
            // Revoking may be what ends it.
            Err(Error::Distrust(_)) => {}
            synced => _ = synced?,
        }
        let mut ids: [Vec<DeviceId>; 2] = [Vec::new(), Vec::new()];
        for (names, ids) in [&self.devices, &self.keep].into_iter().zip(&mut ids) {
            for name in names {
                ids.push(find_device(&session, name).await?);
            }
        }
        let [devices, keep] = ids;
        let reason = if self.retired { RevokeReason::Retired } else { RevokeReason::Lost };
        let names: Vec<_> = devices.iter().map(ToString::to_string).collect();
        let keep_slots = self.keep_recovery.iter().map(|slot| slot.0).collect();
        session.revoke(Revocation { devices, keep, reason, keep_slots }).await?;
        let emptied = emptied(&session.log().await?);
        let mut text = format!("Revoked {}. The vault has a new key, which they do not get.", names.join(", "));
        for slot in &emptied {
            let _ = write!(text, "\nThe recovery {slot} was set by one of them, and serves no more. Set a new one.");
        }
        let emptied: Vec<_> = emptied.iter().map(ToString::to_string).collect();
        Ok(Report::new(text, json!({ "revoked": names, "recoveryRemoved": emptied })))
    }
}
