//! The tree over the records of an account (`spec/merkle.md`) as a store keeps it: in pages, so that a change reads and
//! writes those on its way down and no others.
//!
//! A page is either a handful of leaves, or sixteen subtrees, split by the next half-byte of the key, each a page of its
//! own. Nothing of it is read from a record: a store that lost its pages, or never had any, makes them anew from the hashes.

use std::collections::BTreeMap;

use roamkey_proto::{
    ItemId, MerkleRoot, RecordHash,
    merkle::{Key, Subtree, key_of},
};

/// Where a page is: the half-bytes that the keys below it begin with, a byte each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PagePath(Vec<u8>);

impl PagePath {
    /// The page at the top.
    pub const ROOT: Self = Self(Vec::new());

    /// Returns what a store keys the page by.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn above(key: &Key, depth: usize) -> Self {
        Self((0..depth).map(|at| half_byte(key, at)).collect())
    }

    fn below(&self, half_byte: u8) -> Self {
        let mut path = self.0.clone();
        path.push(half_byte);
        Self(path)
    }

    fn depth(&self) -> usize {
        self.0.len()
    }
}

/// Pages that are none, or do not belong together: they are damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the tree over the records is damaged")]
pub struct TreeDamaged;

/// A change of the tree, on its way: what it asks for has to be found until it asks for nothing more.
#[derive(Debug)]
pub struct TreeUpdate {
    /// By their keys.
    changes: BTreeMap<Key, (ItemId, RecordHash)>,
    /// What was looked for; `None` where nothing is.
    pages: BTreeMap<PagePath, Option<Page>>,
}

/// The tree after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grown {
    /// The root that a commit signs.
    pub root: MerkleRoot,
    /// The number of records.
    pub count: u64,
    /// Pages to put.
    pub pages: Vec<(PagePath, Vec<u8>)>,
}

impl TreeUpdate {
    /// Sets the records of these items; of one that comes twice the later.
    #[must_use]
    pub fn new(changes: impl IntoIterator<Item = (ItemId, RecordHash)>) -> Self {
        let changes = changes.into_iter().map(|(item, hash)| (key_of(item), (item, hash)));
        Self { changes: changes.collect(), pages: BTreeMap::new() }
    }

