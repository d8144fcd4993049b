//! Tokens: what they are good for, for whom and for how long.

use std::time::Duration;

use coset::cbor::Value;
use roamkey_authenticator::ctap::{BuiltIn, Status, Verified};

use crate::{
    platform::{Protocol, Token},
    wire::{bytes, int, member},
    world::{ACFG, CM, Creation, GA, LBW, MC, PCMR, PIN, SITE, SignIn, UP, UV, World, flags, made_id},
};

#[test]
fn each_permission_opens_its_own_command() {
    for protocol in Protocol::BOTH {
        for (granted, site) in [(MC, Some(SITE)), (GA, Some(SITE)), (CM, None), (LBW, None), (ACFG, None)] {
            let mut world = World::with_pin();
            let id = made_id(&world.create(&Creation::new("alice")).unwrap());
            let token = world.token(protocol, PIN, granted, site).unwrap();
            let refused = |outcome: Result<Value, Status>| match outcome {
                Err(Status::PinAuthInvalid) => true,
                Ok(_) => false,
                other => panic!("{other:?}"),
            };
            let blobs = crate::large_blobs::array(&[]);
            assert_eq!(refused(world.write_large_blobs(Some(&token), 0, Some(blobs.len()), &blobs)), granted != LBW);
            assert_eq!(refused(world.config(Some(&token), 2, None)), granted != ACFG);
            assert_eq!(refused(world.manage(Some(&token), 1, None)), granted != CM);
            assert_eq!(refused(world.sign_in(&SignIn::with(&id).by(&token))), granted != GA);
            assert_eq!(refused(world.create(&Creation::new("bob").by(&token))), granted != MC);
        }
    }
}

#[test]
fn a_token_is_for_its_site() {
    let mut world = World::with_pin();
    let token = world.token(Protocol::Two, PIN, MC | GA, Some("example.org")).unwrap();
    assert_eq!(world.create(&Creation::new("alice").by(&token)), Err(Status::PinAuthInvalid));
    assert!(world.create(&Creation::new("alice").at("example.org").by(&token)).is_ok());
}

#[test]
fn one_that_was_asked_for_without_a_site_is_for_the_first() {
    type Ask = fn(&mut World) -> Token;
    let asks: [Ask; 2] = [
        |world| world.legacy_token(Protocol::Two, PIN).unwrap(),
        |world| world.token(Protocol::Two, PIN, MC | GA, None).unwrap(),
    ];
    for ask in asks {
        let mut world = World::with_pin();
        let token = ask(&mut world);
        let id = made_id(&world.create(&Creation::new("alice")).unwrap());
        let silent = SignIn::with(&id).option("up", false).by(&token);
        assert!(world.sign_in(&silent).is_ok());
        assert_eq!(world.sign_in(&silent.clone().at("example.org")), Err(Status::PinAuthInvalid));
        assert!(world.sign_in(&silent).is_ok());
    }
}

#[test]
fn a_touch_uses_it_up_but_for_large_blobs() {
    let mut world = World::with_pin();
    let token = world.token(Protocol::Two, PIN, MC | GA | LBW | CM, Some(SITE)).unwrap();
    let made = world.create(&Creation::new("alice").by(&token)).unwrap();
    assert_eq!(flags(&made) & (UP | UV), UP | UV);
    assert_eq!(world.sign_in(&SignIn::with(&made_id(&made)).by(&token)), Err(Status::PinAuthInvalid));
    assert_eq!(world.create(&Creation::new("bob").by(&token)), Err(Status::PinAuthInvalid));
    let blobs = crate::large_blobs::array(&[]);
    assert!(world.write_large_blobs(Some(&token), 0, Some(blobs.len()), &blobs).is_ok());
}

#[test]
fn only_the_newest_counts() {
    let mut world = World::with_pin();
    let old = world.token(Protocol::Two, PIN, ACFG, None).unwrap();
    let new = world.token(Protocol::One, PIN, ACFG, None).unwrap();
    assert_eq!(world.config(Some(&old), 2, None), Err(Status::PinAuthInvalid));
    assert!(world.config(Some(&new), 2, None).is_ok());
}

