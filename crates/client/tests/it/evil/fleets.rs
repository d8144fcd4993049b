//! Fleets that do anything, on a server that does anything: `cargo xtask fleet` plays more of them.

use roamkey_testkit::evil::fleet::{self, Tally};

#[test]
fn fleets_carry_on_whatever_the_server_did() {
    let all = (1..=SEEDS).map(play).fold(Tally::default(), Tally::plus);
    // So that nobody tames them by oversight.
    let is_wild = all.synced > 20 && all.caught > 5 && all.failed > 20 && all.revoked > 0;
    assert!(is_wild, "too tame: {all}");
}

fn play(seed: u64) -> Tally {
    fleet::play(seed, DEEDS, &mut |_| ())
}

/// Fleets of every run: a few seconds each. What long runs find joins them.
const SEEDS: u64 = 6;

const DEEDS: usize = 120;
