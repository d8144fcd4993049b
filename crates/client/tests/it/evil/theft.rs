//! A device in a thief's hands: locked, or copied.

use pollster::block_on;
use roamkey_client::Error;
use roamkey_sealing::unlock::Passphrase;
use roamkey_testkit::evil::World;

#[test]
fn a_copied_profile_of_a_locked_device_shows_nothing() {
    let mut world = World::of(2, 4301);
    world.login(0, "secret");
    world.note(1, "pending: never synced");
    world.sync(0).unwrap();
    for device in 0..2 {
        block_on(world.session(device).status().map(|_| async {}).unwrap());
        world.canaries.assert_unseen(&world.device(device).disk());
    }
    world.end();
}

#[test]
fn a_copied_profile_does_not_open_with_another_passphrase() {
    let world = World::new(4302);
    let wrong = Passphrase::new("incorrect horse").unwrap();
    assert!(matches!(block_on(world.session(0).verify(&wrong)), Err(Error::WrongPassphrase)));
    world.end();
}
