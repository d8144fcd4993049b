//! The compact sparse Merkle tree over all records, whose root each commit signs
//! (`spec/merkle.md`).
//!
//! The keys are SHA-256 of the items, so that nobody chooses where an item goes. A device keeps a vault
//! in 256 pages by the first byte of the key; a [`Summary`] holds the [`Subtree`] of each, so that
//! one change costs one page and eight levels. The server joins [`Subtree`]s in a tree of its own.

use sha2::{Digest, Sha256};

use crate::{ItemId, MerkleRoot, RecordHash};

/// The number of pages.
pub const PAGES: usize = 256;

/// Returns the page that an item is in: the first byte of the key.
#[must_use]
pub fn page_of(item: ItemId) -> u8 {
    let [first, ..] = key_of(item);
    first
}

/// A part of the tree: how many records are in it, and its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subtree {
    count: u64,
    root: [u8; 32],
}

impl Subtree {
    /// The part without records.
    pub const EMPTY: Self = Self { count: 0, root: [0; 32] };

    /// The number of bytes that it rests as.
    pub const LEN: usize = 40;

    /// Computes the part of the tree that one page is. The order of the records is free.
    ///
    /// # Errors
    /// [`PageError`].
    pub fn of_page(page: u8, records: impl IntoIterator<Item = (ItemId, RecordHash)>) -> Result<Self, PageError> {
        let mut leaves: Vec<_> = records.into_iter().map(|(item, record)| (key_of(item), record)).collect();
        leaves.sort_unstable_by_key(|(key, _)| *key);
        if leaves.iter().any(|([first, ..], _)| *first != page) {
            return Err(PageError::Stray);
        }
        if !leaves.is_sorted_by(|(a, _), (b, _)| a < b) {
            return Err(PageError::Duplicate);
        }
        Ok(Self::of_leaves(&leaves, 8))
    }

    /// Computes the part of the tree whose keys agree in their first `depth` bits. The leaves are sorted by their keys
    /// and distinct: so it ends, as distinct keys differ within 256 bits.
    #[must_use]
    pub fn of_leaves(leaves: &[(Key, RecordHash)], depth: usize) -> Self {
        match leaves {
            [] => Self::EMPTY,
            [(key, value)] => Self { count: 1, root: leaf(key, value) },
            _ => {
                let (left, right) = leaves.split_at(leaves.partition_point(|(key, _)| !bit(key, depth)));
                Self::join(Self::of_leaves(left, depth + 1), Self::of_leaves(right, depth + 1))
            }
        }
    }

    /// Returns the number of records.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Returns its hash, which is what a commit signs if this is the whole tree.
    #[must_use]
    pub const fn root(&self) -> MerkleRoot {
        MerkleRoot::new(self.root)
    }

    /// Writes it: `count ‖ root`, the count big-endian.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        let (count, root) = bytes.split_at_mut(8);
        count.copy_from_slice(&self.count.to_be_bytes());
        root.copy_from_slice(&self.root);
        bytes
    }

    /// Reads it.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::LEN]) -> Self {
        let [c0, c1, c2, c3, c4, c5, c6, c7, root @ ..] = *bytes;
        Self { count: u64::from_be_bytes([c0, c1, c2, c3, c4, c5, c6, c7]), root }
    }

    /// Joins two halves: one record alone is its leaf, at whatever depth.
    #[must_use]
    pub fn join(left: Self, right: Self) -> Self {
        let count = left.count.saturating_add(right.count);
        let root = match (left.count, right.count) {
            (0, 0 | 1) => right.root,
            (1, 0) => left.root,
            _ => node(&left.root, &right.root),
        };
        Self { count, root }
    }
}

/// Why records are no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// A record belongs on another page.
    #[error("a record is on another's page")]
    Stray,
    /// An item is there twice.
    #[error("an item is on the page twice")]
    Duplicate,
}

/// The whole tree, down to its pages.
#[derive(Clone, PartialEq, Eq)]
pub struct Summary {
    /// A heap: the node `i` has the children `2i` and `2i + 1`; 1 is the root, 256 the first page.
    nodes: Vec<Subtree>,
}

impl Summary {
    /// The number of bytes that it rests as.
    pub const LEN: usize = PAGES * Subtree::LEN;

    /// Returns the tree of a vault without records.
    #[must_use]
    pub fn empty() -> Self {
        Self { nodes: vec![Subtree::EMPTY; 2 * PAGES] }
    }

    /// Replaces one page.
    pub fn set(&mut self, page: u8, subtree: Subtree) {
        let mut at = PAGES + usize::from(page);
        self.put(at, subtree);
        while at > 1 {
            at /= 2;
            self.put(at, Subtree::join(self.node(2 * at), self.node(2 * at + 1)));
        }
    }

    /// Returns one page.
    #[must_use]
    pub fn page(&self, page: u8) -> Subtree {
        self.node(PAGES + usize::from(page))
    }

    /// Returns the root that a commit signs.
    #[must_use]
    pub fn root(&self) -> MerkleRoot {
        self.node(1).root()
    }

    /// Returns the number of records that a commit signs.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.node(1).count
    }

    /// Writes the pages, for resting on the device: `count ‖ root` each, the count big-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let pages = self.nodes.iter().skip(PAGES);
        pages.flat_map(Subtree::to_bytes).collect()
    }

    /// Reads the pages that rested on the device; `None` when they are not [`Self::LEN`] bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (pages, []) = bytes.as_chunks::<{ Subtree::LEN }>() else { return None };
        if pages.len() != PAGES {
            return None;
        }
        let mut nodes = vec![Subtree::EMPTY; PAGES];
        nodes.extend(pages.iter().map(Subtree::from_bytes));
        let mut summary = Self { nodes };
        for at in (1..PAGES).rev() {
            summary.put(at, Subtree::join(summary.node(2 * at), summary.node(2 * at + 1)));
        }
        Some(summary)
    }

    fn node(&self, at: usize) -> Subtree {
        *self.nodes.get(at).expect("the heap has 512 nodes and `at` is below")
    }

    fn put(&mut self, at: usize, subtree: Subtree) {
        *self.nodes.get_mut(at).expect("the heap has 512 nodes and `at` is below") = subtree;
    }
}

impl core::fmt::Debug for Summary {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Summary").field("root", &self.root()).field("count", &self.count()).finish_non_exhaustive()
    }
}

/// Where a record goes in the tree.
pub type Key = [u8; 32];

/// Returns where an item's record goes: nobody chooses it.
#[must_use]
pub fn key_of(item: ItemId) -> Key {
    Sha256::digest(item.as_bytes()).into()
}

/// Returns a bit of a key, the most significant of the first byte first.
fn bit(key: &Key, depth: usize) -> bool {
    key.get(depth / 8).is_some_and(|byte| byte >> (7 - depth % 8) & 1 == 1)
}

/// `SHA-256(0x00 ‖ key ‖ value)`. The first byte keeps leaves and nodes apart.
fn leaf(key: &Key, value: &RecordHash) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(key).chain_update(value.as_bytes()).finalize().into()
}

/// `SHA-256(0x01 ‖ left ‖ right)`.
fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

#[cfg(test)]
mod tests;
