//! `authenticatorConfig`.

use coset::cbor::Value;
use roamkey_authenticator::ctap::Status;

use crate::{
    platform::Protocol,
    wire::{as_int, int, member, numbered, text},
    world::{ACFG, CM, Creation, MC, PIN, SITE, World, outputs},
};

fn acfg(world: &mut World, pin: &str) -> crate::platform::Token {
    world.token(Protocol::Two, pin, ACFG, None).unwrap()
}

fn min_pin_length(world: &mut World) -> i64 {
    as_int(member(&world.info(), 0x0d))
}

fn forced(world: &mut World) -> bool {
    member(&world.info(), 0x0c) == Some(&Value::Bool(true))
}

#[test]
fn it_takes_a_token_where_there_is_a_person_to_protect() {
    let mut world = World::with_pin();
    assert_eq!(world.config(None, 2, None), Err(Status::PuatRequired));
    for protocol in Protocol::BOTH {
        let wrong = world.token(protocol, PIN, CM, None).unwrap();
        assert_eq!(world.config(Some(&wrong), 2, None), Err(Status::PinAuthInvalid));
        let right = world.token(protocol, PIN, ACFG, None).unwrap();
        assert_eq!(world.config(Some(&right), 2, None), Ok(Value::Null));
        assert_eq!(world.config(Some(&right), 2, None), Ok(Value::Null), "and serves again");
    }
}

#[test]
fn a_device_without_a_person_is_set_up_freely() {
    let mut world = World::new();
    assert_eq!(world.config(None, 2, None), Ok(Value::Null));
    assert_eq!(world.option("alwaysUv"), Some(true));
    assert_eq!(world.config(None, 3, None), Err(Status::PuatRequired), "but for what 'always verify' keeps");
    assert_eq!(world.config(None, 2, None), Ok(Value::Null));
    assert_eq!(world.option("alwaysUv"), Some(false));
}

#[test]
fn what_is_not_served_is_refused() {
    let mut world = World::with_pin();
    let token = acfg(&mut world, PIN);
    for subcommand in [0, 1, 5, 0xff] {
        assert_eq!(world.config(Some(&token), subcommand, None), Err(Status::InvalidSubcommand));
    }
    assert_eq!(world.send(0x0d, &numbered([])), Err(Status::MissingParameter));
    let message = [(1, int(2)), (4, crate::wire::bytes([0; 32]))];
    assert_eq!(world.send(0x0d, &numbered(message.clone())), Err(Status::MissingParameter));
    let unknown = message.into_iter().chain([(3, int(3))]);
    assert_eq!(world.send(0x0d, &numbered(unknown)), Err(Status::InvalidParameter));
}

#[test]
fn the_shortest_pin_only_grows() {
    let mut world = World::with_pin();
    let token = acfg(&mut world, PIN);
    let set = |world: &mut World, length| world.config(Some(&token), 3, Some(numbered([(1, int(length))])));
    assert_eq!(set(&mut world, 3), Err(Status::PinPolicyViolation));
    assert_eq!(set(&mut world, 8), Ok(Value::Null));
    assert_eq!((min_pin_length(&mut world), forced(&mut world)), (8, false));
    assert_eq!(set(&mut world, 7), Err(Status::PinPolicyViolation));
    assert_eq!(set(&mut world, 64), Err(Status::PinPolicyViolation));
    assert_eq!(set(&mut world, 300), Err(Status::PinPolicyViolation));
    assert_eq!(set(&mut world, 9), Ok(Value::Null));
    assert_eq!((min_pin_length(&mut world), forced(&mut world)), (9, true), "the PIN is too short by now");
    world.cycle_power();
    assert_eq!((min_pin_length(&mut world), forced(&mut world)), (9, true));
    assert_eq!(world.change_pin(Protocol::Two, PIN, "12ab34cd"), Err(Status::PinPolicyViolation));
    assert_eq!(world.change_pin(Protocol::Two, PIN, "12ab34cd5"), Ok(Value::Null));
    assert!(!forced(&mut world));
}

