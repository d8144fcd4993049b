//! `authenticatorGetAssertion` and `authenticatorGetNextAssertion`.

use std::time::Duration;

use coset::cbor::Value;
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};
use roamkey_authenticator::ctap::{Purpose, Status, Touch};

use crate::{
    platform::{Protocol, random},
    wire::{as_bytes, as_int, bytes, decode, int, member, text, word, worded},
    world::{CLIENT_DATA_HASH, Creation, GA, MC, PIN, SITE, SignIn, UP, UV, World, flags, made_id},
};

#[test]
fn the_signature_is_of_the_key_that_was_made() {
    let mut world = World::new();
    let made = world.create(&Creation::new("alice")).unwrap();
    let id = made_id(&made);
    let key = decode(&as_bytes(member(&made, 2))[55 + id.len()..]);
    let point = [&[4], as_bytes(member(&key, -2)), as_bytes(member(&key, -3))].concat();
    let key = VerifyingKey::from_sec1_bytes(&point).unwrap();

    let answer = world.sign_in(&SignIn::with(&id)).unwrap();
    let signature = Signature::from_der(as_bytes(member(&answer, 3))).unwrap();
    key.verify(&[as_bytes(member(&answer, 2)), &CLIENT_DATA_HASH].concat(), &signature).unwrap();
    assert_eq!(member(&answer, 1), Some(&worded([("id", bytes(&id)), ("type", text("public-key"))])));
    assert_eq!(flags(&answer) & (UP | UV), UP);
}

#[test]
fn nobody_signs_in_with_what_is_not_there() {
    let mut world = World::new();
    let id = made_id(&world.create(&Creation::new("alice")).unwrap());
    assert_eq!(world.sign_in(&SignIn::new()), Err(Status::NoCredentials), "it must be named");
    assert_eq!(world.sign_in(&SignIn::with(&id).at("example.org")), Err(Status::NoCredentials));
    assert_eq!(world.sign_in(&SignIn::with(&random::<16>())), Err(Status::NoCredentials));
    let asked = world.owner().asked.len();
    assert!(world.sign_in(&SignIn { allow: vec![random::<16>().to_vec(), id], ..SignIn::new() }).is_ok());
    assert_eq!(world.owner().asked[asked..], [(Purpose::SignIn, Some("Alice".to_owned()))]);
}

#[test]
fn a_list_of_other_kinds_accepts_nothing() {
    let mut world = World::new();
    world.create(&Creation::passkey("alice")).unwrap();
    let other = Value::Array(vec![worded([("id", bytes([1])), ("type", text("other"))])]);
    let request = crate::wire::numbered([(1, text(SITE)), (2, bytes(CLIENT_DATA_HASH)), (3, other)]);
    assert_eq!(world.send(2, &request), Err(Status::NoCredentials));
    let request = crate::wire::numbered([(1, text(SITE)), (2, bytes(CLIENT_DATA_HASH)), (3, Value::Array(vec![]))]);
    assert!(world.send(2, &request).is_ok(), "an empty one is none");
}

#[test]
fn a_platform_may_look_without_a_touch() {
    let mut world = World::new();
    let id = made_id(&world.create(&Creation::new("alice")).unwrap());
    let asked = world.owner().asked.len();
    let answer = world.sign_in(&SignIn::with(&id).option("up", false)).unwrap();
    assert_eq!(flags(&answer) & (UP | UV), 0);
    assert_eq!(world.owner().asked.len(), asked);
}

#[test]
fn nothing_is_signed_without_a_touch() {
    let mut world = World::new();
    world.create(&Creation::passkey("alice")).unwrap();
    for (touch, status) in [
        (Touch::Declined, Status::OperationDenied),
        (Touch::TimedOut, Status::UserActionTimeout),
        (Touch::Cancelled, Status::KeepaliveCancel),
    ] {
        world.owner().touches.push_back(touch);
        assert_eq!(world.sign_in(&SignIn::new()), Err(status));
    }
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let mut world = World::new();
    world.create(&Creation::passkey("alice")).unwrap();
    assert_eq!(world.sign_in(&SignIn::new().option("rk", true)), Err(Status::UnsupportedOption));
    assert_eq!(world.sign_in(&SignIn::new().option("rk", false)), Err(Status::UnsupportedOption));
    assert_eq!(world.sign_in(&SignIn::new().option("uv", true)), Err(Status::InvalidOption));
}

/// Three accounts, the last one made last.
fn three_accounts() -> World {
    let mut world = World::with_pin();
    for user in ["alice", "bob", "carol"] {
        let token = world.token(Protocol::Two, PIN, MC, Some(SITE)).unwrap();
        world.create(&Creation::passkey(user).by(&token)).unwrap();
        world.wait(Duration::from_secs(1));
    }
    world
}

fn user(answer: &Value) -> Vec<u8> {
    as_bytes(word(member(answer, 4).unwrap(), "id")).to_vec()
}

