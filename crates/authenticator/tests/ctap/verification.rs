//! The UV flag is 1 after a verification and at no other time: each way there is, and each that looks like one.

use std::time::Duration;

use roamkey_authenticator::ctap::{BuiltIn, Status, Verified};

use crate::{
    platform::{Protocol, Token, random},
    world::{CM, Creation, GA, MC, PIN, SITE, SignIn, UV, World, flags, made_id},
};

/// A device with a PIN and a passkey.
fn with_passkey() -> (World, Vec<u8>) {
    let mut world = World::with_pin();
    let token = world.token(Protocol::Two, PIN, MC, Some(SITE)).unwrap();
    let id = made_id(&world.create(&Creation::passkey("alice").by(&token)).unwrap());
    (world, id)
}

fn verified(answer: Result<coset::cbor::Value, Status>) -> Result<bool, Status> {
    answer.map(|answer| flags(&answer) & UV != 0)
}

#[test]
fn by_the_pin() {
    for protocol in Protocol::BOTH {
        let (mut world, id) = with_passkey();
        let token = world.token(protocol, PIN, MC | GA, Some(SITE)).unwrap();
        assert_eq!(verified(world.sign_in(&SignIn::with(&id).by(&token))), Ok(true));
        let token = world.token(protocol, PIN, MC | GA, Some(SITE)).unwrap();
        assert_eq!(verified(world.create(&Creation::new("bob").by(&token))), Ok(true));
        let token = world.legacy_token(protocol, PIN).unwrap();
        assert_eq!(verified(world.create(&Creation::new("bob").by(&token))), Ok(true));
    }
}

#[test]
fn by_the_device_itself() {
    let (mut world, id) = with_passkey();
    world.owner().built_in = BuiltIn::Ready;
    assert_eq!(verified(world.sign_in(&SignIn::with(&id).option("uv", true))), Ok(true));
    assert_eq!(verified(world.create(&Creation::new("bob").option("uv", true))), Ok(true));
    let token = world.token_by_built_in(Protocol::Two, GA, Some(SITE)).unwrap();
    assert_eq!(verified(world.sign_in(&SignIn::with(&id).by(&token))), Ok(true));
}

#[test]
fn by_nothing() {
    let (mut world, id) = with_passkey();
    world.owner().built_in = BuiltIn::Ready;
    assert_eq!(verified(world.sign_in(&SignIn::with(&id))), Ok(false));
    assert_eq!(verified(world.create(&Creation::new("bob"))), Ok(false));
    assert_eq!(verified(world.sign_in(&SignIn::with(&id).option("uv", false))), Ok(false));
    world.token(Protocol::Two, PIN, GA, Some(SITE)).unwrap();
    assert_eq!(verified(world.sign_in(&SignIn::with(&id))), Ok(false), "a token that is not shown");
}

#[test]
fn by_a_verification_that_failed() {
    let (mut world, id) = with_passkey();
    world.owner().built_in = BuiltIn::Ready;
    for (outcomes, status) in [
        (vec![Verified::Failed; 3], Status::PuatRequired),
        (vec![Verified::Declined], Status::OperationDenied),
        (vec![Verified::TimedOut], Status::UserActionTimeout),
        (vec![Verified::Cancelled], Status::KeepaliveCancel),
    ] {
        world.owner().verifications = outcomes.clone().into();
        assert_eq!(verified(world.sign_in(&SignIn::with(&id).option("uv", true))), Err(status));
        world.legacy_token(Protocol::Two, PIN).unwrap();
        world.owner().verifications = outcomes.into();
        assert_eq!(verified(world.create(&Creation::new("bob").option("uv", true))), Err(status));
        world.legacy_token(Protocol::Two, PIN).unwrap();
    }
    let mut alone = World::with_built_in();
    alone.owner().verifications = [Verified::Failed; 3].into();
    let refused = alone.create(&Creation::new("bob").option("uv", true));
    assert_eq!(verified(refused), Err(Status::OperationDenied), "where there is no PIN to ask for");
}

#[test]
fn by_a_wrong_pin() {
    let (mut world, _) = with_passkey();
    assert_eq!(world.token(Protocol::Two, "wrong", GA, Some(SITE)).map(drop), Err(Status::PinInvalid));
}

#[test]
fn by_a_token_that_is_over_or_was_never_one() {
    let stale: [fn(&mut World) -> Token; 6] = [
        |world| {
            let token = world.token(Protocol::Two, PIN, MC | GA, Some(SITE)).unwrap();
            world.wait(Duration::from_secs(30));
            token
        },
        |world| {
            let token = world.token(Protocol::Two, PIN, MC | GA, Some(SITE)).unwrap();
            world.cycle_power();
            token
        },
        |world| {
            let token = world.token(Protocol::Two, PIN, MC | GA, Some(SITE)).unwrap();
            world.create(&Creation::new("carol").by(&token)).unwrap();
            token
        },
        |world| world.token(Protocol::Two, PIN, MC | GA, Some("example.org")).unwrap(),
        |world| world.token(Protocol::Two, PIN, CM, None).unwrap(),
        |_| Token { protocol: Protocol::Two, secret: random::<32>().to_vec() },
    ];
    for (index, stale) in stale.into_iter().enumerate() {
        let (mut world, id) = with_passkey();
        let token = stale(&mut world);
        let refused = Err(Status::PinAuthInvalid);
        assert_eq!(verified(world.sign_in(&SignIn::with(&id).by(&token))), refused, "{index}");
        assert_eq!(verified(world.create(&Creation::new("bob").by(&token))), refused, "{index}");
    }
}

#[test]
fn by_a_proof_for_another_request() {
    let (mut world, id) = with_passkey();
    let token = world.token(Protocol::Two, PIN, MC | GA, Some(SITE)).unwrap();
    let other = SignIn { proof: Some((2, token.authenticate(&[8; 32]))), ..SignIn::with(&id) };
    assert_eq!(verified(world.sign_in(&other)), Err(Status::PinAuthInvalid));
    let one = SignIn { proof: Some((1, token.authenticate(&[7; 32])[..16].to_vec())), ..SignIn::with(&id) };
    assert_eq!(verified(world.sign_in(&one)), Err(Status::PinAuthInvalid), "the other protocol's");
    assert_eq!(verified(world.sign_in(&SignIn::with(&id).by(&token))), Ok(true), "and the token is as good as before");
}

#[test]
fn by_a_token_on_a_device_without_a_person() {
    let mut world = World::new();
    let token = Token { protocol: Protocol::Two, secret: vec![0; 32] };
    assert_eq!(verified(world.create(&Creation::new("bob").by(&token))), Err(Status::PinNotSet));
}

#[test]
fn a_protected_device_makes_no_passkey_unverified() {
    let (mut world, _) = with_passkey();
    assert_eq!(verified(world.create(&Creation::passkey("bob"))), Err(Status::PuatRequired));
    let mut world = World::with_built_in();
    assert_eq!(verified(world.create(&Creation::passkey("bob"))), Err(Status::OperationDenied));
}
