//! Extensions (CTAP 2.3 section 12).

use coset::cbor::Value;
use roamkey_authenticator::ctap::Status;

use crate::{
    platform::{Protocol, Session},
    wire::{as_bytes, bytes, int, member, numbered, text, word},
    world::{Creation, GA, MC, PIN, SITE, SignIn, World, made_id, outputs},
};

const YES: Value = Value::Bool(true);

/// The salts as a platform sends them.
fn salts(session: &Session, salts: &[u8]) -> Value {
    let encrypted = session.encrypt(salts);
    let auth = session.authenticate(&encrypted);
    let protocol = Some((4, int(2))).filter(|_| session.protocol == Protocol::Two);
    let entries = [(1, session.key.clone()), (2, bytes(encrypted)), (3, bytes(auth))];
    numbered(entries.into_iter().chain(protocol))
}

fn with_credential() -> (World, Vec<u8>) {
    let mut world = World::with_pin();
    let made = world.create(&Creation::new("alice").extension("hmac-secret", YES)).unwrap();
    assert_eq!(word(&outputs(&made), "hmac-secret"), Some(&YES));
    (world, made_id(&made))
}

#[test]
fn hmac_secret_is_a_function_of_credential_salt_and_verification() {
    for protocol in Protocol::BOTH {
        let (mut world, id) = with_credential();
        let evaluate = |world: &mut World, input: &[u8], verified: bool| {
            let token = world.token(Protocol::Two, PIN, GA, Some(SITE)).unwrap();
            let session = world.agree(protocol);
            let request = SignIn::with(&id).extension("hmac-secret", salts(&session, input));
            let request = if verified { request.by(&token) } else { request };
            let answer = world.sign_in(&request).unwrap();
            session.decrypt(as_bytes(word(&outputs(&answer), "hmac-secret")))
        };
        let one = evaluate(&mut world, &[1; 32], false);
        assert_eq!(one.len(), 32);
        assert_eq!(evaluate(&mut world, &[1; 32], false), one);
        world.cycle_power();
        let both = evaluate(&mut world, &[[1; 32], [2; 32]].concat(), false);
        assert_eq!(both[..32], one);
        assert_ne!(both[32..], one);
        assert_ne!(evaluate(&mut world, &[1; 32], true), one, "another one for a person who was verified");
    }
}

#[test]
fn hmac_secret_mc_gives_at_creation_what_later_sign_ins_give() {
    for protocol in Protocol::BOTH {
        let mut world = World::with_pin();
        let token = world.token(Protocol::Two, PIN, MC, Some(SITE)).unwrap();
        let session = world.agree(protocol);
        let creation = Creation::new("alice")
            .extension("hmac-secret", YES)
            .extension("hmac-secret-mc", salts(&session, &[1; 64]))
            .by(&token);
        let made = world.create(&creation).unwrap();
        let at_creation = session.decrypt(as_bytes(word(&outputs(&made), "hmac-secret-mc")));
        let token = world.token(Protocol::Two, PIN, GA, Some(SITE)).unwrap();
        let session = world.agree(protocol);
        let sign_in = SignIn::with(&made_id(&made)).extension("hmac-secret", salts(&session, &[1; 64])).by(&token);
        let answer = world.sign_in(&sign_in).unwrap();
        assert_eq!(session.decrypt(as_bytes(word(&outputs(&answer), "hmac-secret"))), at_creation);
    }
}

