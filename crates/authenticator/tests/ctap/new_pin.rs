//! Setting and changing the PIN.

use coset::cbor::Value;
use roamkey_authenticator::ctap::Status;

use crate::{
    platform::{Protocol, pad},
    wire::{bytes, int, member, numbered, worded},
    world::{ACFG, PIN, World},
};

#[test]
fn a_pin_is_set_once_and_changed_by_whoever_knows_it() {
    for protocol in Protocol::BOTH {
        let mut world = World::new();
        assert_eq!(world.client_pin([(2, int(1))]), Err(Status::PinNotSet));
        assert_eq!(world.change_pin(protocol, PIN, "654321"), Err(Status::PinNotSet));
        world.set_pin(protocol, PIN).unwrap();
        assert_eq!(world.set_pin(protocol, "654321"), Err(Status::PinAuthInvalid));
        assert_eq!(world.change_pin(protocol, "wrong", "654321"), Err(Status::PinInvalid));
        world.change_pin(protocol, PIN, "654321").unwrap();
        assert_eq!(world.legacy_token(protocol, PIN).map(drop), Err(Status::PinInvalid));
        world.cycle_power();
        assert!(world.legacy_token(protocol, "654321").is_ok(), "across a power cycle");
    }
}

#[test]
fn lengths_count_in_code_points_and_end_with_the_bytes() {
    for (pin, fits) in [
        ("123", false),
        ("1234", true),
        ("üüü", false),
        ("üüüü", true),
        ("\u{1f600}\u{1f600}\u{1f600}", false),
        ("\u{1f600}\u{1f600}\u{1f600}\u{1f600}", true),
        (&"a".repeat(63), true),
        (&"ü".repeat(31), true),
        (&"ü".repeat(32), false),
    ] {
        let expected = if fits { Ok(Value::Null) } else { Err(Status::PinPolicyViolation) };
        assert_eq!(World::new().set_pin(Protocol::Two, pin), expected, "{pin}");
    }
}

#[test]
fn a_pin_travels_in_64_bytes_of_text() {
    for (padded, status) in [
        (vec![b'1'; 64], Status::PinPolicyViolation),
        (vec![0; 64], Status::PinPolicyViolation),
        (vec![b'1'; 48], Status::InvalidParameter),
        ([pad("1234"), vec![0; 16]].concat(), Status::InvalidParameter),
        (pad("")[..16].to_vec(), Status::InvalidParameter),
        ([&[0xff; 8][..], &[0; 56]].concat(), Status::PinPolicyViolation),
    ] {
        for protocol in Protocol::BOTH {
            assert_eq!(World::new().set_padded_pin(protocol, &padded), Err(status));
        }
    }
}

#[test]
fn what_somebody_changed_on_the_way_is_refused() {
    for protocol in Protocol::BOTH {
        let mut world = World::new();
        let session = world.agree(protocol);
        let encrypted = session.encrypt(&pad(PIN));
        let mut param = session.authenticate(&encrypted);
        param[0] ^= 1;
        let request = |param: &[u8]| {
            let head = [(1, int(protocol.number())), (2, int(3)), (3, session.key.clone())];
            numbered(head.into_iter().chain([(4, bytes(param)), (5, bytes(&encrypted))]))
        };
        assert_eq!(world.send(6, &request(&param)), Err(Status::PinAuthInvalid));
        assert_eq!(world.send(6, &request(&param[..15])), Err(Status::PinAuthInvalid));
        assert_eq!(world.send(6, &request(&[])), Err(Status::PinAuthInvalid));
        param[0] ^= 1;
        assert_eq!(world.send(6, &request(&param)), Ok(Value::Null));
    }
}

#[test]
fn a_key_that_is_no_point_of_the_curve_is_refused() {
    let mut world = World::new();
    let session = world.agree(Protocol::Two);
    let entries = session.key.as_map().unwrap().clone();
    let with = |label: i64, value: Option<Value>| {
        let kept = entries.iter().filter(|(key, _)| *key != int(label)).cloned();
        let kept = kept.map(|(key, value)| (crate::wire::as_int(Some(&key)), value));
        numbered(kept.chain(value.map(|value| (label, value))))
    };
    for (key, status) in [
        (with(-3, Some(bytes([1; 32]))), Status::InvalidParameter),
        (with(-3, Some(bytes([1; 31]))), Status::InvalidParameter),
        (with(-1, Some(int(2))), Status::InvalidParameter),
        (with(1, Some(int(1))), Status::InvalidParameter),
        (with(3, Some(int(-7))), Status::InvalidParameter),
        (with(-2, None), Status::MissingParameter),
        (worded([("x", bytes([1; 32]))]), Status::MissingParameter),
    ] {
        let encrypted = session.encrypt(&pad(PIN));
        let param = session.authenticate(&encrypted);
        let request = [(1, int(2)), (2, int(3)), (3, key), (4, bytes(param)), (5, bytes(encrypted))];
        assert_eq!(world.client_pin(request), Err(status));
    }
}

