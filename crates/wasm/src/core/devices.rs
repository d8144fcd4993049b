use roamkey_client::Revocation;
use roamkey_proto::{DeviceId, RecoverySlot};

use super::{Browser, Core};
use crate::{
    convert,
    messages::{DeviceRequest, Devices, Done, ErrorCode, Failure, LeaveRequest, LogView, RevokeRequest, State},
};

impl<B: Browser> Core<B> {
    pub(super) async fn devices(&self) -> Result<Devices, Failure> {
        let session = self.session().await?;
        let now = self.host.now();
        let devices = session.devices().await?.iter().map(|device| convert::device(device, now)).collect();
        Ok(Devices { devices, resealing: session.is_resealing()? })
    }

    pub(super) async fn rename_device(&self, request: &DeviceRequest) -> Result<Done, Failure> {
        self.session().await?.name_device(&request.name).await?;
        Ok(Done {})
    }

    pub(super) async fn revoke(&self, request: &RevokeRequest) -> Result<Devices, Failure> {
        let devices = device_ids(&request.devices)?;
        let keep = device_ids(&request.keep)?;
        let reason = convert::reason(request.reason);
        let keep_slots = if request.keep_kit { vec![RecoverySlot::Kit] } else { Vec::new() };
        self.session().await?.revoke(Revocation { devices, keep, reason, keep_slots }).await?;
        self.devices().await
    }

    pub(super) async fn leave(&self, request: &LeaveRequest) -> Result<State, Failure> {
        self.session().await?.leave(request.lose_pending).await?;
        self.reset().await
    }

    pub(super) async fn log_view(&self) -> Result<LogView, Failure> {
        Ok(convert::log(&self.session().await?.log().await?))
    }
}

fn device_ids(texts: &[String]) -> Result<Vec<DeviceId>, Failure> {
    let parse = |text: &String| text.parse().map_err(|_| Failure::new(ErrorCode::NotFound, "there is no such device"));
    texts.iter().map(parse).collect()
}
