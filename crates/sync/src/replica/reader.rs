use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{Evidence, ItemId};
use roamkey_sealing::LocalKey;
use roamkey_trust::evidence;
use roamkey_vault::{Body, Item, Kind, Operation, apply};

use super::{Page, PageRecord, Reading, Summary, index, page::find_record, page_of, read_page};
use crate::{
    EngineError, StoreKey, Table,
    engine::{Epochs, OperationId, Pending, open_row},
};

/// What reads items: the keys of a device, and which operations are pending.
///
/// Ask for it anew after loading, so that it knows every epoch that the rows name.
pub struct Reader<'a> {
    local: &'a LocalKey,
    epochs: &'a Epochs,
    summary: &'a Summary,
    pending: &'a Pending,
}

/// An item as it is here, with what is pending applied.
#[derive(Debug)]
pub struct Entry {
    /// Which.
    pub id: ItemId,
    /// What it is.
    pub item: Item,
    /// Whether the server signed for a commit that holds all of it.
    pub is_stored: bool,
    /// Whether the server signed for a commit that holds a record of it, if not of what is pending.
    pub has_record: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(local: &'a LocalKey, epochs: &'a Epochs, summary: &'a Summary, pending: &'a Pending) -> Self {
        Self { local, epochs, summary, pending }
    }

    /// Returns the rows that hold an item. Read them in one transaction.
    #[must_use]
    pub fn keys(&self, item: ItemId) -> Vec<StoreKey> {
        let page = Page::key(page_of(item));
        [page].into_iter().chain(self.pending.of_item(item).map(OperationId::key)).collect()
    }

    /// Opens an item from the rows that [`Reader::keys`] named; none if there is no such item, or no more.
    ///
    /// # Errors
    /// [`EngineError::Store`] when a row does not open.
    pub fn open(&self, item: ItemId, rows: &[Option<Vec<u8>>]) -> Result<Option<Entry>, EngineError> {
        let (page, waiting) = split(rows);
        let record = page.map(|row| find_record(row, item)).transpose()?.flatten();
        let operations = self.operations(self.pending.of_item(item), waiting)?;
        self.overlay(item, page, record.as_ref(), &operations)
    }

    /// Returns the rows that hold the items of a page. Read them in one transaction.
    #[must_use]
    pub fn page_keys(&self, page: u8) -> Vec<StoreKey> {
        [Page::key(page)].into_iter().chain(self.pending.of_page(page).map(OperationId::key)).collect()
    }

    /// Opens all items of a page from the rows that [`Reader::page_keys`] named.
    ///
    /// # Errors
    /// [`EngineError::Store`] when a row does not open.
    pub fn open_page(&self, page: u8, rows: &[Option<Vec<u8>>]) -> Result<Vec<Entry>, EngineError> {
        let (row, waiting) = split(rows);
        let records = row.map(read_page).transpose()?.unwrap_or_default().into_iter();
        let records: BTreeMap<_, _> =
            records.map(|(header, bytes)| (header.item, PageRecord { header, bytes: bytes.to_vec() })).collect();
        let operations = self.operations(self.pending.of_page(page), waiting)?;
        let items: BTreeSet<_> =
            records.keys().copied().chain(operations.iter().map(|operation| operation.item)).collect();
        let entries = items.into_iter().map(|item| self.overlay(item, row, records.get(&item), &operations));
        entries.filter_map(Result::transpose).collect()
    }

    /// Returns what the keys of [`Table::Index`] begin with for items of this kind and name: a passkey's
    /// `rp_id`, a login's host, a rule's site, a setting's name, a profile's device in hexadecimal, nothing
    /// for usage.
    #[must_use]
    pub fn lookup(&self, kind: Kind, name: &str) -> [u8; 32] {
        index::prefix(self.local, kind, name)
    }

    /// Returns the item that a key of the index names.
    #[must_use]
    pub fn item_of(index_key: &[u8]) -> Option<ItemId> {
        index::item_of(index_key)
    }

    /// Opens a row of [`Table::Unapplied`].
    ///
    /// # Errors
    /// [`EngineError::Store`] when it does not open.
    pub fn open_unapplied(&self, key: &[u8], row: &[u8]) -> Result<Operation, EngineError> {
        let bytes = open_row(self.local, &StoreKey::new(Table::Unapplied, key), row)?;
        Operation::decode(&bytes).map_err(|_| EngineError::Store(Table::Unapplied))
    }

    /// Opens a row of [`Table::Evidence`].
    ///
    /// # Errors
    /// [`EngineError::Store`] when it does not open.
    pub fn open_evidence(&self, key: &[u8], row: &[u8]) -> Result<Evidence, EngineError> {
        let bytes = open_row(self.local, &StoreKey::new(Table::Evidence, key), row)?;
        evidence::read(&bytes).map_err(|_| EngineError::Store(Table::Evidence))
    }

    /// Opens pending operations. One that is no longer at rest was settled: the page read with it holds it.
    fn operations(
        &self,
        ids: impl Iterator<Item = OperationId>,
        rows: &[Option<Vec<u8>>],
    ) -> Result<Vec<Operation>, EngineError> {
        ids.zip(rows)
            .filter_map(|(id, row)| row.as_deref().map(|row| (id, row)))
            .map(|(id, row)| open_operation(self.local, id, row))
            .collect()
    }

    fn overlay(
        &self,
        id: ItemId,
        row: Option<&[u8]>,
        record: Option<&PageRecord>,
        operations: &[Operation],
    ) -> Result<Option<Entry>, EngineError> {
        let reading = record.map(|record| record.read(self.epochs));
        if let Some(Reading::Rubbish | Reading::Skipped) = reading {
            // A member's doing, if the page is the one that was verified; if it is not, the store is damaged.
            let number = page_of(id);
            Page::open(number, row, self.summary.page(number))?;
        }
        let mut body = reading.and_then(Reading::into_body);
        let has_record = matches!(body, Some(Body::Item(_)));
        let mut is_stored = true;
        for operation in operations.iter().filter(|operation| operation.item == id) {
            is_stored = false;
            // What does not fit is told when it is pushed; until then the item shows as it is without.
            if let Some(changed) = apply(body.as_ref(), operation).ok().and_then(|outcome| outcome.into_body()) {
                body = Some(changed);
            }
        }
        Ok(match body {
            Some(Body::Item(item)) => Some(Entry { id, item: *item, is_stored, has_record }),
            Some(Body::Tombstone) | None => None,
        })
    }
}

/// Opens a pending operation from its row.
pub(crate) fn open_operation(local: &LocalKey, id: OperationId, row: &[u8]) -> Result<Operation, EngineError> {
    let bytes = open_row(local, &id.key(), row)?;
    Operation::decode(&bytes).map_err(|_| EngineError::Store(Table::Pending))
}

fn split(rows: &[Option<Vec<u8>>]) -> (Option<&[u8]>, &[Option<Vec<u8>>]) {
    match rows.split_first() {
        Some((page, waiting)) => (page.as_deref(), waiting),
        None => (None, &[]),
    }
}