    /// Returns the pages to look for next, none of them twice, and those up to `ahead` below them in the same go.
    #[must_use]
    pub fn wanted(&self, ahead: usize) -> Vec<PagePath> {
        let mut wanted = Vec::new();
        if !self.pages.contains_key(&PagePath::ROOT) {
            wanted.push(PagePath::ROOT);
        }
        for key in self.changes.keys() {
            let Some(depth) = self.unknown(key) else { continue };
            wanted.extend((depth..=(depth + ahead).min(DEPTH)).map(|depth| PagePath::above(key, depth)));
        }
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|path| !self.pages.contains_key(path));
        wanted
    }

    /// Takes what there was of the pages that were wanted, in any order: their paths and bytes.
    ///
    /// # Errors
    /// [`TreeDamaged`] when one is no page.
    pub fn found(
        &mut self,
        wanted: Vec<PagePath>,
        pages: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>,
    ) -> Result<(), TreeDamaged> {
        self.pages.extend(wanted.into_iter().map(|path| (path, None)));
        for (path, bytes) in pages {
            let path = PagePath(path);
            let page = Page::from_bytes(&bytes, &path).ok_or(TreeDamaged)?;
            self.pages.insert(path, Some(page));
        }
        Ok(())
    }

    /// Tells whether there is a tree at all: an account from before there were any has records and no page.
    #[must_use]
    pub fn has_tree(&self) -> bool {
        matches!(self.pages.get(&PagePath::ROOT), Some(Some(_)))
    }

    /// Adds what is there besides, where there is no tree yet: the changes go before it.
    pub fn and_all_of(&mut self, records: impl IntoIterator<Item = (ItemId, RecordHash)>) {
        for (item, hash) in records {
            self.changes.entry(key_of(item)).or_insert((item, hash));
        }
    }

    /// Makes the change.
    ///
    /// # Errors
    /// [`TreeDamaged`] when a page is not there that another one speaks of.
    pub fn grow(mut self) -> Result<Grown, TreeDamaged> {
        let leaves = core::mem::take(&mut self.changes).into_iter();
        let leaves: Vec<_> = leaves.map(|(key, (item, hash))| Leaf { key, item, hash }).collect();
        let mut put = Vec::new();
        let whole = self.set(PagePath::ROOT, &leaves, &mut put)?;
        Ok(Grown { root: whole.root(), count: whole.count(), pages: put })
    }

    /// Tells whether a tree over these records and no others rests in these pages. No pages are right too: a store makes them
    /// anew. As records are replaced and never removed, it does not matter in which order they came.
    #[must_use]
    pub fn rests_as(self, pages: Vec<(Vec<u8>, Vec<u8>)>) -> bool {
        let resting: BTreeMap<_, _> = pages.into_iter().map(|(path, page)| (PagePath(path), page)).collect();
        resting.is_empty() || self.grow().is_ok_and(|grown| resting == grown.pages.into_iter().collect())
    }

    /// The depth of the first page on the way to a key that was not looked for yet.
    fn unknown(&self, key: &Key) -> Option<usize> {
        let mut depth = 0;
        loop {
            match self.pages.get(&PagePath::above(key, depth)) {
                None => return Some(depth),
                Some(Some(Page::Inner(children))) if children.get(half_byte(key, depth)).count() > 0 => depth += 1,
                Some(_) => return None,
            }
        }
    }

    fn set(
        &mut self,
        path: PagePath,
        changes: &[Leaf],
        put: &mut Vec<(PagePath, Vec<u8>)>,
    ) -> Result<Subtree, TreeDamaged> {
        Ok(match self.pages.remove(&path).flatten() {
            None => fill(path, changes.to_vec(), put),
            Some(Page::Leaves(leaves)) if changes.is_empty() => of_leaves(&leaves, path.depth()),
            Some(Page::Leaves(leaves)) => fill(path, merged(leaves, changes), put),
            Some(Page::Inner(mut children)) => {
                for changes in runs(changes, path.depth()) {
                    let Some(half) = changes.first().map(|leaf| half_byte(&leaf.key, path.depth())) else { continue };
                    let below = path.below(half);
                    if children.get(half).count() > 0 && !matches!(self.pages.get(&below), Some(Some(_))) {
                        return Err(TreeDamaged);
                    }
                    children.set(half, self.set(below, changes, put)?);
                }
                let whole = children.joined();
                if !changes.is_empty() {
                    put.push((path, Page::Inner(children).to_bytes()));
                }
                whole
            }
        })
    }
}

/// Makes pages of sorted leaves where there are none.
fn fill(path: PagePath, leaves: Vec<Leaf>, put: &mut Vec<(PagePath, Vec<u8>)>) -> Subtree {
    let depth = path.depth();
    if leaves.len() <= LEAVES || depth == DEPTH {
        let whole = of_leaves(&leaves, depth);
        if !leaves.is_empty() {
            put.push((path, Page::Leaves(leaves).to_bytes()));
        }
        return whole;
    }
    let mut children = Children::EMPTY;
    for run in runs(&leaves, depth) {
        let Some(half) = run.first().map(|leaf| half_byte(&leaf.key, depth)) else { continue };
        children.set(half, fill(path.below(half), run.to_vec(), put));
    }
    let whole = children.joined();
    put.push((path, Page::Inner(children).to_bytes()));
    whole
}

/// A record's place and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Leaf {
    key: Key,
    item: ItemId,
    hash: RecordHash,
}

#[derive(Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a change holds a handful of pages, and most are inner ones")]
enum Page {
    /// By their keys.
    Leaves(Vec<Leaf>),
    Inner(Children),
}

/// The parts that a page is split into by the next half-byte.
#[derive(Debug, PartialEq, Eq)]
struct Children([Subtree; 16]);

impl Children {
    const EMPTY: Self = Self([Subtree::EMPTY; 16]);

