//! Which operations wait for a commit. Only their names are held; they rest sealed in the store.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use roamkey_proto::ItemId;

use crate::{EngineError, StoreKey, Table, replica::page_of};

/// Names one operation of this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub(crate) struct OperationId {
    /// Whose item.
    #[n(0)]
    pub(crate) item: ItemId,
    /// Rises with each operation, over all items.
    #[n(1)]
    pub(crate) number: u64,
}

impl OperationId {
    /// Returns where the operation rests: `page ‖ item ‖ number`, so that those of a page and of an
    /// item stand together, in their order.
    pub(crate) fn key(self) -> StoreKey {
        let mut key = vec![page_of(self.item)];
        key.extend_from_slice(self.item.as_bytes());
        key.extend_from_slice(&self.number.to_be_bytes());
        StoreKey::new(Table::Pending, key)
    }

    pub(crate) fn of_key(key: &[u8]) -> Option<Self> {
        let (_, rest) = key.split_first()?;
        let (item, number) = rest.split_first_chunk::<{ ItemId::LEN }>()?;
        Some(Self { item: ItemId::new(*item), number: u64::from_be_bytes(number.try_into().ok()?) })
    }
}

/// The operations that no commit holds yet.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    by_item: BTreeMap<(u8, ItemId), Vec<u64>>,
    last: u64,
}

impl Pending {
    pub(crate) fn open(keys: impl IntoIterator<Item = Vec<u8>>) -> Result<Self, EngineError> {
        let mut pending = Self::default();
        for key in keys {
            pending.insert(OperationId::of_key(&key).ok_or(EngineError::Store(Table::Pending))?);
        }
        Ok(pending)
    }

    /// Never gives out a number at or below this one, which an attempt may still speak of.
    pub(crate) fn skip_to(&mut self, number: u64) {
        self.last = self.last.max(number);
    }

    /// Names a new operation.
    pub(crate) fn add(&mut self, item: ItemId) -> OperationId {
        let id = OperationId { item, number: self.last + 1 };
        self.insert(id);
        id
    }

    pub(crate) fn remove(&mut self, id: OperationId) -> bool {
        let key = (page_of(id.item), id.item);
        let Some(numbers) = self.by_item.get_mut(&key) else { return false };
        let before = numbers.len();
        numbers.retain(|number| *number != id.number);
        let removed = numbers.len() < before;
        if numbers.is_empty() {
            self.by_item.remove(&key);
        }
        removed
    }

    pub(crate) fn len(&self) -> usize {
        self.by_item.values().map(Vec::len).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_item.is_empty()
    }

    pub(crate) fn of_item(&self, item: ItemId) -> impl Iterator<Item = OperationId> {
        self.by_item
            .get(&(page_of(item), item))
            .into_iter()
            .flatten()
            .map(move |number| OperationId { item, number: *number })
    }

    pub(crate) fn of_page(&self, page: u8) -> impl Iterator<Item = OperationId> {
        let (first, last) = (ItemId::new([0; ItemId::LEN]), ItemId::new([0xff; ItemId::LEN]));
        self.by_item
            .range((page, first)..=(page, last))
            .flat_map(|((_, item), numbers)| numbers.iter().map(|number| OperationId { item: *item, number: *number }))
    }

    /// The items that have operations, page by page.
    pub(crate) fn items(&self) -> impl Iterator<Item = ItemId> {
        self.by_item.keys().map(|(_, item)| *item)
    }

    fn insert(&mut self, id: OperationId) {
        self.by_item.entry((page_of(id.item), id.item)).or_default().push(id.number);
        self.last = self.last.max(id.number);
    }
}