#[test]
fn what_is_missing_is_named_so() {
    let mut world = World::with_pin();
    let session = world.agree(Protocol::Two);
    let all =
        [(1, int(2)), (3, session.key), (4, bytes([0; 32])), (5, bytes([0; 80])), (6, bytes([0; 32])), (9, int(ACFG))];
    for (subcommand, needed) in [
        (2, vec![1]),
        (3, vec![1, 3, 4, 5]),
        (4, vec![1, 3, 4, 5, 6]),
        (5, vec![1, 3, 6]),
        (6, vec![1, 3, 9]),
        (9, vec![1, 3, 6, 9]),
    ] {
        for missing in &needed {
            // A PIN that is there hides from setPIN whether the key is: the other parameters are looked at first.
            if (subcommand, *missing) == (3, 3) {
                continue;
            }
            let entries = all.iter().filter(|(key, _)| needed.contains(key) && key != missing).cloned();
            let answer = world.client_pin(entries.chain([(2, int(subcommand))]));
            assert_eq!(answer, Err(Status::MissingParameter), "{subcommand} without {missing}");
        }
        let entries = all.iter().filter(|(key, _)| needed.contains(key)).cloned();
        let other = entries.map(|(key, value)| (key, if key == 1 { int(3) } else { value }));
        let answer = world.client_pin(other.chain([(2, int(subcommand))]));
        assert_eq!(answer, Err(Status::InvalidParameter), "{subcommand} under protocol 3");
    }
    assert_eq!(world.client_pin([(1, int(2))]), Err(Status::MissingParameter));
    assert_eq!(world.client_pin([(1, int(2)), (2, int(8))]), Err(Status::InvalidSubcommand));
}

#[test]
fn three_wrong_pins_in_a_row_take_a_power_cycle_and_eight_a_reset() {
    for protocol in Protocol::BOTH {
        let mut world = World::with_pin();
        let wrong = |world: &mut World| world.legacy_token(protocol, "wrong").map(drop);
        for left in [7, 6] {
            assert_eq!(wrong(&mut world), Err(Status::PinInvalid));
            assert_eq!(world.pin_retries(), left);
        }
        assert_eq!(wrong(&mut world), Err(Status::PinAuthBlocked));
        assert_eq!(world.legacy_token(protocol, PIN).map(drop), Err(Status::PinAuthBlocked));
        assert_eq!(world.change_pin(protocol, PIN, "654321"), Err(Status::PinAuthBlocked));
        assert_eq!(world.pin_retries(), 5);
        let answer = world.client_pin([(2, int(1))]).unwrap();
        assert_eq!(member(&answer, 4), Some(&Value::Bool(true)));

        world.cycle_power();
        let answers: Vec<_> = (0..3).map(|_| wrong(&mut world).unwrap_err()).collect();
        assert_eq!(answers, [Status::PinInvalid, Status::PinInvalid, Status::PinAuthBlocked]);
        world.cycle_power();
        assert_eq!(wrong(&mut world), Err(Status::PinInvalid));
        assert_eq!(wrong(&mut world), Err(Status::PinBlocked));
        world.cycle_power();
        assert_eq!(world.legacy_token(protocol, PIN).map(drop), Err(Status::PinBlocked));
        assert_eq!(world.pin_retries(), 0);
    }
}

#[test]
fn a_right_pin_gives_the_tries_back() {
    let mut world = World::with_pin();
    for _ in 0..5 {
        assert_eq!(world.legacy_token(Protocol::Two, "wrong").map(drop), Err(Status::PinInvalid));
        assert_eq!(world.legacy_token(Protocol::Two, "wrong").map(drop), Err(Status::PinInvalid));
        world.legacy_token(Protocol::Two, PIN).unwrap();
        assert_eq!(world.pin_retries(), 8);
    }
}

#[test]
fn a_wrong_pin_changes_the_key_that_platforms_agree_with() {
    for protocol in Protocol::BOTH {
        let mut world = World::with_pin();
        let key = |world: &mut World| world.client_pin([(1, int(protocol.number())), (2, int(2))]).unwrap();
        let before = key(&mut world);
        assert_eq!(key(&mut world), before);
        world.legacy_token(protocol, "wrong").unwrap_err();
        assert_ne!(key(&mut world), before);
    }
}