#[test]
fn a_forced_change_stops_tokens_until_the_pin_is_another_one() {
    for protocol in Protocol::BOTH {
        let mut world = World::with_pin();
        let token = acfg(&mut world, PIN);
        world.config(Some(&token), 3, Some(numbered([(3, Value::Bool(true))]))).unwrap();
        assert!(forced(&mut world));
        assert_eq!(world.legacy_token(protocol, PIN).map(drop), Err(Status::PinInvalid));
        assert_eq!(world.token(protocol, PIN, MC, Some(SITE)).map(drop), Err(Status::PinPolicyViolation));
        assert_eq!(world.pin_retries(), 8, "the PIN was right");
        assert_eq!(world.change_pin(protocol, PIN, PIN), Err(Status::PinPolicyViolation));
        world.change_pin(protocol, PIN, "z9y8x7").unwrap();
        assert!(world.token(protocol, "z9y8x7", MC, Some(SITE)).is_ok());
    }
    let mut world = World::new();
    assert_eq!(world.config(None, 3, Some(numbered([(3, Value::Bool(true))]))), Err(Status::PinNotSet));
}

#[test]
fn the_policy_against_obvious_pins_is_switched_on_for_good() {
    let mut world = World::new();
    world.set_pin(Protocol::Two, "1234").unwrap();
    let token = acfg(&mut world, "1234");
    assert_eq!(member(&world.info(), 0x1b), Some(&Value::Bool(false)));
    world.config(Some(&token), 3, Some(numbered([(4, Value::Bool(true))]))).unwrap();
    assert_eq!(member(&world.info(), 0x1b), Some(&Value::Bool(true)));
    assert!(!forced(&mut world), "it is for the next PIN");
    world.config(Some(&token), 3, Some(numbered([(3, Value::Bool(true))]))).unwrap();
    for obvious in ["0000", "4321", "1212", "123123", "abcd", "Password"] {
        assert_eq!(world.change_pin(Protocol::Two, "1234", obvious), Err(Status::PinPolicyViolation), "{obvious}");
    }
    world.change_pin(Protocol::Two, "1234", "1357a").unwrap();
    let token = acfg(&mut world, "1357a");
    world.config(Some(&token), 3, Some(numbered([(4, Value::Bool(false))]))).unwrap();
    assert_eq!(member(&world.info(), 0x1b), Some(&Value::Bool(true)));
}

#[test]
fn sites_that_may_know_the_policy_learn_it() {
    let mut world = World::with_pin();
    let ask = |world: &mut World| {
        let asked = Creation::new("alice")
            .extension("minPinLength", Value::Bool(true))
            .extension("pinComplexityPolicy", Value::Bool(true));
        outputs(&world.create(&asked).unwrap())
    };
    assert_eq!(ask(&mut world), Value::Map(Vec::new()));
    let token = acfg(&mut world, PIN);
    let sites = Value::Array(vec![text("example.org"), text(SITE)]);
    world.config(Some(&token), 3, Some(numbered([(1, int(5)), (2, sites)]))).unwrap();
    let told = ask(&mut world);
    assert_eq!(crate::wire::word(&told, "minPinLength"), Some(&int(5)));
    assert_eq!(crate::wire::word(&told, "pinComplexityPolicy"), Some(&Value::Bool(false)));

    let many = Value::Array(vec![text(SITE); 9]);
    assert_eq!(world.config(Some(&token), 3, Some(numbered([(2, many)]))), Err(Status::KeyStoreFull));
}

#[test]
fn a_token_serves_its_own_parameters_only() {
    let mut world = World::with_pin();
    let token = acfg(&mut world, PIN);
    let param =
        token.authenticate(&[&[0xff; 32][..], &[0x0d, 3], &crate::wire::encode(&numbered([(1, int(5))]))].concat());
    let forged = [(1, int(3)), (2, numbered([(1, int(63))])), (3, int(2)), (4, crate::wire::bytes(param))];
    assert_eq!(world.send(0x0d, &numbered(forged)), Err(Status::PinAuthInvalid));
    assert_eq!(min_pin_length(&mut world), 4);
}
