//! `authenticatorCredentialManagement`.

use std::time::Duration;

use coset::cbor::Value;
use roamkey_authenticator::ctap::Status;
use sha2::{Digest as _, Sha256};

use crate::{
    platform::{Protocol, Token, random},
    wire::{as_bytes, as_int, bytes, int, member, numbered, text, word, worded},
    world::{CM, Creation, MC, PIN, SITE, SignIn, World, descriptor, made_id},
};

/// The parameters that name a credential.
pub(crate) fn named(id: &[u8]) -> Value {
    numbered([(2, descriptor(id))])
}

fn of(site: &str) -> Value {
    numbered([(1, bytes(Sha256::digest(site)))])
}

/// Two sites with passkeys, one of them with two, and one with a credential that must be named.
fn three_sites() -> (World, Vec<Vec<u8>>) {
    let mut world = World::with_pin();
    let creations = [
        Creation::passkey("alice"),
        Creation::passkey("bob").extension("credProtect", int(2)).extension("largeBlobKey", Value::Bool(true)),
        Creation::passkey("carol").at("example.org").extension("thirdPartyPayment", Value::Bool(true)),
        Creation::new("dave").at("example.net"),
    ];
    let ids = creations.map(|creation| {
        let token = world.token(Protocol::Two, PIN, MC, Some(creation.site)).unwrap();
        made_id(&world.create(&creation.by(&token)).unwrap())
    });
    (world, ids.to_vec())
}

fn cm(world: &mut World) -> Token {
    world.token(Protocol::Two, PIN, CM, None).unwrap()
}

#[test]
fn it_takes_a_token() {
    let (mut world, ids) = three_sites();
    for (subcommand, parameters) in
        [(1, None), (2, None), (4, Some(of(SITE))), (6, Some(named(&ids[0]))), (7, Some(named(&ids[0])))]
    {
        assert_eq!(world.manage(None, subcommand, parameters.clone()), Err(Status::PuatRequired), "{subcommand}");
        let wrong = Token { protocol: Protocol::Two, secret: random::<32>().to_vec() };
        if subcommand != 7 {
            assert_eq!(world.manage(Some(&wrong), subcommand, parameters), Err(Status::PinAuthInvalid));
        }
    }
    let bound = world.token(Protocol::Two, PIN, CM, Some(SITE)).unwrap();
    assert_eq!(world.manage(Some(&bound), 1, None), Err(Status::PinAuthInvalid), "one site's shows not all");
    assert_eq!(world.manage(Some(&bound), 2, None), Err(Status::PinAuthInvalid));
    assert_eq!(world.manage(Some(&bound), 4, Some(of("example.org"))), Err(Status::PinAuthInvalid));
    assert_eq!(world.manage(Some(&bound), 4, Some(of("example.com.example"))), Err(Status::PinAuthInvalid));
    assert!(world.manage(Some(&bound), 4, Some(of(SITE))).is_ok());
    assert_eq!(world.manage(Some(&bound), 6, Some(named(&ids[2]))), Err(Status::PinAuthInvalid));
    assert!(world.manage(Some(&bound), 6, Some(named(&ids[0]))).is_ok());
}

#[test]
fn passkeys_are_counted() {
    let (mut world, _) = three_sites();
    let token = cm(&mut world);
    let metadata = world.manage(Some(&token), 1, None).unwrap();
    assert_eq!((as_int(member(&metadata, 1)), as_int(member(&metadata, 2))), (3, 16));
}

#[test]
fn sites_come_one_after_the_other() {
    for command in [0x0a, 0x41] {
        let (mut world, _) = three_sites();
        let token = cm(&mut world);
        let message = [(1, int(2)), (3, int(2)), (4, bytes(token.authenticate(&[2])))];
        let first = world.send(command, &numbered(message)).unwrap();
        assert_eq!(as_int(member(&first, 5)), 2, "one has nothing to list");
        let second = world.send(command, &numbered([(1, int(3))])).unwrap();
        for (answer, site) in [(&first, SITE), (&second, "example.org")] {
            assert_eq!(member(answer, 3), Some(&worded([("id", text(site))])));
            assert_eq!(as_bytes(member(answer, 4)), Sha256::digest(site).as_slice());
        }
        assert_eq!(world.send(command, &numbered([(1, int(3))])), Err(Status::NotAllowed));
    }
}

#[test]
fn a_platform_may_look_into_a_site_before_it_asks_for_the_next() {
    let (mut world, _) = three_sites();
    let token = cm(&mut world);
    world.manage(Some(&token), 2, None).unwrap();
    world.manage(Some(&token), 4, Some(of(SITE))).unwrap();
    world.manage(None, 5, None).unwrap();
    let second = world.manage(None, 3, None).unwrap();
    assert_eq!(member(&second, 3), Some(&worded([("id", text("example.org"))])));

    for other in [1, 6] {
        world.manage(Some(&token), 2, None).unwrap();
        let _ = world.manage(Some(&token), other, None);
        assert_eq!(world.manage(None, 3, None), Err(Status::NotAllowed), "after {other}");
    }
}

