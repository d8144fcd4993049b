//! The devices of the account.

use std::collections::BTreeSet;

use roamkey_proto::{Bundle, DeviceId, Pin, RecoverySlot, RevokeReason, Time, Via, cbor, limits};
use roamkey_sync::{Command, CommandError, Contact, Distrust, EngineError, Event, Outcome, Table};
use roamkey_trust::{Log, Member, Status};
use roamkey_vault::{Change, Content, item::DeviceProfile};

use super::Session;
use crate::{Error, Host};

/// A device of the account, or one that was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// What it calls itself; none until it has synced once.
    pub profile: Option<Profile>,
    /// Whether it is this one.
    pub is_current: bool,
    /// When it joined.
    pub added: Time,
    /// Which device let it in, or had set the way back by which it came; none for the first.
    pub added_by: Option<DeviceId>,
    /// Whether it came by a way back, and no device let it in.
    pub is_recovered: bool,
    /// Whether it is still one of the account.
    pub status: DeviceStatus,
    /// When it last signed something that got here; for this one, now.
    pub last_contact: Option<Time>,
    /// Whether an active device has been silent for so long that the person should ask where it is.
    pub is_silent: bool,
}

/// Whether a device is still one of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceStatus {
    /// It reads and writes.
    Active,
    /// Another one took it out.
    Revoked {
        /// When that one says it was.
        time: Time,
        /// Why.
        reason: RevokeReason,
    },
    /// It signed itself out.
    Left {
        /// When it says it was.
        time: Time,
    },
}

/// What a device calls itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// What the person calls it.
    pub name: String,
    /// What it runs on.
    pub platform: String,
}

/// Who goes, and who stays although one that goes had let it in.
#[derive(Clone, Debug)]
pub struct Revocation {
    /// Who goes.
    pub devices: Vec<DeviceId>,
    /// Who stays.
    pub keep: Vec<DeviceId>,
    /// Why.
    pub reason: RevokeReason,
    /// The recovery slots that a device that goes had set, and that stay; the others are emptied.
    pub keep_slots: Vec<RecoverySlot>,
}

impl<H: Host> Session<H> {
    /// Lists the devices, in the order in which they joined.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn devices(&self) -> Result<Vec<Device>, Error> {
        let mut profiles = self.profiles().await?;
        let log = self.log().await?;
        let contacts = self.driver.with_engine(|engine| engine.contacts().to_vec())?;
        let now = self.driver.host().now();
        let mut members: Vec<_> = log.members().iter().collect();
        members.sort_by_key(|(_, member)| member.added().seq);
        let device = |(id, member): (&DeviceId, &Member)| Device {
            id: *id,
            profile: profiles.remove(id).map(|(_, profile)| profile),
            is_current: *id == self.home.device,
            added: member.added().time,
            added_by: Some(member.added().by).filter(|by| by != id).map(|by| setter(&log, by)),
            is_recovered: member.added().via == Some(Via::Recovery),
            status: status(&log, member),
            last_contact: last_contact(*id, self.home.device, &contacts, now),
            is_silent: member.is_active() && *id != self.home.device && silent(*id, member, &contacts, now),
        };
        Ok(members.into_iter().map(device).collect())
    }

    /// Returns the log, verified from its first entry up to where this device is pinned.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn log(&self) -> Result<Log, Error> {
        let pin = self.log_pin()?;
        let log = Log::replay(&self.log_bundles().await?).map_err(|_| DAMAGED)?;
        if log.extends(&pin) { Ok(log) } else { Err(DAMAGED) }
    }

    /// Returns the entries of the log with the headers of their epochs, as they lie here: whoever reads them verifies.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn log_bundles(&self) -> Result<Vec<Bundle>, Error> {
        self.driver.local()?;
        let rows = self.driver.scan(Table::Log).await?;
        let bundles = rows.iter().map(|(_, row)| cbor::decode::<Bundle>(row, limits::BUNDLE_BYTES));
        bundles.collect::<Result<Vec<_>, _>>().map_err(|_| DAMAGED)
    }

    /// Tells whether records are still to be sealed again after a removal; syncs go on with it.
    ///
    /// # Errors
    /// [`Error::Locked`].
    pub fn is_resealing(&self) -> Result<bool, Error> {
        self.driver.status().map(|status| status.reseal_pages > 0)
    }

    /// Gives this device a name.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn name_device(&self, name: &str) -> Result<(), Error> {
        let device = self.home.device;
        match self.profiles().await?.remove(&device) {
            Some((id, _)) => self.change(id, &[Change::Name(name.to_owned())]).await,
            None => {
                let platform = self.driver.host().platform().to_owned();
                let profile = DeviceProfile { device, name: name.to_owned(), platform };
                self.create_item(Content::DeviceProfile(profile)).await.map(drop)
            }
        }
    }

    /// Takes devices out of the account, opens an epoch that they cannot read, and begins to seal
    /// every record again; what is left of that, later syncs do.
    ///
    /// # Errors
    /// [`Error::Dependents`] names the devices that must be named or kept as well;
    /// [`Error::NoSuchDevice`], [`Error::LastDevice`], [`Error::Busy`]; those of [`Session::sync`].
    pub async fn revoke(&self, revocation: Revocation) -> Result<(), Error> {
        match self.sync().await {
            // Revoking is what ends it.
            Err(Error::Distrust(Distrust::ShutOut { .. } | Distrust::Epoch { .. } | Distrust::UnusableKey { .. })) => {}
            synced => _ = synced?,
        }
        check(&self.log().await?, &revocation)?;
        let Revocation { devices, keep, reason, keep_slots } = revocation;
        self.command(Command::Revoke { devices, keep, reason, keep_slots }).await?;
        self.sync().await.map(drop)
    }

    /// Returns the active devices that these had let in, themselves or through others: each must be revoked too, or kept.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn planted_by(&self, devices: &[DeviceId]) -> Result<Vec<DeviceId>, Error> {
        let devices = devices.iter().copied().collect();
        Ok(self.log().await?.added_through(&devices, &BTreeSet::new()).into_iter().collect())
    }

    /// Signs this device out for good, and deletes everything that it holds. Without `lose_pending`
    /// it stays while the server lacks a change.
    ///
    /// # Errors
    /// [`Error::PendingChanges`], [`Error::LastDevice`]; those of [`Session::sync`].
    pub async fn leave(&self, lose_pending: bool) -> Result<(), Error> {
        let synced = self.sync().await?;
        if synced.pending > 0 && !lose_pending {
            return Err(Error::PendingChanges(synced.pending));
        }
        let log = self.log().await?;
        if log.active().count() == 1 && log.recovery().next().is_none() {
            return Err(Error::LastDevice);
        }
        self.command(Command::Leave).await?;
        self.reset().await
    }

    /// Gives the engine a command and sees it through.
    pub(crate) async fn command(&self, command: Command) -> Result<Outcome, Error> {
        self.try_command(command).await?.map_err(refused)
    }

    /// As [`Self::command`], for whoever has a remedy for a refusal of its own.
    pub(crate) async fn try_command(&self, command: Command) -> Result<Result<Outcome, CommandError>, Error> {
        let mut wire = self.driver.wire.lock().await;
        self.driver.news(|news| news.commanded = None);
        self.driver.step(Event::Command(command)).await?;
        let lost = self.converse(&mut wire).await?;
        match (self.driver.news(|news| news.commanded.take()), lost) {
            // What the engine only knows as being offline has a reason that a person can act on.
            (Some(Err(CommandError::Offline)) | None, Some(lost)) => Err(lost),
            (Some(result), _) => Ok(result),
            (None, None) => Err(Error::Busy),
        }
    }

    /// Returns where this device is in the log.
    pub(crate) fn log_pin(&self) -> Result<Pin, Error> {
        self.driver.status().map(|status| status.pins.log)
    }
}