#[test]
fn salts_that_are_none_are_refused() {
    let (mut world, id) = with_credential();
    for protocol in Protocol::BOTH {
        for len in [0, 16, 48, 80, 96] {
            let session = world.agree(protocol);
            let request = SignIn::with(&id).extension("hmac-secret", salts(&session, &vec![1; len]));
            assert_eq!(world.sign_in(&request), Err(Status::InvalidLength), "{len}");
        }
        let session = world.agree(protocol);
        let entries = salts(&session, &[1; 32]).as_map().unwrap().clone();
        let entries: Vec<_> =
            entries.into_iter().map(|(key, value)| (crate::wire::as_int(Some(&key)), value)).collect();
        for missing in 1..=3 {
            let rest = numbered(entries.iter().filter(|(key, _)| *key != missing).cloned());
            let request = SignIn::with(&id).extension("hmac-secret", rest);
            assert_eq!(world.sign_in(&request), Err(Status::MissingParameter));
        }
        let right = if protocol == Protocol::One { 16 } else { 32 };
        for len in [0, 15, 16, 32, 33] {
            let status = if len == right { Status::PinAuthInvalid } else { Status::InvalidLength };
            let auth = bytes(vec![0; len]);
            let forged = entries.iter().cloned();
            let forged = forged.map(|(key, value)| (key, if key == 3 { auth.clone() } else { value }));
            let request = SignIn::with(&id).extension("hmac-secret", numbered(forged));
            assert_eq!(world.sign_in(&request), Err(status), "{len}");
        }
        let silent = SignIn::with(&id).extension("hmac-secret", salts(&session, &[1; 32])).option("up", false);
        assert_eq!(world.sign_in(&silent), Err(Status::UnsupportedOption));
    }
    let session = world.agree(Protocol::Two);
    let alone = Creation::new("alice").extension("hmac-secret-mc", salts(&session, &[1; 32]));
    assert_eq!(world.create(&alone), Err(Status::MissingParameter));
}

#[test]
fn cred_protect_hides_a_credential_from_the_unverified() {
    // The level, whether one finds it unnamed, and named.
    for (level, unnamed, named) in [(1, true, true), (2, false, true), (3, false, false)] {
        let mut world = World::with_pin();
        let token = world.token(Protocol::Two, PIN, MC, Some(SITE)).unwrap();
        let creation = Creation::passkey("alice").extension("credProtect", int(level)).by(&token);
        let made = world.create(&creation).unwrap();
        assert_eq!(word(&outputs(&made), "credProtect"), Some(&int(level)));
        let id = made_id(&made);
        let found = |outcome: Result<Value, Status>| match outcome {
            Ok(_) => true,
            Err(Status::NoCredentials) => false,
            other => panic!("{other:?}"),
        };
        assert_eq!(found(world.sign_in(&SignIn::new())), unnamed, "{level}");
        assert_eq!(found(world.sign_in(&SignIn::with(&id))), named, "{level}");
        assert_eq!(found(world.sign_in(&SignIn::with(&id).option("up", false))), named, "{level}");
        let token = world.token(Protocol::Two, PIN, GA, Some(SITE)).unwrap();
        assert!(found(world.sign_in(&SignIn::new().by(&token))));
    }
    let mut world = World::new();
    for level in [0, 4] {
        let creation = Creation::new("alice").extension("credProtect", int(level));
        assert_eq!(world.create(&creation), Err(Status::InvalidOption));
    }
}

#[test]
fn cred_blob_keeps_32_bytes() {
    let mut world = World::new();
    for (blob, stored) in [(vec![1; 32], true), (vec![1; 33], false), (vec![], true)] {
        let made = world.create(&Creation::passkey("alice").extension("credBlob", bytes(&blob))).unwrap();
        assert_eq!(word(&outputs(&made), "credBlob"), Some(&Value::Bool(stored)));
        let answer = world.sign_in(&SignIn::new().extension("credBlob", YES)).unwrap();
        let kept = if stored { blob } else { Vec::new() };
        assert_eq!(word(&outputs(&answer), "credBlob"), Some(&bytes(kept)));
    }
}

