//! `authenticatorMakeCredential`, `authenticatorSelection`.

use coset::cbor::Value;
use roamkey_authenticator::ctap::{Purpose, Status, Touch};

use crate::{
    platform::{Protocol, random},
    wire::{as_bytes, bytes, int, member, text, word, worded},
    world::{Creation, MC, PIN, SITE, SignIn, UP, UV, World, flags, made_id},
};

#[test]
fn a_credential_comes_with_a_statement_of_its_own_key() {
    let mut world = World::new();
    let made = world.create(&Creation::new("alice")).unwrap();
    assert_eq!(member(&made, 1), Some(&text("packed")));
    let statement = member(&made, 3).unwrap();
    assert_eq!(word(statement, "alg"), Some(&int(-7)));
    assert_eq!(word(statement, "x5c"), None);
    assert_eq!(flags(&made) & (UP | UV), UP);
    assert_eq!(world.owner().asked, [(Purpose::Create, Some("Alice".to_owned()))]);
}

#[test]
fn a_platform_that_prefers_no_statement_gets_none() {
    let mut world = World::new();
    let mut creation = Creation::new("alice");
    creation.more.push((11, Value::Array(vec![text("none"), text("packed")])));
    assert_eq!(member(&world.create(&creation).unwrap(), 1), Some(&text("none")));
    creation.more = vec![(11, Value::Array(vec![text("tpm"), text("packed"), text("none")]))];
    assert_eq!(member(&world.create(&creation).unwrap(), 1), Some(&text("packed")));
}

#[test]
fn the_first_algorithm_that_is_ours_is_taken() {
    let mut world = World::new();
    for (offered, taken) in [(vec![-999, -8, -7], -8), (vec![-7, -8], -7), (vec![-9], -9)] {
        let creation = Creation { algorithms: offered, ..Creation::new("alice") };
        let made = world.create(&creation).unwrap();
        assert_eq!(word(member(&made, 3).unwrap(), "alg"), Some(&int(taken)));
    }
    let unknown = Creation { algorithms: vec![-999], ..Creation::new("alice") };
    assert_eq!(world.create(&unknown), Err(Status::UnsupportedAlgorithm));
}

#[test]
fn nothing_is_made_without_a_touch() {
    let mut world = World::new();
    for (touch, status) in [
        (Touch::Declined, Status::OperationDenied),
        (Touch::TimedOut, Status::UserActionTimeout),
        (Touch::Cancelled, Status::KeepaliveCancel),
    ] {
        world.owner().touches.push_back(touch);
        assert_eq!(world.create(&Creation::passkey("alice")), Err(status));
        assert_eq!(world.sign_in(&SignIn::new()), Err(Status::NoCredentials));
    }
}

#[test]
fn an_excluded_credential_is_told_whatever_the_person_answers() {
    let mut world = World::new();
    let id = made_id(&world.create(&Creation::new("alice")).unwrap());
    let again = Creation { exclude: vec![random::<16>().to_vec(), id], ..Creation::new("bob") };
    for touch in [Touch::Given, Touch::Declined, Touch::TimedOut] {
        world.owner().touches.push_back(touch);
        let asked = world.owner().asked.len();
        assert_eq!(world.create(&again), Err(Status::CredentialExcluded));
        assert_eq!(world.owner().asked.len(), asked + 1, "the person is asked first");
    }
    world.owner().touches.push_back(Touch::Cancelled);
    assert_eq!(world.create(&again), Err(Status::KeepaliveCancel));
    assert!(world.create(&again.clone().at("example.org")).is_ok(), "another site's credential excludes nothing");
}

#[test]
fn a_credential_that_hides_from_the_unverified_is_not_excluded_before_them() {
    let mut world = World::with_pin();
    let token = world.token(Protocol::Two, PIN, MC, Some(SITE)).unwrap();
    let hidden = Creation::new("alice").extension("credProtect", int(3)).by(&token);
    let id = made_id(&world.create(&hidden).unwrap());
    let again = Creation { exclude: vec![id], ..Creation::new("bob") };
    assert!(world.create(&again).is_ok());
    let token = world.token(Protocol::Two, PIN, MC, Some(SITE)).unwrap();
    assert_eq!(world.create(&again.by(&token)), Err(Status::CredentialExcluded));
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let mut world = World::new();
    assert_eq!(world.create(&Creation::new("alice").option("up", false)), Err(Status::InvalidOption));
    assert_eq!(world.create(&Creation::new("alice").option("uv", true)), Err(Status::InvalidOption));
    assert!(world.create(&Creation::new("alice").option("up", true).option("uv", false)).is_ok());
    assert!(world.create(&Creation::new("alice").option("unheard-of", true)).is_ok());
}

#[test]
fn what_is_missing_or_of_the_wrong_kind_is_named_so() {
    let mut world = World::new();
    let whole = Creation::new("alice").encode();
    for key in 1..=4 {
        let entries = whole.as_map().unwrap().iter().filter(|(other, _)| *other != int(key)).cloned().collect();
        assert_eq!(world.send(1, &Value::Map(entries)), Err(Status::MissingParameter), "without {key}");
    }
    for key in 1..=7 {
        let mut creation = Creation::new("alice").option("rk", false).extension("x", int(0));
        creation.exclude.push(vec![1]);
        let whole = creation.encode();
        let entries =
            whole.as_map().unwrap().iter().map(|(other, value)| {
                (other.clone(), if *other == int(key) { Value::Bool(true) } else { value.clone() })
            });
        let entries = entries.collect();
        assert_eq!(world.send(1, &Value::Map(entries)), Err(Status::CborUnexpectedType), "{key} is a bool");
    }
}

