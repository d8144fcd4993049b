use std::collections::BTreeSet;

use roamkey_proto::{AccountId, Chain, Pin};

use super::{CheckUp, Comparison};
use crate::{Distrust, Pins};

fn at(log: (u64, u8), vault: (u64, u8)) -> CheckUp {
    let pin = |(seq, id)| Pin { seq, id: [id; 32] };
    let pins = Pins { log: pin(log), vault: pin(vault), log_receipt: None, vault_receipt: None };
    CheckUp { account: AccountId::new([1; 32]), pins }
}

#[test]
fn devices_at_the_same_places_of_one_history_agree() {
    let (one, mut two) = (at((3, 3), (9, 9)), at((3, 3), (9, 9)));
    two.pins.log_receipt = Some(vec![1].into());
    assert_eq!(one.pins.check_up(&two.pins), Comparison::Same);
    assert_eq!(one.words(), two.words());
}

#[test]
fn two_histories_differ_in_words_and_in_what_comparing_says() {
    let ours = at((3, 3), (9, 9));
    for (theirs, chain, seq) in [(at((3, 4), (9, 9)), Chain::Log, 3), (at((3, 3), (9, 8)), Chain::Vault, 9)] {
        let different = Comparison::Different(Distrust::Forked { chain, seq, receipts: None });
        assert_eq!(ours.pins.check_up(&theirs.pins), different);
        assert_ne!(ours.words(), theirs.words());
    }
    let other = CheckUp { account: AccountId::new([2; 32]), ..ours.clone() };
    assert_ne!(ours.words(), other.words());
}

#[test]
fn devices_at_different_places_are_told_which_one_is_behind() {
    let (ours, theirs) = (at((3, 3), (9, 9)), at((4, 4), (8, 8)));
    let apart = Comparison::Apart { behind: vec![Chain::Log], ahead: vec![Chain::Vault] };
    assert_eq!(ours.pins.check_up(&theirs.pins), apart);
    assert_ne!(ours.words(), theirs.words());
}

#[test]
fn the_words_take_in_every_bit_that_they_can_show() {
    // Every one of the twelve places says something: 132 bits, of which a collision needs 66.
    let shown: Vec<_> = (0..64).map(|id| at((1, id), (1, 1)).words()).collect();
    for place in 0..12 {
        let seen: BTreeSet<_> = shown.iter().filter_map(|words| words.get(place)).collect();
        assert!(seen.len() > 50, "place {place}: {}", seen.len());
    }
}