#[test]
fn unused_it_dies_after_half_a_minute_and_used_after_ten() {
    let mut world = World::with_pin();
    let token = world.token(Protocol::Two, PIN, ACFG, None).unwrap();
    world.wait(Duration::from_secs(30));
    assert_eq!(world.config(Some(&token), 2, None), Err(Status::PinAuthInvalid));

    let token = world.token(Protocol::Two, PIN, ACFG, None).unwrap();
    for _ in 0..6 {
        assert!(world.config(Some(&token), 2, None).is_ok());
        world.wait(Duration::from_secs(99));
    }
    assert!(world.config(Some(&token), 2, None).is_ok());
    world.wait(Duration::from_secs(6));
    assert_eq!(world.config(Some(&token), 2, None), Err(Status::PinAuthInvalid));
}

#[test]
fn it_dies_with_the_pin_and_with_the_power() {
    let mut world = World::with_pin();
    let token = world.token(Protocol::Two, PIN, ACFG, None).unwrap();
    world.change_pin(Protocol::Two, PIN, "654321").unwrap();
    assert_eq!(world.config(Some(&token), 2, None), Err(Status::PinAuthInvalid));
    let token = world.token(Protocol::Two, "654321", ACFG, None).unwrap();
    world.cycle_power();
    assert_eq!(world.config(Some(&token), 2, None), Err(Status::PinAuthInvalid));
}

#[test]
fn the_persistent_one_outlives_the_power_and_only_looks() {
    for protocol in Protocol::BOTH {
        let mut world = World::with_pin();
        let made = world.token(Protocol::Two, PIN, MC, Some(SITE)).unwrap();
        let id = made_id(&world.create(&Creation::passkey("alice").by(&made)).unwrap());
        let token = world.token(protocol, PIN, PCMR, None).unwrap();
        world.cycle_power();
        world.wait(Duration::from_secs(3600));
        assert!(world.manage(Some(&token), 1, None).is_ok());
        assert!(world.manage(Some(&token), 2, None).is_ok());
        let deletion = crate::management::named(&id);
        assert_eq!(world.manage(Some(&token), 6, Some(deletion)), Err(Status::PinAuthInvalid));
        assert_eq!(world.config(Some(&token), 2, None), Err(Status::PinAuthInvalid));
        assert_eq!(world.sign_in(&SignIn::with(&id).by(&token)), Err(Status::PinAuthInvalid));

        let again = world.token(protocol, PIN, PCMR, None).unwrap();
        assert_eq!(again.secret, token.secret, "there is one");
        world.change_pin(protocol, PIN, "654321").unwrap();
        assert_eq!(world.manage(Some(&token), 1, None), Err(Status::PinAuthInvalid));
    }
}

#[test]
fn asking_for_the_persistent_one_ends_no_other() {
    let mut world = World::with_pin();
    let token = world.token(Protocol::Two, PIN, ACFG, None).unwrap();
    world.token(Protocol::Two, PIN, PCMR, None).unwrap();
    assert!(world.config(Some(&token), 2, None).is_ok());
}

#[test]
fn what_nobody_can_grant_is_refused() {
    let mut world = World::with_pin();
    for (permissions, site, status) in [
        (0, None, Status::InvalidParameter),
        (0x08, None, Status::UnauthorizedPermission),
        (0x80, None, Status::UnauthorizedPermission),
        (PCMR | CM, None, Status::InvalidParameter),
        (MC, Some(""), Status::InvalidParameter),
    ] {
        assert_eq!(world.token(Protocol::Two, PIN, permissions, site).map(drop), Err(status), "{permissions:#x}");
    }
    assert_eq!(world.pin_retries(), 8);
    assert!(world.token(Protocol::Two, PIN, 0x80 | CM, None).is_ok(), "a bit without a meaning is left out");
    let session = world.agree(Protocol::Two);
    let hash = session.encrypt(&crate::platform::pin_hash(PIN));
    let legacy = [(1, int(2)), (2, int(5)), (3, session.key), (6, bytes(hash)), (9, int(MC))];
    assert_eq!(world.client_pin(legacy), Err(Status::InvalidParameter));
}

