//! Where the owner of a vault is asked although the standard would not ask.

use coset::cbor::Value;
use roamkey_authenticator::ctap::{Profile, Purpose, Status, Touch};

use crate::{
    management::named,
    platform::Protocol,
    wire::{as_int, bytes, member, numbered, text, word, worded},
    world::{CM, Creation, GA, MC, PIN, SITE, SignIn, UP, UV, World, descriptor, flags, made_id, outputs},
};

#[test]
fn no_program_changes_a_vault_by_a_token_alone() {
    let (mut world, id) = vault_with_a_passkey();
    let token = world.token(Protocol::Two, PIN, CM, None).unwrap();
    let user = worded([("id", bytes(b"alice")), ("name", text("Mallory"))]);
    let renamed = numbered([(2, descriptor(&id)), (3, user)]);
    for (subcommand, parameters, purpose) in [(6, named(&id), Purpose::Delete), (7, renamed, Purpose::Rename)] {
        world.owner().touches.push_back(Touch::Declined);
        let answer = world.manage(Some(&token), subcommand, Some(parameters.clone()));
        assert_eq!(answer, Err(Status::OperationDenied), "{subcommand}");
        assert_eq!(world.owner().asked.last(), Some(&(purpose, Some("Alice".to_owned()))));
        assert_eq!(as_int(member(&world.manage(Some(&token), 1, None).unwrap(), 1)), 1);
        assert!(world.sign_in(&SignIn::with(&id)).is_ok());
        assert_eq!(world.owner().asked.last().unwrap().1.as_deref(), Some("Alice"));
    }
    world.manage(Some(&token), 6, Some(named(&id))).unwrap();
    assert_eq!(world.sign_in(&SignIn::with(&id)), Err(Status::NoCredentials), "it goes where the owner agrees");
}

#[test]
fn the_owner_of_a_device_hears_what_a_new_passkey_replaces() {
    let mut world = World::new();
    let asked = |world: &mut World, creation: &Creation| {
        world.create(creation).unwrap();
        world.owner().asked.last().unwrap().0
    };
    assert_eq!(asked(&mut world, &Creation::passkey("alice")), Purpose::Create);
    assert_eq!(asked(&mut world, &Creation::passkey("alice")), Purpose::Replace);
    assert_eq!(asked(&mut world, &Creation::passkey("bob")), Purpose::Create, "another account");
    let other = Creation { algorithms: vec![-8], ..Creation::passkey("alice") };
    assert_eq!(asked(&mut world, &other), Purpose::Create, "another algorithm");
    assert_eq!(asked(&mut world, &Creation::new("alice")), Purpose::Create, "one that must be named replaces none");
}

#[test]
fn a_vault_tells_nothing_of_its_accounts_without_its_owner() {
    let (mut world, id) = vault_with_a_passkey();
    let silent = |sign_in: SignIn| {
        let sign_in = sign_in.option("up", false).extension("credBlob", Value::Bool(true));
        sign_in.extension("largeBlobKey", Value::Bool(true))
    };
    let asked = world.owner().asked.len();
    assert_eq!(world.sign_in(&silent(SignIn::new())), Err(Status::UpRequired));
    assert_eq!(world.sign_in(&silent(SignIn::new().at("example.org"))), Err(Status::UpRequired), "there as well");
    let answer = world.sign_in(&silent(SignIn::with(&id))).unwrap();
    assert_eq!((flags(&answer) & (UP | UV), outputs(&answer)), (0, Value::Map(Vec::new())));
    assert_eq!(
        (member(&answer, 4), member(&answer, 7)),
        (None, None),
        "neither whom it is for nor the key of its blob"
    );
    assert_eq!(world.owner().asked.len(), asked);

    let token = world.token(Protocol::Two, PIN, GA, Some(SITE)).unwrap();
    let verified = world.sign_in(&silent(SignIn::new()).by(&token)).unwrap();
    assert!(member(&verified, 4).is_some() && member(&verified, 7).is_some(), "whoever verified the owner is told");
    let touched = SignIn::with(&id).extension("credBlob", Value::Bool(true));
    let touched = world.sign_in(&touched).unwrap();
    assert_eq!(word(&outputs(&touched), "credBlob"), Some(&bytes(b"blob")), "and whomever the owner answers");
}

/// One with a PIN.
fn vault_with_a_passkey() -> (World, Vec<u8>) {
    let mut world = World::with_profile(Profile::synced());
    world.set_pin(Protocol::Two, PIN).unwrap();
    let token = world.token(Protocol::Two, PIN, MC, Some(SITE)).unwrap();
    let creation = Creation::passkey("alice").extension("credBlob", bytes(b"blob"));
    let creation = creation.extension("largeBlobKey", Value::Bool(true)).by(&token);
    let id = made_id(&world.create(&creation).unwrap());
    (world, id)
}

#[test]
fn no_program_sets_the_pin_of_a_vault_without_its_owner() {
    let mut world = World::with_profile(Profile::synced());
    world.owner().touches.push_back(Touch::Declined);
    assert_eq!(world.set_pin(Protocol::Two, PIN), Err(Status::OperationDenied));
    assert_eq!(world.owner().asked.last().unwrap().0, Purpose::SetPin);
    assert_eq!(world.option("clientPin"), Some(false));
    world.set_pin(Protocol::Two, PIN).unwrap();
    assert_eq!(world.option("clientPin"), Some(true));
}
