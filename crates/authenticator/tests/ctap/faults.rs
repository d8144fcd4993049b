//! Stores that fail: nothing is half made, the platform gets an error, the owner the reason.

use coset::cbor::Value;
use roamkey_authenticator::ctap::{Fault, Status};

use crate::{
    large_blobs::array,
    platform::{Protocol, Token},
    stores::Kind,
    wire::{bytes, int, member, numbered, worded},
    world::{ACFG, CM, Creation, LBW, MC, PIN, SITE, SignIn, World, descriptor, made_id},
};

/// A device with a PIN and a passkey, its state as a platform sees it, and a token.
struct Prepared {
    world: World,
    id: Vec<u8>,
}

impl Prepared {
    fn new() -> Self {
        let mut world = World::with_pin();
        let token = world.token(Protocol::Two, PIN, MC, Some(SITE)).unwrap();
        let id = made_id(&world.create(&Creation::passkey("alice").by(&token)).unwrap());
        Self { world, id }
    }

    fn token(&mut self, permissions: i64) -> Token {
        let site = Some(SITE).filter(|_| permissions & 3 != 0);
        self.world.token(Protocol::Two, PIN, permissions, site).unwrap()
    }
}

/// What can be seen of a device from outside.
#[derive(Debug, PartialEq)]
struct Seen {
    info: Vec<(Value, Value)>,
    credentials: Vec<Value>,
    blobs: Vec<u8>,
}

fn see(world: &mut World) -> Seen {
    let info = world.info().as_map().unwrap().clone().into_iter();
    // Encrypted anew each time, and the room that a credential takes is seen below.
    let info = info.filter(|(key, _)| ![int(0x19), int(0x1e)].contains(key)).collect();
    let token = world.token(Protocol::Two, PIN, CM, None).unwrap();
    let sites = numbered([(1, bytes(<sha2::Sha256 as sha2::Digest>::digest(SITE)))]);
    let mut credentials = Vec::new();
    if let Ok(first) = world.manage(Some(&token), 4, Some(sites)) {
        credentials.push(first);
        credentials.extend(std::iter::from_fn(|| world.manage(None, 5, None).ok()));
    }
    Seen { info, credentials, blobs: world.read_large_blobs(0, 4096).unwrap() }
}

/// Fails each write of a command in turn, both ways: after a power cycle the device is as before, or as if it had gone well.
fn every_write_fails_in_turn(command: impl Fn(&mut Prepared) -> Result<Value, Status>) {
    let mut failures = 0;
    for kind in [Kind::Lost, Kind::Unheard] {
        for write in 0.. {
            let mut good = Prepared::new();
            command(&mut good).unwrap();
            let after = see(&mut good.world).without_ids();

            let mut prepared = Prepared::new();
            let before = see(&mut prepared.world).without_ids();
            let failpoint = prepared.world.failpoint.clone();
            let outcome = {
                prepared.world.failpoint.arm(write, kind);
                command(&mut prepared)
            };
            let failed = !failpoint.is_armed();
            failpoint.disarm();
            if !failed {
                assert!(outcome.is_ok());
                break;
            }
            failures += 1;
            assert_eq!(outcome, Err(Status::Other), "write {write}, {kind:?}");
            assert!(matches!(prepared.world.fault, Some(Fault::State(_) | Fault::Credentials(_))));
            prepared.world.cycle_power();
            let seen = see(&mut prepared.world).without_ids();
            assert!(seen == before || seen == after, "write {write}, {kind:?}: {seen:?}");
        }
    }
    assert!(failures > 0, "there was something to fail");
}

impl Seen {
    /// Ids, keys and what is drawn for them differ from device to device, and with the ids the order, of which the first has the
    /// count.
    fn without_ids(mut self) -> Self {
        for credential in &mut self.credentials {
            let entries = credential.as_map().unwrap().iter();
            let entries = entries.filter(|(key, _)| ![7, 8, 9, 11].map(int).contains(key)).cloned();
            *credential = Value::Map(entries.collect());
        }
        self.credentials.sort_by_key(crate::wire::encode);
        self
    }
}

#[test]
fn while_a_credential_is_made() {
    every_write_fails_in_turn(|prepared| {
        let token = prepared.world_token(MC)?;
        prepared.world.create(&Creation::passkey("bob").by(&token))
    });
}

#[test]
fn while_a_credential_is_replaced() {
    every_write_fails_in_turn(|prepared| {
        let token = prepared.world_token(MC)?;
        prepared.world.create(&Creation { name: Some("Alice B."), ..Creation::passkey("alice").by(&token) })
    });
}

