//! What a lost device could read, as a work list.

use roamkey_proto::{DeviceId, ItemId, Time};
use roamkey_trust::Status;
use roamkey_vault::{
    Content,
    exposure::{self, Exposed, Marks, Secret},
    item::Setting,
};

use super::Session;
use crate::{Error, Host};

impl<H: Host> Session<H> {
    /// Lists each secret that a device could read which was revoked or left: what is open first.
    ///
    /// # Errors
    /// [`Error::NoSuchDevice`] for one that is still there or never was; [`Error::Locked`], [`Error::Store`],
    /// [`Error::Damaged`].
    pub async fn exposure(&self, lost: DeviceId) -> Result<Vec<Exposed>, Error> {
        let gone = self.gone(lost).await?;
        let entries = self.every_item().await?;
        let marks: Marks = entries
            .iter()
            .filter_map(|entry| match &entry.item.content {
                Content::Setting(setting) if setting.value == DONE => Some(setting.name.clone()),
                _ => None,
            })
            .collect();
        Ok(exposure::report(lost, gone, entries.iter().map(|entry| (entry.id, &entry.item)), &marks))
    }

    /// Notes that the person has replaced a secret; every device sees it.
    ///
    /// # Errors
    /// As [`Session::exposure`]; [`Error::NoSuchItem`] when it is not on the list.
    pub async fn mark_replaced(&self, lost: DeviceId, item: ItemId, kind: Secret) -> Result<(), Error> {
        let report = self.exposure(lost).await?;
        let is_open = |exposed: &&Exposed| exposed.item == item && exposed.kind == kind;
        let exposed = report.iter().find(is_open).ok_or(Error::NoSuchItem)?;
        if exposed.progress != exposure::Progress::Open {
            return Ok(());
        }
        let setting = Setting { name: exposure::mark(lost, item, kind), value: DONE.to_owned() };
        self.create_item(Content::Setting(setting)).await.map(drop)
    }

    /// When the log says that a device went.
    async fn gone(&self, device: DeviceId) -> Result<Time, Error> {
        let log = self.log().await?;
        let member = log.member(device).ok_or(Error::NoSuchDevice)?;
        let at = match member.status() {
            Status::Active => return Err(Error::NoSuchDevice),
            Status::Revoked { at, .. } | Status::Left { at } => at,
        };
        Ok(log.entry(at).map(|entry| entry.time).unwrap_or_default())
    }
}

/// What a setting says whose name is the mark of a secret.
const DONE: &str = "done";
