//! `roamkey revoke`

use roamkey_client::{Error, Revocation};
use roamkey_proto::{DeviceId, RevokeReason};
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
    /// They are no longer used, and not lost.
    #[arg(long)]
    retired: bool,
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
        session.revoke(Revocation { devices, keep, reason }).await?;
        let text = format!("Revoked {}. The vault has a new key, which they do not get.", names.join(", "));
        Ok(Report::new(text, json!({ "revoked": names })))
    }
}
