use roamkey_client::{Quarantine, Remedy, Saw};
use roamkey_proto::{DeviceId, ItemId, api::LogPage, cbor};
use roamkey_vault::exposure::{Exposed, Progress, Secret};

use super::{Browser, Core};
use crate::{
    convert,
    messages::{
        ErrorCode, ExportedFile, ExposedSecret, Exposure, ExposureRequest, Failure, MarkReplacedRequest,
        ReplaceProgress, SecretKind, Sight, Standing,
    },
};

impl<B: Browser> Core<B> {
    pub(super) async fn standing(&self) -> Result<Standing, Failure> {
        let session = self.session().await?;
        let quarantine = session.quarantine().await?;
        let revoke = quarantine.iter().flat_map(|quarantine| &quarantine.remedies).find_map(|remedy| match remedy {
            Remedy::Revoke(devices) => Some(devices.iter().map(ToString::to_string).collect()),
            _ => None,
        });
        Ok(Standing {
            saw: quarantine.map(sight),
            revoke: revoke.unwrap_or_default(),
            evidence: convert::count(session.evidence().await?.len()),
            words: session.check_up()?.words().join(" "),
            closes_at: session.closing().await?.map(|closing| closing.not_before.0),
        })
    }

    pub(super) async fn export_evidence(&self) -> Result<ExportedFile, Failure> {
        let bytes = self.session().await?.export_evidence().await?;
        let bytes = bytes.ok_or_else(|| Failure::new(ErrorCode::NotFound, "there is no evidence"))?;
        Ok(ExportedFile { name: "roamkey-evidence.bin".to_owned(), bytes: convert::base64url(&bytes) })
    }

    pub(super) async fn export_log(&self) -> Result<ExportedFile, Failure> {
        let bundles = self.session().await?.log_bundles().await?;
        let bytes = cbor::encode(&LogPage { bundles, more: false });
        Ok(ExportedFile { name: "roamkey-log.bin".to_owned(), bytes: convert::base64url(&bytes) })
    }

    pub(super) async fn exposure(&self, request: &ExposureRequest) -> Result<Exposure, Failure> {
        let report = self.session().await?.exposure(device(&request.device)?).await?;
        Ok(Exposure { exposed: report.iter().map(exposed).collect() })
    }

    pub(super) async fn mark_replaced(&self, request: &MarkReplacedRequest) -> Result<Exposure, Failure> {
        let session = self.session().await?;
        let lost = device(&request.device)?;
        let item: ItemId =
            request.item.parse().map_err(|_| Failure::new(ErrorCode::NotFound, "there is no such item"))?;
        session.mark_replaced(lost, item, secret(request.secret)).await?;
        let report = session.exposure(lost).await?;
        Ok(Exposure { exposed: report.iter().map(exposed).collect() })
    }
}

fn device(text: &str) -> Result<DeviceId, Failure> {
    text.parse().map_err(|_| Failure::new(ErrorCode::NotFound, "there is no such device"))
}

fn sight(quarantine: Quarantine) -> Sight {
    match quarantine.saw {
        Saw::TwoHistories { is_proven, .. } => Sight::TwoHistories { proven: is_proven },
        Saw::WentBack { .. } => Sight::WentBack,
        Saw::ShutOut { .. } => Sight::ShutOut,
        Saw::UnusableKey { .. } => Sight::UnusableKey,
        Saw::KeyWithheld { .. } => Sight::KeyWithheld,
        Saw::Invalid { detail } => Sight::Invalid { detail },
        _ => Sight::Invalid { detail: String::new() },
    }
}

fn exposed(exposed: &Exposed) -> ExposedSecret {
    ExposedSecret {
        item: exposed.item.to_string(),
        secret: match exposed.kind {
            Secret::Passkey => SecretKind::Passkey,
            Secret::Password => SecretKind::Password,
            Secret::OneTimeCodes => SecretKind::OneTimeCodes,
            Secret::Note => SecretKind::Note,
        },
        title: exposed.title.clone(),
        site: exposed.site.clone(),
        account: exposed.account.clone(),
        replace_at: exposed.replace_at.clone(),
        progress: match exposed.progress {
            Progress::Open => ReplaceProgress::Open,
            Progress::Replaced => ReplaceProgress::Replaced,
            Progress::Marked => ReplaceProgress::Marked,
        },
    }
}

fn secret(kind: SecretKind) -> Secret {
    match kind {
        SecretKind::Passkey => Secret::Passkey,
        SecretKind::Password => Secret::Password,
        SecretKind::OneTimeCodes => Secret::OneTimeCodes,
        SecretKind::Note => Secret::Note,
    }
}