fn next(world: &mut World) -> Result<Value, Status> {
    world.send(8, &Value::Null)
}

#[test]
fn several_accounts_come_one_after_the_other_the_newest_first() {
    let mut world = three_accounts();
    let first = world.sign_in(&SignIn::new()).unwrap();
    assert_eq!(as_int(member(&first, 5)), 3);
    let answers = [first, next(&mut world).unwrap(), next(&mut world).unwrap()];
    assert_eq!(answers.each_ref().map(user), [b"carol".to_vec(), b"bob".to_vec(), b"alice".to_vec()]);
    assert!(answers[1..].iter().all(|answer| member(answer, 5).is_none()));
    assert_eq!(next(&mut world), Err(Status::NotAllowed));
}

#[test]
fn names_are_told_to_the_verified_and_where_there_is_a_choice() {
    let mut world = three_accounts();
    let unverified = world.sign_in(&SignIn::new()).unwrap();
    assert_eq!(word(member(&unverified, 4).unwrap(), "name"), None);
    let token = world.token(Protocol::Two, PIN, GA, Some(SITE)).unwrap();
    let verified = world.sign_in(&SignIn::new().by(&token)).unwrap();
    assert_eq!(word(member(&verified, 4).unwrap(), "name"), Some(&text("Alice")));
    let next = next(&mut world).unwrap();
    assert_eq!(word(member(&next, 4).unwrap(), "name"), Some(&text("Alice")));
    assert_eq!((flags(&verified) & (UP | UV), flags(&next) & (UP | UV)), (UP | UV, UP | UV));

    let id = as_bytes(word(member(&verified, 1).unwrap(), "id")).to_vec();
    let token = world.token(Protocol::Two, PIN, GA, Some(SITE)).unwrap();
    let alone = world.sign_in(&SignIn::with(&id).by(&token)).unwrap();
    assert_eq!(word(member(&alone, 4).unwrap(), "name"), None);
    assert_eq!(member(&alone, 5), None);
}

#[test]
fn who_must_be_named_is_not_told() {
    let mut world = World::new();
    let id = made_id(&world.create(&Creation::new("alice")).unwrap());
    assert_eq!(member(&world.sign_in(&SignIn::with(&id)).unwrap(), 4), None);
}

#[test]
fn the_next_one_waits_half_a_minute() {
    let mut world = three_accounts();
    world.sign_in(&SignIn::new()).unwrap();
    world.wait(Duration::from_secs(29));
    next(&mut world).unwrap();
    world.wait(Duration::from_secs(29));
    next(&mut world).unwrap();
    world.sign_in(&SignIn::new()).unwrap();
    world.wait(Duration::from_secs(30));
    assert_eq!(next(&mut world), Err(Status::NotAllowed));
}

#[test]
fn another_platform_hears_nothing_of_the_rest() {
    let mut world = three_accounts();
    world.sign_in(&SignIn::new()).unwrap();
    world.device().end_sequences();
    assert_eq!(next(&mut world), Err(Status::NotAllowed));
}

#[test]
fn the_half_minute_begins_with_the_answer_not_with_the_question() {
    let mut world = three_accounts();
    world.owner().takes = Duration::from_secs(28);
    world.sign_in(&SignIn::new()).unwrap();
    world.wait(Duration::from_secs(20));
    assert!(next(&mut world).is_ok());
}

#[test]
fn any_other_command_ends_the_sequence() {
    let others: [fn(&mut World); 4] = [
        |world| drop(world.info()),
        |world| drop(world.client_pin([(2, int(1))])),
        |world| drop(world.send(0x0b, &Value::Null)),
        |world| drop(world.send(0x55, &Value::Null)),
    ];
    for (index, other) in others.into_iter().enumerate() {
        let mut world = three_accounts();
        world.sign_in(&SignIn::new()).unwrap();
        other(&mut world);
        // A byte that is no command is no command in between.
        let expected = if index == 3 { Ok(()) } else { Err(Status::NotAllowed) };
        assert_eq!(next(&mut world).map(drop), expected, "{index}");
    }
    let mut world = three_accounts();
    world.sign_in(&SignIn::new()).unwrap();
    world.cycle_power();
    assert_eq!(next(&mut world), Err(Status::NotAllowed));
    assert_eq!(next(&mut World::new()), Err(Status::NotAllowed));
}

#[test]
fn one_account_has_one_passkey_an_algorithm() {
    let mut world = World::new();
    world.create(&Creation::passkey("alice")).unwrap();
    world.create(&Creation::passkey("alice")).unwrap();
    assert_eq!(member(&world.sign_in(&SignIn::new()).unwrap(), 5), None);
    world.create(&Creation { algorithms: vec![-8], ..Creation::passkey("alice") }).unwrap();
    assert_eq!(as_int(member(&world.sign_in(&SignIn::new()).unwrap(), 5)), 2);
}
