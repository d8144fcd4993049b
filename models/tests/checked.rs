//! The promises hold in every state that can be reached, the states that make them interesting are reached, and without a
//! rule a promise breaks.

use std::collections::BTreeSet;

use roamkey_models::{Bounds, Devices, Rules};
use stateright::{Checker, HasDiscoveries, Model};

/// Two honest devices, one that is stolen, and one that it plants.
fn bounds(entries: usize, rules: Rules) -> Bounds {
    Bounds { honest: Devices::of([0, 1]), thieves: Devices::of([4, 5]), entries, rules }
}

#[test]
fn every_order_of_revoking_adding_leaving_and_rotating_keeps_the_promises() {
    holds(6);
}

/// Each entry more takes ten times as long.
#[test]
#[ignore = "takes minutes: cargo xtask long model"]
fn every_order_of_seven_entries_keeps_the_promises() {
    holds(7);
}

fn holds(entries: usize) {
    let checker = bounds(entries, Rules::default()).checker().threads(2).spawn_bfs().join();
    println!("{} states of logs with up to {entries} entries", checker.unique_state_count());
    checker.assert_properties();
}

#[test]
fn without_skipping_a_thief_locks_everyone_out() {
    breaks(Rules { may_skip: false, ..Rules::default() }, "no honest device is locked out");
}

#[test]
fn skipping_what_others_made_cuts_honest_devices_off() {
    let rules = Rules { skips_only_with_the_opener: false, ..Rules::default() };
    breaks(rules, "nobody is cut off what an honest device has made");
}

#[test]
fn without_names_or_keeps_what_was_planted_stays() {
    let rules = Rules { names_or_keeps: false, ..Rules::default() };
    breaks(rules, "nothing planted outlives the removal of who planted it");
}

/// Two locks: who is out signs no entry, and knows no key that a new epoch could tie to. Each holds alone.
#[test]
fn whoever_is_out_is_kept_out_by_the_log_and_by_the_tie() {
    let promise = "who was removed opens nothing that came after";
    breaks(Rules { authors_are_in: false, ties: false, ..Rules::default() }, promise);
}

fn breaks(rules: Rules, promise: &'static str) {
    let found = HasDiscoveries::AnyOf(BTreeSet::from([promise]));
    let checker = bounds(6, rules).checker().threads(2).finish_when(found).spawn_bfs().join();
    let path = checker.discovery(promise).expect("the promise breaks without the rule");
    println!("{promise}: {:?}", path.into_actions());
}