#[test]
fn while_a_credential_is_deleted() {
    every_write_fails_in_turn(|prepared| {
        let token = prepared.world_token(CM)?;
        let parameters = numbered([(2, descriptor(&prepared.id))]);
        prepared.world.manage(Some(&token), 6, Some(parameters))
    });
}

#[test]
fn while_a_user_is_renamed() {
    every_write_fails_in_turn(|prepared| {
        let token = prepared.world_token(CM)?;
        let user = worded([("id", bytes("alice")), ("name", crate::wire::text("Alice B."))]);
        let parameters = numbered([(2, descriptor(&prepared.id)), (3, user)]);
        prepared.world.manage(Some(&token), 7, Some(parameters))
    });
}

#[test]
fn while_large_blobs_are_written() {
    every_write_fails_in_turn(|prepared| {
        let token = prepared.world_token(LBW)?;
        let blobs = array(&[vec![1; 100]]);
        prepared.world.write_large_blobs(Some(&token), 0, Some(blobs.len()), &blobs)
    });
}

#[test]
fn while_the_device_is_configured() {
    for (subcommand, parameters) in
        [(2, None), (3, Some(numbered([(1, int(8)), (2, Value::Array(vec![crate::wire::text(SITE)]))]))), (4, None)]
    {
        every_write_fails_in_turn(|prepared| {
            let token = prepared.world_token(ACFG)?;
            prepared.world.config(Some(&token), subcommand, parameters.clone())
        });
    }
}

impl Prepared {
    /// A token under a failpoint: asking for it writes too.
    fn world_token(&mut self, permissions: i64) -> Result<Token, Status> {
        let site = Some(SITE).filter(|_| permissions & 3 != 0);
        self.world.token(Protocol::Two, PIN, permissions, site)
    }
}

#[test]
fn while_the_pin_is_set() {
    for kind in [Kind::Lost, Kind::Unheard] {
        let mut world = World::new();
        world.failpoint.arm(0, kind);
        assert_eq!(world.set_pin(Protocol::Two, PIN), Err(Status::Other));
        world.cycle_power();
        let is_set = world.option("clientPin") == Some(true);
        assert_eq!(is_set, kind == Kind::Unheard);
        assert_eq!(world.legacy_token(Protocol::Two, PIN).is_ok(), is_set);
    }
}

#[test]
fn while_the_pin_is_changed_one_of_the_two_is_right() {
    // The try is counted, given back, and the new PIN written.
    for write in 0..3 {
        for kind in [Kind::Lost, Kind::Unheard] {
            let mut world = World::with_pin();
            world.failpoint.arm(write, kind);
            assert_eq!(world.change_pin(Protocol::Two, PIN, "654321"), Err(Status::Other));
            assert!(matches!(world.fault, Some(Fault::State(_))));
            world.cycle_power();
            let changed = write == 2 && kind == Kind::Unheard;
            let right = if changed { "654321" } else { PIN };
            assert!(world.legacy_token(Protocol::Two, right).is_ok(), "write {write}, {kind:?}");
        }
    }
}

#[test]
fn a_pin_is_not_looked_at_before_its_try_is_counted() {
    let mut world = World::with_pin();
    world.failpoint.arm(0, Kind::Lost);
    assert_eq!(world.legacy_token(Protocol::Two, "wrong").map(drop), Err(Status::Other));
    assert_eq!(world.pin_retries(), 8);
    world.failpoint.arm(0, Kind::Lost);
    assert_eq!(world.legacy_token(Protocol::Two, PIN).map(drop), Err(Status::Other), "nor a right one");

    world.failpoint.arm(0, Kind::Unheard);
    assert_eq!(world.legacy_token(Protocol::Two, PIN).map(drop), Err(Status::Other));
    world.cycle_power();
    assert_eq!(world.pin_retries(), 7, "a try that was counted stays counted");
}

#[test]
fn a_verification_is_not_made_before_its_try_is_counted() {
    let mut world = World::with_built_in();
    world.failpoint.arm(0, Kind::Lost);
    assert_eq!(world.token_by_built_in(Protocol::Two, ACFG, None).map(drop), Err(Status::Other));
    assert!(world.owner().asked.is_empty());
}

#[test]
fn reading_goes_on_while_writing_fails() {
    let mut prepared = Prepared::new();
    let token = prepared.token(crate::world::GA);
    prepared.world.failpoint.arm(0, Kind::Lost);
    assert!(prepared.world.sign_in(&SignIn::new().by(&token)).is_ok());
    assert!(prepared.world.failpoint.is_armed());
    assert!(prepared.world.fault.is_none());
    assert!(member(&prepared.world.info(), 1).is_some());
}