    fn get(&self, half_byte: u8) -> Subtree {
        *self.0.get(usize::from(half_byte)).expect("a half-byte is below 16")
    }

    fn set(&mut self, half_byte: u8, subtree: Subtree) {
        *self.0.get_mut(usize::from(half_byte)).expect("a half-byte is below 16") = subtree;
    }

    /// The four levels above the parts.
    fn joined(&self) -> Subtree {
        join(&self.0)
    }
}

fn join(parts: &[Subtree]) -> Subtree {
    match parts {
        [one] => *one,
        _ => {
            let (left, right) = parts.split_at(parts.len() / 2);
            Subtree::join(join(left), join(right))
        }
    }
}

impl Page {
    fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Leaves(leaves) => {
                let leaves = leaves.iter().flat_map(|leaf| leaf.item.as_bytes().iter().chain(leaf.hash.as_bytes()));
                core::iter::once(&LEAVES_TAG).chain(leaves).copied().collect()
            }
            Self::Inner(children) => {
                core::iter::once(INNER_TAG).chain(children.0.iter().flat_map(Subtree::to_bytes)).collect()
            }
        }
    }

    fn from_bytes(bytes: &[u8], path: &PagePath) -> Option<Self> {
        match bytes.split_first()? {
            (&LEAVES_TAG, leaves) => {
                let (leaves, []) = leaves.as_chunks::<{ ItemId::LEN + RecordHash::LEN }>() else { return None };
                let leaves: Vec<_> = leaves.iter().map(Leaf::from_bytes).collect::<Option<_>>()?;
                let sorted = leaves.is_sorted_by(|a, b| a.key < b.key);
                let here = leaves.iter().all(|leaf| PagePath::above(&leaf.key, path.depth()) == *path);
                (sorted && here).then_some(Self::Leaves(leaves))
            }
            (&INNER_TAG, children) => {
                let (children, []) = children.as_chunks::<{ Subtree::LEN }>() else { return None };
                let children: Vec<_> = children.iter().map(Subtree::from_bytes).collect();
                let fits = path.depth() < DEPTH;
                children.try_into().ok().filter(|_| fits).map(|children| Self::Inner(Children(children)))
            }
            _ => None,
        }
    }
}

impl Leaf {
    fn from_bytes(bytes: &[u8; ItemId::LEN + RecordHash::LEN]) -> Option<Self> {
        let (item, hash) = bytes.split_first_chunk::<{ ItemId::LEN }>()?;
        let item = ItemId::new(*item);
        Some(Self { key: key_of(item), item, hash: RecordHash::new(hash.try_into().ok()?) })
    }
}

fn merged(leaves: Vec<Leaf>, changes: &[Leaf]) -> Vec<Leaf> {
    let all = leaves.iter().chain(changes).map(|leaf| (leaf.key, *leaf));
    all.collect::<BTreeMap<_, _>>().into_values().collect()
}

fn of_leaves(leaves: &[Leaf], depth: usize) -> Subtree {
    let leaves: Vec<_> = leaves.iter().map(|leaf| (leaf.key, leaf.hash)).collect();
    Subtree::of_leaves(&leaves, 4 * depth)
}

/// Sorted leaves that agree up to here, by their next half-byte.
fn runs(leaves: &[Leaf], depth: usize) -> impl Iterator<Item = &[Leaf]> {
    leaves.chunk_by(move |a, b| half_byte(&a.key, depth) == half_byte(&b.key, depth))
}

fn half_byte(key: &Key, at: usize) -> u8 {
    let byte = key.get(at / 2).copied().unwrap_or(0);
    if at.is_multiple_of(2) { byte >> 4 } else { byte & 0xf }
}

/// More than this many leaves are split: a page of leaves stays within one of the database's.
const LEAVES: usize = 32;

/// The half-bytes of a key: nothing is split below.
const DEPTH: usize = 64;

const LEAVES_TAG: u8 = 0;

const INNER_TAG: u8 = 1;

#[cfg(test)]
mod tests;
