//! `authenticatorReset`.

use std::time::Duration;

use coset::cbor::Value;
use roamkey_authenticator::ctap::{Profile, Purpose, Status, Touch};

use crate::{
    platform::Protocol,
    stores::Kind,
    wire::{as_bytes, as_int, member},
    world::{ACFG, Creation, PCMR, PIN, SignIn, World, made_id},
};

fn reset(world: &mut World) -> Result<Value, Status> {
    world.send(7, &Value::Null)
}

/// With a PIN, a stricter policy, a credential and a token for it.
fn used() -> (World, Vec<u8>) {
    let mut world = World::with_pin();
    let id = made_id(&world.create(&Creation::new("alice")).unwrap());
    let token = world.token(Protocol::Two, PIN, ACFG, None).unwrap();
    world.config(Some(&token), 3, Some(crate::wire::numbered([(1, crate::wire::int(6))]))).unwrap();
    world.cycle_power();
    (world, id)
}

#[test]
fn everything_is_as_on_the_first_day() {
    let (mut world, id) = used();
    let old = world.token(Protocol::Two, PIN, PCMR, None).unwrap();
    let identifier = old.open_member("encIdentifier", as_bytes(member(&world.info(), 0x19)));
    assert_eq!(reset(&mut world), Ok(Value::Null));
    assert_eq!(world.owner().asked.last().unwrap().0, Purpose::Reset);

    assert_eq!(world.option("clientPin"), Some(false));
    assert_eq!(as_int(member(&world.info(), 0x0d)), 4);
    assert_eq!(world.sign_in(&SignIn::with(&id)), Err(Status::NoCredentials));
    assert_eq!(world.manage(Some(&old), 1, None), Err(Status::PinAuthInvalid), "the persistent token is another one");

    world.set_pin(Protocol::Two, PIN).unwrap();
    let token = world.token(Protocol::Two, PIN, PCMR, None).unwrap();
    assert_ne!(token.open_member("encIdentifier", as_bytes(member(&world.info(), 0x19))), identifier);
}

#[test]
fn it_takes_a_touch() {
    let (mut world, id) = used();
    for (touch, status) in [
        (Touch::Declined, Status::OperationDenied),
        (Touch::TimedOut, Status::UserActionTimeout),
        (Touch::Cancelled, Status::KeepaliveCancel),
    ] {
        world.owner().touches.push_back(touch);
        assert_eq!(reset(&mut world), Err(status));
    }
    assert!(world.sign_in(&SignIn::with(&id)).is_ok());
}

#[test]
fn it_takes_a_plug_that_was_just_pulled() {
    let (mut world, _) = used();
    world.wait(Duration::from_millis(10_001));
    assert_eq!(reset(&mut world), Err(Status::NotAllowed));
    world.cycle_power();
    world.wait(Duration::from_secs(10));
    assert_eq!(reset(&mut world), Ok(Value::Null));
    world.wait(Duration::from_secs(1));
    assert_eq!(reset(&mut world), Err(Status::NotAllowed), "a reset is no power cycle");
}

#[test]
fn a_touch_that_comes_late_counts_if_the_command_came_in_time() {
    let (mut world, _) = used();
    world.owner().takes = Duration::from_secs(20);
    assert_eq!(reset(&mut world), Ok(Value::Null));
}

#[test]
fn a_long_touch_is_asked_for_once_it_is_switched_on() {
    let mut world = World::with_pin();
    let token = world.token(Protocol::Two, PIN, ACFG, None).unwrap();
    assert_eq!(member(&world.info(), 0x18), Some(&Value::Bool(false)));
    world.config(Some(&token), 4, None).unwrap();
    assert_eq!(member(&world.info(), 0x18), Some(&Value::Bool(true)));
    world.cycle_power();
    assert_eq!(reset(&mut world), Ok(Value::Null));
    assert_eq!(world.owner().asked.last().unwrap().0, Purpose::ResetByLongTouch);
}

#[test]
fn no_platform_erases_a_vault() {
    let mut world = World::with_profile(Profile::synced());
    let id = made_id(&world.create(&Creation::new("alice")).unwrap());
    assert_eq!(reset(&mut world), Err(Status::InvalidCommand));
    assert!(world.sign_in(&SignIn::with(&id)).is_ok());
}

#[test]
fn tokens_die_with_it() {
    let (mut world, _) = used();
    let token = world.token(Protocol::Two, PIN, ACFG, None).unwrap();
    reset(&mut world).unwrap();
    world.set_pin(Protocol::Two, PIN).unwrap();
    assert_eq!(world.config(Some(&token), 2, None), Err(Status::PinAuthInvalid));
}

#[test]
fn cut_short_it_never_leaves_credentials_without_their_pin() {
    for (write, kind) in [(0, Kind::Lost), (0, Kind::Unheard), (1, Kind::Lost), (1, Kind::Unheard)] {
        let (mut world, id) = used();
        world.failpoint.arm(write, kind);
        assert_eq!(reset(&mut world), Err(Status::Other));
        assert!(world.fault.is_some() && !world.failpoint.is_armed());
        world.cycle_power();
        let has_pin = world.option("clientPin") == Some(true);
        let has_credential = world.sign_in(&SignIn::with(&id)).is_ok();
        assert!(has_pin || !has_credential, "{write} {kind:?}");
        assert!(reset(&mut world).is_ok(), "and can be done again");
    }
}
