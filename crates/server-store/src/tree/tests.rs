#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use proptest::prelude::*;

use super::*;

/// Pages by their paths, as a database has them.
type Pages = BTreeMap<Vec<u8>, Vec<u8>>;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is changed in whatever steps, the root is that of the definition, over all leaves at once.
    #[test]
    fn steps_come_to_the_root_of_the_whole(
        steps in proptest::collection::vec(proptest::collection::vec((0_u32..900, any::<u8>()), 0..120), 1..12),
        ahead in 0_usize..4,
    ) {
        let (mut pages, mut records) = (Pages::new(), BTreeMap::new());
        for step in steps {
            let changes: Vec<_> = step.into_iter().map(|(number, byte)| (item(number), RecordHash::new([byte; 32]))).collect();
            let grown = change(&mut pages, &changes, ahead);
            records.extend(changes);
            prop_assert_eq!((grown.root, grown.count), whole(&records));
        }
    }
}

#[test]
fn one_change_among_many_costs_the_pages_on_its_way() {
    let mut pages = Pages::new();
    let all: Vec<_> = (0..20_000).map(|number| (item(number), RecordHash::new([1; 32]))).collect();
    change(&mut pages, &all, 0);
    let mut update = TreeUpdate::new([(item(7), RecordHash::new([2; 32]))]);
    let mut read = 0;
    loop {
        let wanted = update.wanted(0);
        if wanted.is_empty() {
            break;
        }
        read += wanted.len();
        let found = look(&pages, &wanted);
        update.found(wanted, found).unwrap();
    }
    let grown = update.grow().unwrap();
    assert!(read <= 5 && grown.pages.len() <= 5, "{read} read, {} put", grown.pages.len());
    assert!(grown.pages.iter().map(|(_, page)| page.len()).sum::<usize>() < 4_096);
    assert_eq!(grown.count, 20_000);
}

#[test]
fn a_change_of_nothing_finds_the_root_and_puts_nothing() {
    let mut pages = Pages::new();
    assert_eq!(change(&mut pages, &[], 3), Grown { root: MerkleRoot::EMPTY, count: 0, pages: vec![] });
    let all: Vec<_> = (0..100).map(|number| (item(number), RecordHash::new([1; 32]))).collect();
    let before = change(&mut pages, &all, 3);
    let after = change(&mut pages, &[], 3);
    assert_eq!((after.root, after.count, after.pages), (before.root, before.count, vec![]));
}

/// A store from before there were trees makes one when it first needs it.
/// A member chooses its items by what their keys begin with, so that none of them parts from the others for long.
#[test]
fn items_that_were_chosen_to_lie_close_cost_a_few_pages_more() {
    let close: Vec<_> =
        (0..).map(item).filter(|item| key_of(*item).starts_with(&[7]) && key_of(*item)[1] < 16).take(40).collect();
    let mut pages = Pages::new();
    let mut records: BTreeMap<_, _> = (0..100).map(|number| (item(number), RecordHash::new([1; 32]))).collect();
    change(&mut pages, &records.clone().into_iter().collect::<Vec<_>>(), 0);
    for (number, item) in (0_u8..).zip(close) {
        let grown = change(&mut pages, &[(item, RecordHash::new([number; 32]))], 0);
        records.insert(item, RecordHash::new([number; 32]));
        assert_eq!((grown.root, grown.count), whole(&records));
        assert!(grown.pages.len() <= 3 + 16, "{} pages", grown.pages.len());
    }
    assert!(pages.keys().any(|path| path.len() > 3), "they were split");
}

#[test]
fn a_tree_is_made_of_what_is_there() {
    let all: BTreeMap<_, _> = (0..500).map(|number| (item(number), RecordHash::new([1; 32]))).collect();
    let mut update = TreeUpdate::new([(item(3), RecordHash::new([9; 32]))]);
    update.found(update.wanted(3), []).unwrap();
    assert!(!update.has_tree());
    update.and_all_of(all.clone());
    let mut after = all;
    after.insert(item(3), RecordHash::new([9; 32]));
    let grown = update.grow().unwrap();
    assert_eq!((grown.root, grown.count), whole(&after));
}

