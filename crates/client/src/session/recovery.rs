//! The ways back into the account: set, tried, replaced, removed.

use roamkey_proto::{DeviceId, ItemId, RecoverySlot, SetRecovery, Time};
use roamkey_sealing::recovery::{Kit, RecoverySecret};
use roamkey_sync::{Command, Event, Pins, recovery::Survey};
use roamkey_trust::Authority;
use roamkey_vault::{Change, Content, item::Setting};

use super::{Found, Session};
use crate::{
    Error, Host, LocalStore as _, home,
    recovery::{RecoveryError, survey},
};

/// A way back into the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayBack {
    /// Which.
    pub slot: RecoverySlot,
    /// Its authority, as the log names it.
    pub authority: DeviceId,
    /// When it was set, as the device that did so says.
    pub set: Time,
    /// That device.
    pub by: DeviceId,
    /// When a person last tried it, on any device.
    pub rehearsed: Option<Time>,
}

impl<H: Host> Session<H> {
    /// Lists the ways back, by slot.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn ways_back(&self) -> Result<Vec<WayBack>, Error> {
        let log = self.log().await?;
        let mut ways = Vec::new();
        for (authority, entry) in log.recovery() {
            let rehearsed = self.rehearsal(authority).await?.map(|(_, at)| at);
            let set = entry.set();
            ways.push(WayBack { slot: entry.slot(), authority, set: set.time, by: set.by, rehearsed });
        }
        ways.sort_by_key(|way| way.slot);
        Ok(ways)
    }

    /// Makes a recovery kit, in place of any other. It is shown once: from then on this device keeps nothing of it.
    ///
    /// Where the server's answer is lost, the kit may be set without anybody having seen it; the next call returns that one.
    ///
    /// # Errors
    /// [`Error::Busy`]; those of [`Session::sync`].
    pub async fn make_kit(&self) -> Result<Kit, Error> {
        self.sync().await?;
        let secret = self.unseen_kit().await?;
        let keys = secret.derive_authority(self.home.account, RecoverySlot::Kit);
        if self.log().await?.authority(keys.id()).is_none() {
            let op = SetRecovery { slot: RecoverySlot::Kit, keys: Some(keys.public()), policy: None };
            self.command(Command::SetRecovery(Box::new(op))).await?;
        }
        let Pins { log, vault, .. } = self.driver.status()?.pins;
        let receipt_key = self.driver.with_engine(|engine| engine.receipt_key())?;
        let receipt_key = receipt_key.ok_or(Error::Internal("an engine that is open knows its server"))?;
        let server = self.home.server.as_str().to_owned();
        self.host().store().apply(home::forget_kit()).await?;
        Ok(Kit { secret, account: self.home.account, server, receipt_key, log, vault })
    }

    /// Returns the secret of a kit that nobody has seen: one that was on its way, or a new one. It rests here before its
    /// entry is made, as an entry that was sent cannot be called back, and the kit of before serves no more then.
    async fn unseen_kit(&self) -> Result<RecoverySecret, Error> {
        let (store, local) = (self.host().store(), self.driver.local()?);
        if let Some(secret) = home::read_kit(store, &local).await? {
            let id = secret.derive_authority(self.home.account, RecoverySlot::Kit).id();
            // One that another device has replaced meanwhile serves nobody.
            if self.log().await?.authority(id).is_none_or(Authority::is_live) {
                return Ok(secret);
            }
        }
        let secret = Kit::make_secret(&mut self.host().rng());
        store.apply(home::keep_kit(&secret, &local, self.host())).await?;
        Ok(secret)
    }

    /// Removes a way back; whoever has its secret gets no later key.
    ///
    /// # Errors
    /// [`Error::AlreadySo`]; those of [`Session::sync`].
    pub async fn remove_way_back(&self, slot: RecoverySlot) -> Result<(), Error> {
        self.sync().await?;
        self.once(Command::SetRecovery(Box::new(SetRecovery { slot, keys: None, policy: None }))).await
    }

    /// Tries a kit as if everything were lost, up to the last step, which it does not take; and notes that it serves.
    ///
    /// # Errors
    /// [`Error::Recovery`] says why it does not; [`RecoveryError::OtherAccount`] when it is of another account.
    pub async fn rehearse_kit(&self, kit: &Kit) -> Result<Survey, Error> {
        self.driver.local()?;
        if kit.account != self.home.account {
            return Err(RecoveryError::OtherAccount.into());
        }
        let (_, _, recovery, survey) = survey(self.host(), kit).await?;
        let (_, authority) = recovery.identity();
        self.note_rehearsal(authority).await?;
        Ok(survey)
    }

    /// Goes on as a device that just came back: what the kit knew is compared with what the server shows from here on.
    /// Tells whether this device is in the account.
    pub(crate) async fn welcome(&self, witness: Pins) -> Result<bool, Error> {
        self.driver.step(Event::Witness(witness)).await?;
        match self.sync().await {
            Ok(synced) => Ok(synced.waiting.is_none_or(|waiting| !waiting.admission)),
            Err(Error::Ended(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn note_rehearsal(&self, authority: DeviceId) -> Result<(), Error> {
        let value = self.host().now().0.to_string();
        match self.rehearsal(authority).await? {
            Some((id, _)) => self.change(id, &[Change::Setting(value)]).await,
            None => {
                let setting = Setting { name: name_of(authority), value };
                self.create_item(Content::Setting(setting)).await.map(drop)
            }
        }
    }

    async fn rehearsal(&self, authority: DeviceId) -> Result<Option<(ItemId, Time)>, Error> {
        let name = name_of(authority);
        let at = |found: &Found| match &found.item.content {
            Content::Setting(setting) if setting.name == name => {
                Some((found.id, Time(setting.value.parse().unwrap_or_default())))
            }
            _ => None,
        };
        Ok(self.every_item().await?.iter().find_map(at))
    }
}

fn name_of(authority: DeviceId) -> String {
    format!("recovery.rehearsed.{authority}")
}
