use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{
    Commit, ItemId, RecordHash,
    merkle::{Subtree, Summary, page_of},
};

/// The tree over an account's records: a commit that signs another root is refused.
#[derive(Clone)]
pub(super) struct Tree {
    pages: BTreeMap<u8, BTreeMap<ItemId, RecordHash>>,
    summary: Summary,
}

impl Default for Tree {
    fn default() -> Self {
        Self { pages: BTreeMap::new(), summary: Summary::empty() }
    }
}

impl Tree {
    pub(super) fn set(&mut self, changes: impl IntoIterator<Item = (ItemId, RecordHash)>) {
        let mut touched = BTreeSet::new();
        for (item, record) in changes {
            touched.insert(page_of(item));
            self.pages.entry(page_of(item)).or_default().insert(item, record);
        }
        for number in touched {
            let leaves = self.pages.get(&number).into_iter().flatten().map(|(item, record)| (*item, *record));
            self.summary.set(number, Subtree::of_page(number, leaves).expect("items of this page, each once"));
        }
    }

    pub(super) fn is_of(&self, commit: &Commit) -> bool {
        (self.summary.root(), self.summary.count()) == (commit.root, commit.count)
    }
}
