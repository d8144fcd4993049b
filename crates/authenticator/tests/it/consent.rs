use roamkey_authenticator::{Presence, RequestId, Verification};
use serde_json::json;

use crate::{
    relying_party::UV,
    world::{World, creation, descriptors, exception, page, sign_in, with},
};

fn creation_with_verification(wanted: &str) -> serde_json::Value {
    with(creation("alice"), json!({"authenticatorSelection": {"userVerification": wanted}}))
}

#[test]
fn a_person_who_declines_or_a_page_that_withdraws_ends_the_request() {
    for (presence, expected) in [(Presence::Refused, "NotAllowedError"), (Presence::Aborted, "AbortError")] {
        let mut world = World::new();
        world.create(&creation("alice")).unwrap();
        world.presence = presence;
        assert_eq!(exception(world.create(&creation("bob"))), expected);
        assert_eq!(exception(world.get(&sign_in())), expected);
        assert_eq!(world.prompt_get(&sign_in()).unwrap().credentials.len(), 1);
    }
}

#[test]
fn who_declines_tells_the_page_nothing_about_excluded_accounts() {
    let mut world = World::new();
    let made = world.create(&creation("alice")).unwrap();
    world.presence = Presence::Refused;
    let options = with(creation("alice"), json!({"excludeCredentials": descriptors(&[&made.id])}));
    assert_eq!(exception(world.create(&options)), "NotAllowedError");
}

#[test]
fn a_consent_is_good_for_its_own_request_only() {
    let mut world = World::new();
    world.create(&creation("alice")).unwrap();
    let other_challenge = with(sign_in(), json!({"challenge": "AAAA"}));
    let consented = world.prompt_get(&other_challenge).unwrap().request;
    assert_eq!(exception(world.get_for(consented, &sign_in(), None)), "NotAllowedError");

    let consented = world.prompt_create(&creation("bob")).unwrap().request;
    let other_challenge = with(creation("bob"), json!({"challenge": "AAAA"}));
    assert_eq!(exception(world.create_for(consented, &other_challenge)), "NotAllowedError");
}

#[test]
fn a_consent_for_one_page_is_none_for_another() {
    let mut world = World::new();
    world.create(&creation("alice")).unwrap();
    world.caller = page("https://login.example.com");
    let consented = world.prompt_get(&sign_in()).unwrap().request;
    world.caller = page("https://example.com");
    assert_eq!(exception(world.get_for(consented, &sign_in(), None)), "NotAllowedError");
}

#[test]
fn a_consent_to_create_is_none_to_sign() {
    let mut world = World::new();
    world.create(&creation("alice")).unwrap();
    let same_challenge = with(sign_in(), json!({"challenge": "AAECAwQFBgcICQoLDA0ODw"}));
    let consented = world.prompt_create(&creation("alice")).unwrap().request;
    assert_eq!(exception(world.get_for(consented, &same_challenge, None)), "NotAllowedError");
}

#[test]
fn a_consent_survives_being_written_down() {
    let mut world = World::new();
    let made = world.create(&creation("alice")).unwrap();
    let kept = *world.prompt_get(&sign_in()).unwrap().request.as_bytes();
    let signed = world.get_for(RequestId::from_bytes(kept), &sign_in(), None).unwrap();
    assert!(made.verifies(&signed));
}

#[test]
fn required_verification_is_required() {
    let mut world = World::new();
    world.create(&creation_with_verification("required")).unwrap();
    world.verification = Verification::NotPerformed;
    assert_eq!(exception(world.create(&creation_with_verification("required"))), "NotAllowedError");
    let options = with(sign_in(), json!({"userVerification": "required"}));
    assert_eq!(exception(world.get(&options)), "NotAllowedError");
}

#[test]
fn uv_says_whether_the_person_was_verified_whatever_the_site_wanted() {
    for wanted in ["preferred", "discouraged", "something new"] {
        for (verification, expected) in [(Verification::Performed, UV), (Verification::NotPerformed, 0)] {
            let mut world = World::new();
            world.verification = verification;
            let made = world.create(&creation_with_verification(wanted)).unwrap();
            let signed = world.get(&with(sign_in(), json!({"userVerification": wanted}))).unwrap();
            assert_eq!(made.data.flags & UV, expected);
            assert_eq!(signed.data.flags & UV, expected);
        }
    }
}
