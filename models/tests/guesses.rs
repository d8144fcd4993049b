//! The guess counter keeps its bound in every state that can be reached, and without a rule the bound breaks.

use std::collections::BTreeSet;

use roamkey_models::guesses::{BOUND, Bounds, FORGIVEN, Rules};
use stateright::{Checker, HasDiscoveries, Model};

#[test]
fn every_order_of_guesses_crashes_restores_resets_and_versions_keeps_the_bound() {
    let bounds = Bounds { rules: Rules::default(), left: 2, begun: 3, versions: 2, resets: 1 };
    let checker = bounds.checker().threads(2).spawn_bfs().join();
    println!("{} states of a guess counter", checker.unique_state_count());
    checker.assert_properties();
}

#[test]
fn without_counting_first_a_crash_gives_a_guess_away() {
    breaks(Rules { counts_first: false, ..Rules::default() }, BOUND);
}

#[test]
fn without_the_second_place_a_backup_refills_guesses() {
    breaks(Rules { marks_by_itself: false, ..Rules::default() }, BOUND);
}

#[test]
fn two_at_once_count_for_one() {
    breaks(Rules { one_at_a_time: false, ..Rules::default() }, BOUND);
}

#[test]
fn a_reset_that_names_no_guesses_serves_again_and_again() {
    breaks(Rules { forgives_what_was: false, ..Rules::default() }, FORGIVEN);
}

#[test]
fn a_version_that_begins_again_refills_guesses() {
    breaks(Rules { versions_are_new: false, ..Rules::default() }, BOUND);
}

fn breaks(rules: Rules, promise: &'static str) {
    let found = HasDiscoveries::AnyOf(BTreeSet::from([promise]));
    let bounds = Bounds { rules, left: 1, begun: 2, versions: 2, resets: 1 };
    let checker = bounds.checker().threads(2).finish_when(found).spawn_bfs().join();
    let path = checker.discovery(promise).expect("the promise breaks without the rule");
    println!("{promise}: {:?}", path.into_actions());
}
