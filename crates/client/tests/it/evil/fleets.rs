//! Fleets that do anything, on a server that does anything: `cargo xtask fleet` plays more of them.

use roamkey_testkit::evil::fleet::{self, Tally};

#[test]
fn fleets_carry_on_whatever_the_server_did() {
    let all = (1..=SEEDS).chain(FOUND).map(play).fold(Tally::default(), Tally::plus);
    // So that nobody tames them by oversight.
    let is_wild = all.synced > 20 && all.caught > 5 && all.failed > 20 && all.revoked > 0;
    assert!(is_wild, "too tame: {all}");
}

fn play(seed: u64) -> Tally {
    fleet::play(seed, DEEDS, &mut |_| ())
}

/// Fleets of every run: a few seconds each. What long runs find joins them.
const SEEDS: u64 = 6;

/// Those that once broke.
const FOUND: [u64; 4] = [
    // A server's clock that was ahead and is set back: nobody could push until it was there again.
    1_796_112_982,
    1_796_115_834,
    // A thief's device takes out whoever is left.
    1_796_116_930,
    // New keys that only one device saw are gone with the history that they were drawn in.
    1_796_117_673,
];

const DEEDS: usize = 120;
