#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

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
    assert_eq!(one.compare(&two), Comparison::Same);
    assert_eq!(one.words(), two.words());
    assert_eq!(CheckUp::from_bytes(&one.to_bytes()).unwrap(), one);
}

#[test]
fn two_histories_differ_in_words_and_in_what_comparing_says() {
    let ours = at((3, 3), (9, 9));
    for (theirs, chain, seq) in [(at((3, 4), (9, 9)), Chain::Log, 3), (at((3, 3), (9, 8)), Chain::Vault, 9)] {
        assert_eq!(ours.compare(&theirs), Comparison::Different(Distrust::Forked { chain, seq, receipts: None }));
        assert_ne!(ours.words(), theirs.words());
    }
    let other = CheckUp { account: AccountId::new([2; 32]), ..ours.clone() };
    assert_eq!(ours.compare(&other), Comparison::OtherAccount);
    assert_ne!(ours.words(), other.words());
}

#[test]
fn devices_at_different_places_are_told_which_one_is_behind() {
    let (ours, theirs) = (at((3, 3), (9, 9)), at((4, 4), (8, 8)));
    let apart = Comparison::Apart { behind: vec![Chain::Log], ahead: vec![Chain::Vault] };
    assert_eq!(ours.compare(&theirs), apart);
    assert_ne!(ours.words(), theirs.words());
}

#[test]
fn the_words_take_in_every_bit_that_they_can_show() {
    let seen: BTreeSet<_> = (0..64).flat_map(|id| at((1, id), (1, 1)).words()).collect();
    assert!(seen.len() > 300, "six words each, of 2,048: {}", seen.len());
}
