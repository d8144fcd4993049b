use std::rc::Rc;

use roamkey_client::{Client, DeviceStatus, Error, Revocation, recovery::Survey};
use roamkey_proto::{RecoverySlot, RevokeReason};
use roamkey_sealing::recovery::Kit;

use super::{Browser, Core, accounts::passphrase};
use crate::messages::{
    Devices, Done, ErrorCode, Failure, KitRequest, KitView, RecoverFinishRequest, RecoverySurvey, State,
    SurveyedDevice, WayBack, WaysBack,
};

impl<B: Browser> Core<B> {
    pub(super) async fn ways_back(&self) -> Result<WaysBack, Failure> {
        let ways = self.session().await?.ways_back().await?;
        let ways = ways.iter().map(|way| WayBack {
            slot: way.slot.to_string(),
            set: way.set.0,
            by: way.by.to_string(),
            rehearsed: way.rehearsed.map(|at| at.0),
        });
        Ok(WaysBack { ways: ways.collect() })
    }

    pub(super) async fn make_kit(&self) -> Result<KitView, Failure> {
        let kit = self.session().await?.make_kit().await?;
        let text = kit.to_text();
        Ok(KitView {
            groups: text.split(' ').map(str::to_owned).collect(),
            // Without spaces a QR code takes the alphanumeric mode, and fewer modules.
            code: text.replace(' ', ""),
            begin: Kit::BEGIN.to_owned(),
            end: Kit::END.to_owned(),
            account: kit.account.to_string(),
            server: kit.server.clone(),
        })
    }

    pub(super) async fn rehearse_kit(&self, request: &KitRequest) -> Result<WaysBack, Failure> {
        let kit = Kit::from_text(&request.kit).map_err(Error::from)?;
        self.session().await?.rehearse_kit(&kit).await?;
        self.ways_back().await
    }

    pub(super) async fn remove_kit(&self) -> Result<WaysBack, Failure> {
        self.session().await?.remove_way_back(RecoverySlot::Kit).await?;
        self.ways_back().await
    }

    pub(super) async fn recover_start(&self, request: &KitRequest) -> Result<RecoverySurvey, Failure> {
        let kit = Kit::from_text(&request.kit).map_err(Error::from)?;
        let mut slot = self.recovering.lock().await;
        slot.take();
        let Client::Vacant(vacant) = Client::open(Rc::clone(&self.host)).await? else {
            return Err(Failure::new(ErrorCode::VaultExists, "this browser is of an account already"));
        };
        let recovering = vacant.recover(&kit).await?;
        let survey = survey(recovering.survey());
        *slot = Some(recovering);
        Ok(survey)
    }

    pub(super) async fn recover_finish(&self, request: &RecoverFinishRequest) -> Result<State, Failure> {
        let passphrase = passphrase(&request.passphrase)?;
        {
            let mut slot = self.recovering.lock().await;
            let Some(recovering) = slot.as_mut() else {
                return Err(Failure::new(ErrorCode::NotRecovering, "no recovery goes on"));
            };
            let session = match recovering.finish(&passphrase, &request.device_name).await {
                // What was looked at is no longer so: it is looked at anew.
                Err(Error::Busy) => {
                    slot.take();
                    return Err(Failure::new(ErrorCode::NotRecovering, Error::Busy.to_string()));
                }
                session => session?,
            };
            slot.take();
            let _door = self.door.lock().await;
            self.enter(session).await?;
        }
        self.state().await
    }

    pub(super) async fn recover_cancel(&self) -> Result<Done, Failure> {
        let mut slot = self.recovering.lock().await;
        if let Some(recovering) = slot.as_mut() {
            recovering.cancel().await?;
        }
        slot.take();
        Ok(Done {})
    }

    /// Takes all other devices out: they are lost. The kit stays, as the person has just come back by it.
    pub(super) async fn revoke_others(&self) -> Result<Devices, Failure> {
        let session = self.session().await?;
        let devices = session.devices().await?;
        let is_other = |device: &&roamkey_client::Device| !device.is_current && device.status == DeviceStatus::Active;
        let devices = devices.iter().filter(is_other).map(|device| device.id).collect();
        let (keep, keep_slots) = (vec![session.home().device], vec![RecoverySlot::Kit]);
        session.revoke(Revocation { devices, keep, reason: RevokeReason::Lost, keep_slots }).await?;
        self.devices().await
    }
}

fn survey(survey: &Survey) -> RecoverySurvey {
    RecoverySurvey {
        account: survey.account.to_string(),
        set: survey.set.0,
        last_change: survey.last_change.map(|(_, at)| at.0),
        unfinished: survey.unfinished.is_some(),
        devices: survey
            .devices
            .iter()
            .map(|device| SurveyedDevice {
                id: device.id.to_string(),
                added: device.added.0,
                last_contact: device.last_contact.map(|at| at.0),
            })
            .collect(),
    }
}
