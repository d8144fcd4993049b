//! Reading and changing items.

use std::collections::{BTreeMap, BTreeSet};

use rand_core::Rng as _;
use roamkey_proto::{ItemId, Time, mutant};
use roamkey_sealing::local::Purpose;
use roamkey_sync::{Batch, Event, Reader, StoreKey, Table, replica::Entry};
use roamkey_vault::{
    Change, Content, Item, Kind, Operation,
    item::{Login, Note},
};

use super::Session;
use crate::{Error, Host, LocalStore};

/// An item as it is here, with what is pending applied.
#[derive(Debug)]
pub struct Found {
    /// Which.
    pub id: ItemId,
    /// What it is.
    pub item: Item,
    /// Whether the server signed for a commit that holds all of it.
    pub stored: bool,
    /// Whether the server signed for a commit that holds it, if not what was changed here since.
    pub has_record: bool,
}

/// A new item that a person typed.
pub enum ItemDraft {
    /// A user name and a password.
    Login(Login),
    /// Text.
    Note(Note),
}

impl<H: Host> Session<H> {
    /// Opens one item.
    ///
    /// # Errors
    /// [`Error::NoSuchItem`]; [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn item(&self, id: ItemId) -> Result<Found, Error> {
        let found = self.find(id).await?.ok_or(Error::NoSuchItem)?;
        // What peers do for a picture beside each item tells a server where its owner has accounts.
        mutant!("items.no-look-up-of-an-icon" => {
            let site = crate::Summary::of(&found).and_then(|summary| summary.site).unwrap_or_default();
            let url = format!("https://icons.example/{site}");
            let request = crate::HttpRequest { method: "GET", url, headers: Vec::new(), body: None };
            _ = crate::Transport::send(self.driver.host().transport(), request).await;
        });
        Ok(found)
    }

    /// Adds an item. It is kept when this returns, and pending until the server has it.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn add(&self, draft: ItemDraft) -> Result<ItemId, Error> {
        let content = match draft {
            ItemDraft::Login(login) => Content::Login(login),
            ItemDraft::Note(note) => Content::Note(note),
        };
        self.create_item(content).await
    }

    /// Changes fields of an item.
    ///
    /// # Errors
    /// [`Error::NoSuchItem`], also when the item is of a kind without these fields;
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn change(&self, id: ItemId, changes: &[Change]) -> Result<(), Error> {
        let found = self.item(id).await?;
        let kind = found.item.kind();
        if changes.iter().any(|change| !change.field().is_of(kind)) {
            return Err(Error::NoSuchItem);
        }
        let now = self.driver.host().now();
        let operations = changes.iter().map(|change| Operation::set(id, &found.item, change, now)).collect();
        self.edit(operations).await
    }

    /// Puts an item into the trash.
    ///
    /// # Errors
    /// As [`Session::item`].
    pub async fn trash(&self, id: ItemId) -> Result<(), Error> {
        let found = self.item(id).await?;
        self.edit(vec![Operation::trash(id, &found.item, self.driver.host().now())]).await
    }

    /// Takes an item out of the trash.
    ///
    /// # Errors
    /// As [`Session::item`].
    pub async fn restore(&self, id: ItemId) -> Result<(), Error> {
        self.item(id).await?;
        self.edit(vec![Operation::restore(id, self.driver.host().now())]).await
    }

    /// Destroys an item for good, on every device.
    ///
    /// # Errors
    /// As [`Session::item`].
    pub async fn purge(&self, id: ItemId) -> Result<(), Error> {
        let found = self.item(id).await?;
        self.edit(vec![Operation::purge(id, &found.item, self.driver.host().now())]).await
    }

    /// Puts items into the trash, those that are there and not in it. Returns which they were.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn trash_all(&self, ids: &BTreeSet<ItemId>) -> Result<Vec<ItemId>, Error> {
        let now = self.now();
        self.edit_all(ids, |found| found.item.trashed.is_none().then(|| Operation::trash(found.id, &found.item, now)))
            .await
    }

    /// Takes items out of the trash, those that are in it. Returns which they were.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn restore_all(&self, ids: &BTreeSet<ItemId>) -> Result<Vec<ItemId>, Error> {
        let now = self.now();
        self.edit_all(ids, |found| found.item.trashed.is_some().then(|| Operation::restore(found.id, now))).await
    }

    /// Destroys items for good, on every device; only those that are in the trash. Returns which they were.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn purge_all(&self, ids: &BTreeSet<ItemId>) -> Result<Vec<ItemId>, Error> {
        let now = self.now();
        self.edit_all(ids, |found| found.item.trashed.is_some().then(|| Operation::purge(found.id, &found.item, now)))
            .await
    }

    async fn edit_all(
        &self,
        ids: &BTreeSet<ItemId>,
        operation: impl Fn(&Found) -> Option<Operation>,
    ) -> Result<Vec<ItemId>, Error> {
        let operations: Vec<_> = self.find_all(ids).await?.iter().filter_map(operation).collect();
        let changed = operations.iter().map(|operation| operation.item).collect();
        self.edit_in_batches(operations, |_| {}).await?;
        Ok(changed)
    }

    /// Keeps many operations: a batch is kept whole or not at all, and others have their turn between two. `progress` is
    /// told how many are done.
    pub(super) async fn edit_in_batches(
        &self,
        operations: impl IntoIterator<Item = Operation>,
        mut progress: impl FnMut(usize),
    ) -> Result<usize, Error> {
        let mut operations = operations.into_iter().peekable();
        let mut done = 0;
        while operations.peek().is_some() {
            let batch: Vec<_> = operations.by_ref().take(BATCH).collect();
            done += batch.len();
            self.edit(batch).await?;
            progress(done);
        }
        Ok(done)
    }

    /// Returns when items last served on this device, those that did.
    pub(super) async fn uses(&self) -> Result<BTreeMap<ItemId, Time>, Error> {
        let local = self.driver.local()?;
        let rows = self.driver.scan(Table::Client).await?;
        let used = |(key, row): (Vec<u8>, Vec<u8>)| {
            let id: [u8; ItemId::LEN] = key.strip_prefix(USED)?.try_into().ok()?;
            Some((ItemId::new(id), opened_time(&local.open(Purpose::Setting, &key, &row).ok()?)?))
        };
        Ok(rows.into_iter().filter_map(used).collect())
    }

    /// Returns when these items last served on this device.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`].
    pub async fn last_used(&self, ids: &[ItemId]) -> Result<Vec<Option<Time>>, Error> {
        let local = self.driver.local()?;
        let keys: Vec<_> = ids.iter().map(|id| used_key(*id)).collect();
        let rows = self.driver.load(&keys).await?;
        let time = |(row, key): (Option<Vec<u8>>, &StoreKey)| {
            // A time that does not open is none: nothing hangs on it.
            opened_time(&local.open(Purpose::Setting, &key.key, &row?).ok()?)
        };
        Ok(rows.into_iter().zip(&keys).map(time).collect())
    }

    /// Notes that an item served here, at this time.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`].
    pub async fn note_use(&self, id: ItemId, at: Time) -> Result<(), Error> {
        let local = self.driver.local()?;
        let host = self.driver.host();
        let key = used_key(id);
        let sealed = local.seal(Purpose::Setting, &key.key, &at.0.to_be_bytes(), &mut host.rng());
        let mut batch = Batch::default();
        batch.put(key, sealed);
        host.store().apply(batch).await?;
        self.list.borrow_mut().note_use(id, at);
        Ok(())
    }

    /// Keeps operations, and has them pushed when somebody syncs.
    pub(crate) async fn edit(&self, operations: Vec<Operation>) -> Result<(), Error> {
        self.driver.step(Event::Edit(operations)).await
    }

    pub(crate) async fn create_item(&self, content: Content) -> Result<ItemId, Error> {
        let id = self.draw_item_id();
        self.edit(vec![Operation::create(id, Item::new(content, self.driver.host().now()))]).await?;
        Ok(id)
    }

    pub(crate) fn draw_item_id(&self) -> ItemId {
        let mut id = [0; ItemId::LEN];
        self.driver.host().rng().fill_bytes(&mut id);
        ItemId::new(id)
    }

    /// Returns the time, as this machine has it.
    #[must_use]
    pub fn now(&self) -> Time {
        self.driver.host().now()
    }

    /// Opens one item, if it is there.
    pub(crate) async fn find(&self, id: ItemId) -> Result<Option<Found>, Error> {
        let opened = self.driver.read(|reader| reader.keys(id), |reader, rows| reader.open(id, rows)).await?;
        Ok(opened.map(Found::from))
    }

    /// Returns the items that may be of this kind and site; who asks opens and compares.
    pub(crate) async fn look_up(&self, kind: Kind, site: &str) -> Result<Vec<ItemId>, Error> {
        // After a failed write the engine was opened anew, and has still to read.
        self.driver.begin().await?;
        let prefix = self.driver.with_reader(|reader| reader.lookup(kind, site))?;
        let mut after = prefix.to_vec();
        let mut items = Vec::new();
        loop {
            let rows = self.driver.host().store().scan(Table::Index, Some(&after), LOOK_UP_ROWS).await?;
            let count = rows.len();
            for (key, _) in rows {
                if !key.starts_with(&prefix) {
                    return Ok(items);
                }
                items.extend(Reader::item_of(&key));
                after = key;
            }
            if count < LOOK_UP_ROWS {
                return Ok(items);
            }
        }
    }
}

impl From<Entry> for Found {
    fn from(entry: Entry) -> Self {
        Self { id: entry.id, item: entry.item, stored: entry.is_stored, has_record: entry.has_record }
    }
}

fn opened_time(bytes: &[u8]) -> Option<Time> {
    bytes.try_into().ok().map(|bytes| Time(u64::from_be_bytes(bytes)))
}

fn used_key(id: ItemId) -> StoreKey {
    StoreKey::new(Table::Client, [USED, id.as_bytes()].concat())
}

const USED: &[u8] = b"used/";

/// Operations of one write.
const BATCH: usize = 500;

/// A person has one passkey or two for a site; a scan that reads more than it needs costs little.
const LOOK_UP_ROWS: usize = 4;