#[test]
fn entities_are_held_to_their_kinds() {
    let mut world = World::new();
    let with = |key: i64, value: Value| {
        let entries = Creation::new("alice").encode().as_map().unwrap().clone().into_iter();
        Value::Map(
            entries.map(|(other, old)| (other.clone(), if other == int(key) { value.clone() } else { old })).collect(),
        )
    };
    let key = |alg: Value, kind: Value| Value::Array(vec![worded([("alg", alg), ("type", kind)])]);
    for (request, status) in [
        (with(1, bytes([7; 31])), Status::InvalidLength),
        (with(2, worded([("name", text("Example"))])), Status::MissingParameter),
        (with(2, worded([("id", int(1))])), Status::CborUnexpectedType),
        (with(2, worded([("id", text(SITE)), ("icon", int(1))])), Status::CborUnexpectedType),
        (with(2, worded([("id", text(""))])), Status::InvalidParameter),
        (with(3, worded([("name", text("Alice"))])), Status::MissingParameter),
        (with(3, worded([("id", text("alice"))])), Status::CborUnexpectedType),
        (with(3, worded([("id", bytes("alice")), ("name", int(1))])), Status::CborUnexpectedType),
        (with(3, worded([("id", bytes([1; 65]))])), Status::InvalidLength),
        (with(4, Value::Array(vec![])), Status::UnsupportedAlgorithm),
        (with(4, Value::Array(vec![int(1)])), Status::CborUnexpectedType),
        (with(4, Value::Array(vec![worded([("alg", int(-7))])])), Status::InvalidCbor),
        (with(4, Value::Array(vec![worded([("type", text("public-key"))])])), Status::UnsupportedAlgorithm),
        (with(4, key(text("ES256"), text("public-key"))), Status::CborUnexpectedType),
        (with(4, key(int(-7), int(1))), Status::CborUnexpectedType),
        (with(4, key(int(-7), text("private-key"))), Status::UnsupportedAlgorithm),
    ] {
        assert_eq!(world.send(1, &request), Err(status), "{request:?}");
    }
}

#[test]
fn names_are_optional_and_cut_where_characters_end() {
    let mut world = World::with_built_in();
    let nameless = Creation { name: None, ..Creation::passkey("alice").option("uv", true) };
    world.create(&nameless).unwrap();
    let long: &'static str = "ü".repeat(300).leak();
    let long = Creation { name: Some(long), ..Creation::passkey("bob").option("uv", true) };
    world.create(&long).unwrap();
    let first = world.sign_in(&SignIn::new().option("uv", true)).unwrap();
    let second = world.send(8, &Value::Null).unwrap();
    let names: Vec<_> = [&first, &second].map(|answer| word(member(answer, 4).unwrap(), "name").cloned()).into();
    assert!(names.contains(&None));
    assert!(names.contains(&Some(text(&"ü".repeat(128)))));
}

#[test]
fn a_full_store_says_so() {
    let mut world = World::new();
    let users: Vec<String> = (0..20).map(|number| format!("user {number}")).collect();
    users.iter().for_each(|user| drop(world.create(&Creation::passkey(user)).unwrap()));
    assert_eq!(world.create(&Creation::passkey("one more")), Err(Status::KeyStoreFull));
    assert!(world.create(&Creation::passkey("user 3")).is_ok(), "in the place of the old one");
}

#[test]
fn an_empty_proof_asks_for_a_touch_and_tells_whether_there_is_a_pin() {
    let mut world = World::new();
    let probe = Creation { proof: Some((1, Vec::new())), ..Creation::new("alice") };
    assert_eq!(world.create(&probe), Err(Status::PinNotSet));
    world.set_pin(Protocol::One, PIN).unwrap();
    assert_eq!(world.create(&probe), Err(Status::PinInvalid));
    assert_eq!(world.sign_in(&SignIn { proof: Some((1, Vec::new())), ..SignIn::new() }), Err(Status::PinInvalid));
    world.owner().touches.push_back(Touch::Declined);
    assert_eq!(world.create(&probe), Err(Status::OperationDenied));
    assert_eq!(world.owner().asked.len(), 4);
}

#[test]
fn a_device_is_selected_by_touch() {
    let mut world = World::new();
    assert_eq!(world.send(0x0b, &Value::Null), Ok(Value::Null));
    for (touch, status) in [
        (Touch::Declined, Status::OperationDenied),
        (Touch::TimedOut, Status::UserActionTimeout),
        (Touch::Cancelled, Status::KeepaliveCancel),
    ] {
        world.owner().touches.push_back(touch);
        assert_eq!(world.send(0x0b, &Value::Null), Err(status));
    }
}

#[test]
fn each_credential_has_an_id_and_a_key_of_its_own() {
    let mut world = World::new();
    let (one, two) = (world.create(&Creation::new("alice")).unwrap(), world.create(&Creation::new("alice")).unwrap());
    assert_ne!(made_id(&one), made_id(&two));
    assert_ne!(as_bytes(member(&one, 2))[71..], as_bytes(member(&two, 2))[71..]);
}