#[test]
fn the_device_may_tell_the_person_itself() {
    let mut world = World::with_built_in();
    let token = world.token_by_built_in(Protocol::Two, MC | GA, Some(SITE)).unwrap();
    let asked = world.owner().asked.len();
    let made = world.create(&Creation::passkey("alice").by(&token)).unwrap();
    assert_eq!(flags(&made) & (UP | UV), UP | UV);
    assert_eq!(world.owner().asked.len(), asked, "the verification was a touch");

    let token = world.token_by_built_in(Protocol::Two, GA, Some(SITE)).unwrap();
    world.wait(Duration::from_secs(20));
    let id = made_id(&made);
    world.sign_in(&SignIn::with(&id).option("up", false).by(&token)).unwrap();
    world.wait(Duration::from_secs(10));
    let asked = world.owner().asked.len();
    world.sign_in(&SignIn::with(&id).by(&token)).unwrap();
    assert_eq!(world.owner().asked.len(), asked + 1, "which is forgotten after half a minute");
}

#[test]
fn a_device_that_cannot_tell_says_so() {
    let mut world = World::with_pin();
    let token = |world: &mut World| world.token_by_built_in(Protocol::Two, ACFG, None).map(drop);
    assert_eq!(token(&mut world), Err(Status::InvalidSubcommand));
    assert_eq!(world.client_pin([(2, int(7))]), Err(Status::InvalidSubcommand));
    world.owner().built_in = BuiltIn::NotSetUp;
    assert_eq!(token(&mut world), Err(Status::NotAllowed));
}

#[test]
fn five_failed_verifications_leave_only_the_pin() {
    let mut world = World::with_built_in();
    world.set_pin(Protocol::Two, PIN).unwrap();
    let retries = |world: &mut World| crate::wire::as_int(member(&world.client_pin([(2, int(7))]).unwrap(), 5));
    let token = |world: &mut World| world.token_by_built_in(Protocol::Two, ACFG, None).map(drop);
    world.owner().verifications = [Verified::Failed; 3].into();
    assert_eq!(token(&mut world), Err(Status::UvInvalid));
    assert_eq!(retries(&mut world), 2);
    world.cycle_power();
    world.owner().verifications = [Verified::Failed; 2].into();
    assert_eq!(token(&mut world), Err(Status::UvBlocked));
    assert_eq!(token(&mut world), Err(Status::UvBlocked), "though it would pass");
    world.token(Protocol::Two, PIN, ACFG, None).unwrap();
    assert_eq!(retries(&mut world), 5);
    assert_eq!(token(&mut world), Ok(()));
}

#[test]
fn who_did_not_try_used_no_try() {
    let mut world = World::with_built_in();
    for (verified, status) in [
        (Verified::Declined, Status::OperationDenied),
        (Verified::TimedOut, Status::UserActionTimeout),
        (Verified::Cancelled, Status::KeepaliveCancel),
    ] {
        world.owner().verifications = [Verified::Failed, verified].into();
        assert_eq!(world.token_by_built_in(Protocol::Two, ACFG, None).map(drop), Err(status));
        assert_eq!(crate::wire::as_int(member(&world.client_pin([(2, int(7))]).unwrap(), 5)), 4);
        world.token_by_built_in(Protocol::Two, ACFG, None).unwrap();
    }
}

#[test]
fn verifications_since_the_last_pin_are_counted() {
    let mut world = World::with_built_in();
    world.set_pin(Protocol::Two, PIN).unwrap();
    let count = |world: &mut World| crate::wire::as_int(member(&world.info(), 0x17));
    world.token_by_built_in(Protocol::Two, ACFG, None).unwrap();
    world.token_by_built_in(Protocol::Two, ACFG, None).unwrap();
    world.cycle_power();
    assert_eq!(count(&mut world), 2);
    world.token(Protocol::Two, PIN, ACFG, None).unwrap();
    assert_eq!(count(&mut world), 0);
}