/// Says before anything is signed what the log would refuse.
fn check(log: &Log, revocation: &Revocation) -> Result<(), Error> {
    let devices: BTreeSet<_> = revocation.devices.iter().copied().collect();
    if devices.is_empty() || !devices.iter().all(|id| log.active_member(*id).is_some()) {
        return Err(Error::NoSuchDevice);
    }
    let mut dependents = log.added_through(&devices, &BTreeSet::new());
    dependents.retain(|id| !revocation.keep.contains(id));
    if !dependents.is_empty() {
        return Err(Error::Dependents(dependents.into_iter().collect()));
    }
    if log.active().all(|(id, _)| devices.contains(&id)) {
        return Err(Error::LastDevice);
    }
    Ok(())
}

fn last_contact(id: DeviceId, own: DeviceId, contacts: &[Contact], now: Time) -> Option<Time> {
    let known = contacts.iter().find(|contact| contact.device == id).map(|contact| contact.at);
    if id == own { Some(now) } else { known }
}

/// Who answers for whom an authority lets in: the device that had set it.
fn setter(log: &Log, by: DeviceId) -> DeviceId {
    log.authority(by).map_or(by, |authority| authority.set().by)
}

/// One that never said anything has been silent since it joined.
fn silent(id: DeviceId, member: &Member, contacts: &[Contact], now: Time) -> bool {
    match contacts.iter().find(|contact| contact.device == id) {
        Some(contact) => contact.is_silent(now),
        None => now.millis_since(member.added().time) > limits::SILENCE_MS,
    }
}

fn status(log: &Log, member: &Member) -> DeviceStatus {
    let time = |seq| log.entry(seq).map(|entry| entry.time).unwrap_or_default();
    match member.status() {
        Status::Active => DeviceStatus::Active,
        Status::Revoked { at, reason, .. } => DeviceStatus::Revoked { time: time(at), reason },
        Status::Left { at } => DeviceStatus::Left { time: time(at) },
    }
}

pub(super) fn refused(error: CommandError) -> Error {
    match error {
        CommandError::Busy | CommandError::InvitationStale | CommandError::Offline => Error::Busy,
        CommandError::Forbidden(_) => Error::Internal("the log refuses what was checked before"),
        CommandError::NotAMember => Error::NotAdmitted,
        CommandError::Refused(problem) => Error::Refused { problem, retry_after_ms: None },
        CommandError::Distrust(distrust) => Error::Distrust(distrust),
        CommandError::ShutOut { openers } => Error::AlsoRevoke(openers),
        CommandError::OtherHistory => Error::OtherHistory,
        _ => Error::Internal("a command failed in a way that is new"),
    }
}

const DAMAGED: Error = Error::Damaged(EngineError::Store(Table::Log));