#[test]
fn a_sites_passkeys_come_with_all_that_is_known_of_them() {
    let (mut world, ids) = three_sites();
    let token = cm(&mut world);
    let first = world.manage(Some(&token), 4, Some(of(SITE))).unwrap();
    assert_eq!(as_int(member(&first, 9)), 2);
    let second = world.manage(None, 5, None).unwrap();
    assert_eq!(world.manage(None, 5, None), Err(Status::NotAllowed));
    let (alice, bob) = if member(&first, 7) == Some(&descriptor(&ids[0])) { (first, second) } else { (second, first) };
    assert_eq!(member(&alice, 6), Some(&worded([("id", bytes("alice")), ("name", text("Alice"))])));
    assert_eq!(member(&alice, 7), Some(&descriptor(&ids[0])));
    assert_eq!(word_int(&alice, 3), -7);
    assert_eq!((as_int(member(&alice, 10)), member(&alice, 11)), (1, None));
    assert_eq!(member(&alice, 12), Some(&Value::Bool(false)));
    assert_eq!(as_int(member(&bob, 10)), 2);
    assert_eq!(as_bytes(member(&bob, 11)).len(), 32);
    let carol = world.manage(Some(&token), 4, Some(of("example.org"))).unwrap();
    assert_eq!(member(&carol, 12), Some(&Value::Bool(true)));
}

/// A member of the public key.
fn word_int(answer: &Value, label: i64) -> i64 {
    as_int(member(member(answer, 8).unwrap(), label))
}

#[test]
fn what_is_not_there_cannot_be_listed() {
    let mut world = World::with_pin();
    let token = cm(&mut world);
    assert_eq!(world.manage(Some(&token), 2, None), Err(Status::NoCredentials));
    assert_eq!(world.manage(Some(&token), 4, Some(of(SITE))), Err(Status::NoCredentials));
    assert_eq!(world.manage(Some(&token), 4, None), Err(Status::MissingParameter));
    assert_eq!(world.manage(Some(&token), 6, None), Err(Status::MissingParameter));
    assert_eq!(world.manage(Some(&token), 7, None), Err(Status::MissingParameter));
    assert_eq!(world.manage(Some(&token), 8, None), Err(Status::InvalidSubcommand));
    assert_eq!(world.send(0x0a, &numbered([])), Err(Status::MissingParameter));
    assert_eq!(world.manage(Some(&token), 6, Some(named(&[1]))), Err(Status::NoCredentials));
    let proof = [(1, int(1)), (4, bytes([0; 32]))];
    assert_eq!(world.send(0x0a, &numbered(proof.clone())), Err(Status::MissingParameter));
    assert_eq!(world.send(0x0a, &numbered(proof.into_iter().chain([(3, int(9))]))), Err(Status::InvalidParameter));
}

#[test]
fn a_sequence_ends_with_another_command_or_after_half_a_minute() {
    let (mut world, _) = three_sites();
    let token = cm(&mut world);
    world.manage(Some(&token), 2, None).unwrap();
    assert_eq!(world.manage(None, 5, None), Err(Status::NotAllowed), "of another sequence");
    world.manage(Some(&token), 2, None).unwrap();
    world.info();
    assert_eq!(world.manage(None, 3, None), Err(Status::NotAllowed));
    world.manage(Some(&token), 4, Some(of(SITE))).unwrap();
    world.wait(Duration::from_secs(30));
    assert_eq!(world.manage(None, 5, None), Err(Status::NotAllowed));
}

#[test]
fn what_is_deleted_is_gone() {
    let (mut world, ids) = three_sites();
    let token = cm(&mut world);
    assert_eq!(world.manage(Some(&token), 6, Some(named(&ids[0]))), Ok(Value::Null));
    assert_eq!(world.manage(Some(&token), 6, Some(named(&ids[0]))), Err(Status::NoCredentials));
    assert_eq!(world.sign_in(&SignIn::with(&ids[0])), Err(Status::NoCredentials));
    assert!(world.sign_in(&SignIn::with(&ids[1])).is_ok());
    let metadata = world.manage(Some(&token), 1, None).unwrap();
    assert_eq!(as_int(member(&metadata, 1)), 2);
}

#[test]
fn a_user_gets_other_names_and_no_other_handle() {
    let (mut world, ids) = three_sites();
    let token = cm(&mut world);
    let user = |id: &str, names: Vec<(&'static str, Value)>| {
        let user = worded([("id", bytes(id))].into_iter().chain(names));
        Some(numbered([(2, descriptor(&ids[2])), (3, user)]))
    };
    let told = |world: &mut World| {
        let answer = world.manage(Some(&token), 4, Some(of("example.org"))).unwrap();
        member(&answer, 6).unwrap().clone()
    };
    let names = vec![("name", text("Carol")), ("displayName", text("Carol C."))];
    world.manage(Some(&token), 7, user("carol", names)).unwrap();
    assert_eq!(word(&told(&mut world), "name"), Some(&text("Carol")));
    assert_eq!(word(&told(&mut world), "displayName"), Some(&text("Carol C.")));
    world.manage(Some(&token), 7, user("carol", vec![("name", text(""))])).unwrap();
    assert_eq!(told(&mut world), worded([("id", bytes("carol"))]));
    assert_eq!(world.manage(Some(&token), 7, user("mallory", vec![])), Err(Status::InvalidParameter));
    let unnamed = numbered([(2, descriptor(&ids[2]))]);
    assert_eq!(world.manage(Some(&token), 7, Some(unnamed)), Err(Status::MissingParameter));
}

#[test]
fn a_proof_is_for_its_own_credential() {
    let (mut world, ids) = three_sites();
    let token = cm(&mut world);
    let message = [&[6][..], &crate::wire::encode(&named(&ids[0]))].concat();
    let forged = [(1, int(6)), (2, named(&ids[1])), (3, int(2)), (4, bytes(token.authenticate(&message)))];
    assert_eq!(world.send(0x0a, &numbered(forged)), Err(Status::PinAuthInvalid));
    assert!(world.sign_in(&SignIn::with(&ids[1])).is_ok());
}
