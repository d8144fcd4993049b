//! "Always require user verification" (CTAP 2.3 section 7.2).

use roamkey_authenticator::ctap::{BuiltIn, Status};

use crate::{
    platform::Protocol,
    world::{Creation, GA, MC, PIN, SITE, SignIn, UV, World, flags, made_id},
};

#[test]
fn nothing_goes_unverified() {
    let mut world = World::new();
    let id = made_id(&world.create(&Creation::new("alice")).unwrap());
    world.config(None, 2, None).unwrap();
    assert_eq!((world.option("alwaysUv"), world.option("makeCredUvNotRqd")), (Some(true), Some(false)));
    assert_eq!(world.create(&Creation::new("bob")), Err(Status::PuatRequired));
    assert_eq!(world.sign_in(&SignIn::with(&id)), Err(Status::PuatRequired));

    world.set_pin(Protocol::Two, PIN).unwrap();
    assert_eq!(world.create(&Creation::new("bob")), Err(Status::PuatRequired));
    assert_eq!(world.sign_in(&SignIn::with(&id)), Err(Status::PuatRequired));
    let token = world.token(Protocol::Two, PIN, MC, Some(SITE)).unwrap();
    assert!(world.create(&Creation::new("bob").by(&token)).is_ok());
    let token = world.token(Protocol::Two, PIN, GA, Some(SITE)).unwrap();
    assert!(world.sign_in(&SignIn::with(&id).by(&token)).is_ok());
}

#[test]
fn looking_without_a_touch_still_goes() {
    let mut world = World::with_pin();
    let id = made_id(&world.create(&Creation::new("alice")).unwrap());
    world.cycle_power();
    let token = world.token(Protocol::Two, PIN, crate::world::ACFG, None).unwrap();
    world.config(Some(&token), 2, None).unwrap();
    assert!(world.sign_in(&SignIn::with(&id).option("up", false)).is_ok());
}

#[test]
fn a_device_that_can_tells_the_person_unasked() {
    let mut world = World::new();
    world.config(None, 2, None).unwrap();
    world.owner().built_in = BuiltIn::Ready;
    let made = world.create(&Creation::new("alice")).unwrap();
    assert_ne!(flags(&made) & UV, 0);
    let answer = world.sign_in(&SignIn::with(&made_id(&made))).unwrap();
    assert_ne!(flags(&answer) & UV, 0);
}

#[test]
fn it_outlives_the_power() {
    let mut world = World::new();
    world.config(None, 2, None).unwrap();
    world.cycle_power();
    assert_eq!(world.option("alwaysUv"), Some(true));
}