#[test]
fn a_large_blob_key_is_made_once_for_a_passkey() {
    let mut world = World::new();
    let made = world.create(&Creation::passkey("alice").extension("largeBlobKey", YES)).unwrap();
    let key = as_bytes(member(&made, 5)).to_vec();
    assert_eq!(key.len(), 32);
    let answer = world.sign_in(&SignIn::new().extension("largeBlobKey", YES)).unwrap();
    assert_eq!(as_bytes(member(&answer, 7)), key);
    assert_eq!(member(&world.sign_in(&SignIn::new()).unwrap(), 7), None, "to those who ask");

    let without = world.create(&Creation::passkey("bob")).unwrap();
    assert_eq!(member(&without, 5), None);
    let named = Creation::new("carol").extension("largeBlobKey", YES);
    assert_eq!(world.create(&named), Err(Status::InvalidOption));
    let no = Value::Bool(false);
    assert_eq!(world.create(&Creation::passkey("c").extension("largeBlobKey", no.clone())), Err(Status::InvalidOption));
    assert_eq!(world.sign_in(&SignIn::new().extension("largeBlobKey", no)), Err(Status::InvalidOption));
}

#[test]
fn a_payment_credential_says_so() {
    let mut world = World::new();
    let made = world.create(&Creation::new("alice").extension("thirdPartyPayment", YES)).unwrap();
    let other = world.create(&Creation::new("bob")).unwrap();
    for (made, pays) in [(made, true), (other, false)] {
        let answer = world.sign_in(&SignIn::with(&made_id(&made)).extension("thirdPartyPayment", YES)).unwrap();
        assert_eq!(word(&outputs(&answer), "thirdPartyPayment"), Some(&Value::Bool(pays)));
    }
}

#[test]
fn every_answer_of_a_sequence_has_its_own_outputs() {
    let mut world = World::new();
    for (user, blob) in [("alice", 1), ("bob", 2)] {
        world.create(&Creation::passkey(user).extension("credBlob", bytes([blob; 4]))).unwrap();
        world.wait(std::time::Duration::from_secs(1));
    }
    let session = world.agree(Protocol::Two);
    let request = SignIn::new().extension("credBlob", YES).extension("hmac-secret", salts(&session, &[1; 32]));
    let answers = [world.sign_in(&request).unwrap(), world.send(8, &Value::Null).unwrap()];
    let blobs = answers.each_ref().map(|answer| as_bytes(word(&outputs(answer), "credBlob")).to_vec());
    assert_eq!(blobs, [vec![2; 4], vec![1; 4]]);
    let sealed = answers.each_ref().map(|answer| as_bytes(word(&outputs(answer), "hmac-secret")).to_vec());
    assert_ne!(sealed[0][..16], sealed[1][..16], "under an IV of its own");
    assert_ne!(session.decrypt(&sealed[0]), session.decrypt(&sealed[1]));
}

#[test]
fn extensions_nobody_knows_are_not_looked_at() {
    let mut world = World::new();
    let deep = Value::Array(vec![numbered([(1, text("x"))])]);
    let made = world.create(&Creation::new("alice").extension("unheardOf", deep.clone())).unwrap();
    assert_eq!(outputs(&made), Value::Map(Vec::new()));
    assert!(world.sign_in(&SignIn::with(&made_id(&made)).extension("unheardOf", Value::Null)).is_ok());
}

#[test]
fn inputs_of_the_wrong_kind_are_refused() {
    let mut world = World::new();
    for name in [
        "credProtect",
        "credBlob",
        "hmac-secret",
        "largeBlobKey",
        "minPinLength",
        "pinComplexityPolicy",
        "thirdPartyPayment",
    ] {
        let creation = Creation::passkey("alice").extension(name, text("yes"));
        assert_eq!(world.create(&creation), Err(Status::CborUnexpectedType), "{name}");
    }
    let id = made_id(&world.create(&Creation::new("alice")).unwrap());
    for name in ["credBlob", "hmac-secret", "largeBlobKey", "thirdPartyPayment"] {
        let request = SignIn::with(&id).extension(name, text("yes"));
        assert_eq!(world.sign_in(&request), Err(Status::CborUnexpectedType), "{name}");
    }
}
