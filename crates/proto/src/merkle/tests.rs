#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// The definition word for word: over sorted leaves, split by one bit after another from the first.
fn naive(leaves: &[(Key, RecordHash)], depth: usize) -> [u8; 32] {
    match leaves {
        [] => [0; 32],
        [(key, value)] => leaf(key, value),
        _ => {
            let half = |side| leaves.iter().filter(|(key, _)| bit(key, depth) == side).copied().collect::<Vec<_>>();
            node(&naive(&half(false), depth + 1), &naive(&half(true), depth + 1))
        }
    }
}

fn naive_root(records: &BTreeMap<ItemId, RecordHash>) -> MerkleRoot {
    let mut leaves: Vec<_> = records.iter().map(|(&item, &record)| (key_of(item), record)).collect();
    leaves.sort();
    MerkleRoot::new(naive(&leaves, 0))
}

fn page(records: &BTreeMap<ItemId, RecordHash>, page: u8) -> Subtree {
    let of_page = records.iter().filter(|(item, _)| page_of(**item) == page);
    Subtree::of_page(page, of_page.map(|(&item, &record)| (item, record))).unwrap()
}

fn summary(records: &BTreeMap<ItemId, RecordHash>) -> Summary {
    let mut summary = Summary::empty();
    for number in 0..=255 {
        summary.set(number, page(records, number));
    }
    summary
}

fn item(number: u32) -> ItemId {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    ItemId::new(bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pages_give_the_root_of_the_definition(numbers in proptest::collection::btree_map(0_u32..10_000, any::<u8>(), 0..600)) {
        let records = numbers.iter().map(|(&number, &byte)| (item(number), RecordHash::new([byte; 32]))).collect();
        let summary = summary(&records);
        prop_assert_eq!(summary.root(), naive_root(&records));
        prop_assert_eq!(summary.count(), records.len() as u64);
        prop_assert_eq!(Summary::from_bytes(&summary.to_bytes()), Some(summary));
    }

    #[test]
    fn one_change_costs_one_page(changes in proptest::collection::vec((0_u32..300, any::<u8>()), 1..60)) {
        let (mut records, mut summary) = (BTreeMap::new(), Summary::empty());
        for (number, byte) in changes {
            records.insert(item(number), RecordHash::new([byte; 32]));
            let number = page_of(item(number));
            summary.set(number, page(&records, number));
            prop_assert_eq!(summary.root(), naive_root(&records));
        }
    }
}

#[test]
fn an_empty_vault_has_the_empty_root() {
    assert_eq!(Summary::empty().root(), MerkleRoot::EMPTY);
    assert_eq!(Summary::empty().count(), 0);
}

#[test]
fn a_vault_of_one_record_has_its_leaf_for_a_root() {
    let records = BTreeMap::from([(item(1), RecordHash::new([7; 32]))]);
    assert_eq!(summary(&records).root(), MerkleRoot::new(leaf(&key_of(item(1)), &RecordHash::new([7; 32]))));
}

#[test]
fn the_order_on_a_page_is_free() {
    let on_page: Vec<_> = (0..)
        .map(item)
        .filter(|&item| page_of(item) == 9)
        .take(5)
        .map(|item| (item, RecordHash::new([1; 32])))
        .collect();
    let forwards = Subtree::of_page(9, on_page.iter().copied()).unwrap();
    assert_eq!(Subtree::of_page(9, on_page.iter().rev().copied()).unwrap(), forwards);
    assert_eq!(forwards.count(), 5);
}

#[test]
fn what_is_no_page_is_refused() {
    let (item, record) = (item(1), RecordHash::new([1; 32]));
    let page = page_of(item);
    assert_eq!(Subtree::of_page(page.wrapping_add(1), [(item, record)]), Err(PageError::Stray));
    assert_eq!(Subtree::of_page(page, [(item, record), (item, record)]), Err(PageError::Duplicate));
}

#[test]
fn a_summary_of_another_length_is_none() {
    let bytes = Summary::empty().to_bytes();
    assert_eq!(bytes.len(), Summary::LEN);
    assert_eq!(Summary::from_bytes(&bytes[1..]), None);
    assert_eq!(Summary::from_bytes(&bytes[40..]), None);
}