#[test]
fn what_is_no_page_is_damage() {
    let mut pages = Pages::new();
    let all: Vec<_> = (0..40).map(|number| (item(number), RecordHash::new([1; 32]))).collect();
    change(&mut pages, &all, 0);
    let root = pages.get(&[][..]).unwrap().clone();
    let (path, leaves) = pages.iter().find(|(path, _)| path.len() == 1).map(|(p, l)| (p.clone(), l.clone())).unwrap();
    for (path, bytes) in [
        (vec![], vec![]),
        (vec![], vec![7]),
        (vec![], root[1..].to_vec()),
        (vec![], root[..root.len() - 1].to_vec()),
        (path.iter().map(|half| half ^ 1).collect(), leaves.clone()),
        (path.clone(), leaves[..leaves.len() - 1].to_vec()),
    ] {
        let mut update = TreeUpdate::new(all.iter().copied());
        assert_eq!(update.found(vec![], [(path, bytes)]), Err(TreeDamaged));
    }
    pages.remove(&path);
    let mut update = TreeUpdate::new(all.iter().copied());
    for _ in 0..2 {
        let wanted = update.wanted(0);
        let found = look(&pages, &wanted);
        update.found(wanted, found).unwrap();
    }
    assert_eq!(update.grow(), Err(TreeDamaged));
}

#[test]
fn pages_are_those_of_the_records_in_whatever_order_they_came() {
    let records: Vec<_> = (0..60).map(|number| (item(number), RecordHash::new([1; 32]))).collect();
    let (mut forth, mut back) = (Pages::new(), Pages::new());
    for record in &records {
        change(&mut forth, &[*record], 0);
    }
    change(&mut back, &[(item(7), RecordHash::new([2; 32]))], 0);
    for some in records.rchunks(7) {
        change(&mut back, some, 0);
    }
    let rests = |records: &[(ItemId, RecordHash)], pages: &Pages| {
        TreeUpdate::new(records.iter().copied()).rests_as(pages.clone().into_iter().collect())
    };
    assert!(rests(&records, &forth) && rests(&records, &back) && rests(&records, &Pages::new()));
    assert!(!rests(&records[1..], &forth));
    let mut other = forth.clone();
    other.pop_last();
    assert!(!rests(&records, &other));
    other.insert(vec![15; 3], vec![0]);
    assert!(!rests(&records, &other));
}

fn change(pages: &mut Pages, changes: &[(ItemId, RecordHash)], ahead: usize) -> Grown {
    let mut update = TreeUpdate::new(changes.iter().copied());
    loop {
        let wanted = update.wanted(ahead);
        if wanted.is_empty() {
            break;
        }
        let found = look(pages, &wanted);
        update.found(wanted, found).unwrap();
    }
    let grown = update.grow().unwrap();
    pages.extend(grown.pages.iter().map(|(path, page)| (path.as_bytes().to_vec(), page.clone())));
    grown
}

fn look(pages: &Pages, wanted: &[PagePath]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let found = wanted.iter().filter_map(|path| pages.get_key_value(path.as_bytes()));
    found.map(|(path, page)| (path.clone(), page.clone())).collect()
}

fn whole(records: &BTreeMap<ItemId, RecordHash>) -> (MerkleRoot, u64) {
    let leaves: BTreeMap<_, _> = records.iter().map(|(item, hash)| (key_of(*item), *hash)).collect();
    let whole = Subtree::of_leaves(&leaves.into_iter().collect::<Vec<_>>(), 0);
    (whole.root(), whole.count())
}

fn item(number: u32) -> ItemId {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    ItemId::new(bytes)
}
