//! Attack 9: whatever is damaged on its way is refused.

use roamkey_proto::{Bundle, Op, cbor, limits};

use crate::{
    Log,
    fixture::{Device, extend, fleet, founded, honest, revoke},
};

/// An honest log of one of each operation, as bundles.
fn story() -> Vec<Bundle> {
    let (mut log, genesis, a) = founded();
    let (b, c) = (Device::new(2), Device::new(3));
    let renewed = b.renewed(9);
    let mut bundles = vec![genesis];
    bundles.push(extend(b.joins(&log), &mut log, &a));
    bundles.push(extend(c.joins(&log), &mut log, &b));
    bundles.push(extend(renewed.renews(&log), &mut log, &b));
    bundles.push(extend(Op::Leave, &mut log, &c));
    bundles.push(extend(Op::Rotate, &mut log, &renewed));
    bundles.push(extend(revoke(&[b.id], &[]), &mut log, &a));
    bundles
}

#[test]
fn a_whole_story_replays() {
    let log = Log::replay(&story()).unwrap();
    assert_eq!((log.head().seq, log.epoch(), log.active().count()), (7, 6, 1));
}

#[test]
fn any_flipped_byte_is_refused() {
    let (log, [a, _b]) = fleet();
    let bytes = cbor::encode(&honest(&log, Op::Rotate, &a));
    let taken = |bytes: &[u8]| {
        cbor::decode::<Bundle>(bytes, limits::BUNDLE_BYTES).is_ok_and(|bundle| log.clone().append(&bundle).is_ok())
    };
    assert!(taken(&bytes));
    for position in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[position] ^= 0x01;
        assert!(!taken(&damaged), "byte {position}");
    }
}

#[test]
fn any_flipped_byte_of_a_newcomers_entry_is_refused() {
    let (log, [a]) = fleet();
    let bundle = honest(&log, Device::new(2).joins(&log), &a);
    // All but the inside of the kem key, of which samples will do.
    for position in (0..bundle.entry.len()).filter(|at| !(400..1_300).contains(at) || at % 50 == 0) {
        let mut damaged = bundle.clone();
        damaged.entry[position] ^= 0x80;
        assert!(log.clone().append(&damaged).is_err(), "byte {position}");
    }
}

#[test]
fn a_dropped_entry_is_refused() {
    let story = story();
    for missing in 0..story.len() - 1 {
        let mut rest = story.clone();
        rest.remove(missing);
        assert!(Log::replay(&rest).is_err(), "without {missing}");
    }
}

#[test]
fn swapped_entries_are_refused() {
    let story = story();
    for (i, j) in (0..story.len()).flat_map(|i| (0..i).map(move |j| (i, j))) {
        let mut swapped = story.clone();
        swapped.swap(i, j);
        assert!(Log::replay(&swapped).is_err(), "{i} and {j}");
    }
}

#[test]
fn a_duplicated_entry_is_refused() {
    let story = story();
    for twice in 0..story.len() {
        let mut doubled = story.clone();
        doubled.insert(twice, story[twice].clone());
        assert!(Log::replay(&doubled).is_err(), "{twice}");
    }
}

#[test]
fn a_header_of_another_entry_is_refused() {
    // Attack 10, for headers.
    let story = story();
    for (i, j) in [(1, 2), (2, 3), (5, 6)] {
        let mut crossed = story.clone();
        crossed[i].header = story[j].header.clone();
        assert!(Log::replay(&crossed).is_err(), "{i} and {j}");
    }
}
