//! What a malicious server tries, a file a group. Which test stands for which attack: the table of `cargo xtask attacks`.
//!
//! Each ends with [`World::end`]: no canary seen, no device shows what no honest one wrote, nothing regressed, no key went
//! to anyone but members, and service resumes.

mod delays;
mod fleets;
mod history;
mod members;
mod pairing;
mod races;
mod records;
mod recovery;
mod theft;
mod wire;

use roamkey_client::{Error, Synced};
use roamkey_sync::Distrust;
use roamkey_testkit::evil::World;

/// Two devices, of which the second has not seen what the first wrote last.
fn one_behind(seed: u64) -> World {
    let mut world = World::of(2, seed);
    world.note(0, "seen");
    world.sync_all();
    world.login(0, "unseen");
    world.sync(0).unwrap();
    world
}

/// What a device says that the server did.
fn distrust(synced: Result<Synced, Error>) -> Distrust {
    match synced {
        Err(Error::Distrust(distrust)) => distrust,
        other => panic!("the lie was believed: {other:?}"),
    }
}
