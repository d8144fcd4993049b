//! What each page comes to: the tree above the pages, the oldest epoch in each, and what does not open.

use std::collections::BTreeSet;

use rand_core::CryptoRng;
use roamkey_proto::{
    ItemId, MerkleRoot,
    merkle::{self, Subtree},
};
use roamkey_sealing::LocalKey;

use super::Page;
use crate::{
    Batch, EngineError, StoreKey, Table,
    engine::{Epochs, open_row, seal_row},
};

/// The 256 pages of a vault, without their records.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    tree: merkle::Summary,
    /// The oldest epoch that a record of the page is sealed in; none for an empty page.
    oldest: Vec<Option<u64>>,
    /// The items whose records open to nothing here.
    unreadable: BTreeSet<ItemId>,
}

impl Summary {
    pub(crate) fn empty() -> Self {
        Self { tree: merkle::Summary::empty(), oldest: vec![None; merkle::PAGES], unreadable: BTreeSet::new() }
    }

    pub(crate) fn set(&mut self, number: u8, page: &Page, epochs: &Epochs) -> Result<(), EngineError> {
        self.tree.set(number, page.subtree(number)?);
        if let Some(oldest) = self.oldest.get_mut(usize::from(number)) {
            *oldest = page.oldest_epoch(epochs);
        }
        Ok(())
    }

    /// Notes whether the record of an item opens.
    pub(crate) fn note(&mut self, item: ItemId, is_readable: bool) {
        if is_readable {
            self.unreadable.remove(&item);
        } else {
            self.unreadable.insert(item);
        }
    }

    /// The number of records that open to nothing here.
    pub(crate) fn unreadable(&self) -> usize {
        self.unreadable.len()
    }

    pub(crate) fn page(&self, number: u8) -> Subtree {
        self.tree.page(number)
    }

    pub(crate) fn root(&self) -> MerkleRoot {
        self.tree.root()
    }

    pub(crate) fn count(&self) -> u64 {
        self.tree.count()
    }

    /// The pages that hold a record of an epoch before this one, in their order.
    pub(crate) fn pages_before(&self, epoch: u64) -> Vec<u8> {
        let pages = (0..=u8::MAX).zip(&self.oldest);
        pages.filter(|(_, oldest)| oldest.is_some_and(|oldest| oldest < epoch)).map(|(number, _)| number).collect()
    }

    pub(crate) fn persist(&self, local: &LocalKey, batch: &mut Batch, rng: &mut impl CryptoRng) {
        let mut bytes = self.tree.to_bytes();
        bytes.extend(self.oldest.iter().flat_map(|oldest| oldest.unwrap_or(0).to_be_bytes()));
        bytes.extend(self.unreadable.iter().flat_map(ItemId::as_bytes));
        let key = StoreKey::only(Table::Summary);
        let sealed = seal_row(local, &key, &bytes, rng);
        batch.put(key, sealed);
    }

    pub(crate) fn open(local: &LocalKey, row: &[u8]) -> Result<Self, EngineError> {
        let bytes = open_row(local, &StoreKey::only(Table::Summary), row)?;
        let (tree, oldest) = bytes.split_at_checked(merkle::Summary::LEN).ok_or(DAMAGED)?;
        let tree = merkle::Summary::from_bytes(tree).ok_or(DAMAGED)?;
        let (oldest, unreadable) = oldest.split_at_checked(8 * merkle::PAGES).ok_or(DAMAGED)?;
        let (oldest, []) = oldest.as_chunks::<8>() else { return Err(DAMAGED) };
        let (unreadable, []) = unreadable.as_chunks::<{ ItemId::LEN }>() else { return Err(DAMAGED) };
        let unreadable = unreadable.iter().map(|item| ItemId::new(*item)).collect();
        let oldest: Vec<_> = oldest.iter().map(|epoch| Some(u64::from_be_bytes(*epoch)).filter(|&e| e > 0)).collect();
        Ok(Self { tree, oldest, unreadable })
    }
}

const DAMAGED: EngineError = EngineError::Store(Table::Summary);
