//! What a lost device could read, as a work list.

use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{DeviceId, ItemId, Time};
use roamkey_sync::{Table, replica::read_page};
use roamkey_trust::{Change, Status, evidence::commit_of};
use roamkey_vault::{
    Content,
    exposure::{self, Exposed, Marks, Secret, Written},
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
        let (at, gone) = self.gone(lost).await?;
        let order = self.order_of_commits(at).await?;
        let entries = self.every_item().await?;
        let marks: Marks = entries
            .iter()
            .filter_map(|entry| match &entry.item.content {
                Content::Setting(setting) if setting.value == DONE => Some(setting.name.clone()),
                _ => None,
            })
            .collect();
        Ok(exposure::report(
            lost,
            gone,
            entries.iter().map(|entry| (entry.id, &entry.item)),
            |id| order.written(id),
            &marks,
        ))
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

    /// By which entry a device went, and when that says it was.
    async fn gone(&self, device: DeviceId) -> Result<(u64, Time), Error> {
        let log = self.log().await?;
        let member = log.member(device).ok_or(Error::NoSuchDevice)?;
        let at = match member.status() {
            Status::Active => return Err(Error::NoSuchDevice),
            Status::Revoked { at, .. } | Status::Left { at } => at,
        };
        Ok((at, log.entry(at).map(|entry| entry.time).unwrap_or_default()))
    }

    /// Reads which items were written before an entry of the log, and which after.
    async fn order_of_commits(&self, entry: u64) -> Result<Order, Error> {
        let log = self.log().await?;
        let rows = self.driver.scan(Table::Commits).await?;
        let commits: Vec<_> = rows.iter().filter_map(|(_, row)| commit_of(row)).collect();
        let is_whole = commits.first().is_none_or(|first| first.seq == 1);
        let mut order = Order {
            is_whole,
            before: BTreeSet::new(),
            after: BTreeMap::new(),
            removals: log.entries().iter().filter(|each| each.seq >= entry && removes(&each.change)).count(),
            epoch: log.entry(entry.saturating_sub(1)).map_or(0, |before| before.epoch) + 1,
            records: BTreeMap::new(),
        };
        for commit in &commits {
            for change in &commit.changed {
                if commit.log.seq < entry {
                    order.before.insert(change.item);
                } else {
                    *order.after.entry(change.item).or_default() += 1;
                }
            }
        }
        for (_, row) in self.driver.scan(Table::Pages).await? {
            let records = read_page(&row).map_err(Error::from)?;
            order.records.extend(records.into_iter().map(|(header, _)| (header.item, (header.revision, header.epoch))));
        }
        Ok(order)
    }
}

/// Which items the commits at rest name before and after a device went.
struct Order {
    /// Whether the commits are here from the first on.
    is_whole: bool,
    before: BTreeSet<ItemId>,
    /// How often each is named.
    after: BTreeMap<ItemId, usize>,
    /// Removals since, each of which has everything sealed again.
    removals: usize,
    /// The first epoch that the device has no key of.
    epoch: u64,
    /// Revision and epoch of each record.
    records: BTreeMap<ItemId, (u64, u64)>,
}

impl Order {
    fn written(&self, item: ItemId) -> Written {
        // Without a record nobody else has it. Each time that it is written its revision rises by one at least.
        let is_new = match self.records.get(&item) {
            None => true,
            Some((1, epoch)) if *epoch >= self.epoch => true,
            Some(_) => self.is_whole && !self.before.contains(&item),
        };
        let named = self.after.get(&item).copied().unwrap_or_default();
        Written { is_new, is_edited: named > self.removals }
    }
}

fn removes(change: &Change) -> bool {
    matches!(change, Change::Revoked { .. } | Change::Left)
}

/// What a setting says whose name is the mark of a secret.
const DONE: &str = "done";
