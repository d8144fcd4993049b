use roamkey_authenticator::webauthn::{Caller, Origin};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::world::{World, creation, descriptors, exception, page, sign_in, with};

#[test]
fn the_registered_key_verifies_every_algorithms_signature() {
    for alg in [-7, -8] {
        let mut world = World::new();
        let options = with(creation("alice"), json!({"pubKeyCredParams": [{"type": "public-key", "alg": alg}]}));
        let made = world.create(&options).unwrap();
        let signed = world.get(&sign_in()).unwrap();
        assert!(made.verifies(&signed), "algorithm {alg}");
        assert_eq!(signed.id, made.id);
        assert_eq!(signed.user_handle, b"alice");
        assert_eq!(signed.data.counter, 0);
        assert_eq!(signed.data.rp_id_hash, Sha256::digest("example.com").to_vec());
        assert_eq!(signed.json["id"], signed.json["rawId"]);
        assert_eq!(signed.json["type"], "public-key");
        assert_eq!(signed.json["authenticatorAttachment"], "platform");
        assert_eq!(signed.json["clientExtensionResults"], json!({}));
    }
}

#[test]
fn the_client_data_names_the_frame_and_the_page_around_it() {
    let mut world = World::new();
    world.create(&creation("alice")).unwrap();
    let top = Origin::parse("https://shop.test").unwrap();
    world.caller = Caller::cross_origin(Origin::parse("https://example.com").unwrap(), Some(top));
    assert_eq!(
        world.get(&sign_in()).unwrap().client_data(),
        json!({
            "type": "webauthn.get", "challenge": "EBESExQVFhcYGRobHB0eHw",
            "origin": "https://example.com", "crossOrigin": true, "topOrigin": "https://shop.test"
        })
    );
}

#[test]
fn nothing_here_is_not_allowed() {
    assert_eq!(exception(World::new().get(&sign_in())), "NotAllowedError");
}

#[test]
fn a_credential_of_another_site_does_not_answer() {
    let mut world = World::new();
    let made = world.create(&creation("alice")).unwrap();
    world.caller = page("https://evil-example.com");
    assert!(world.prompt_get(&sign_in()).unwrap().credentials.is_empty());
    assert_eq!(exception(world.get(&sign_in())), "NotAllowedError");
    assert_eq!(exception(world.get_with(&sign_in(), Some(&made.id))), "NotAllowedError");
    let allowing = with(sign_in(), json!({"allowCredentials": descriptors(&[&made.id])}));
    assert_eq!(exception(world.get(&allowing)), "NotAllowedError");
}

#[test]
fn a_subdomain_signs_in_for_the_registrable_domain() {
    let mut world = World::new();
    let made = world.create(&creation("alice")).unwrap();
    world.caller = page("https://login.example.com");
    assert_eq!(exception(world.get(&sign_in())), "NotAllowedError", "its own domain has none");
    let signed = world.get(&with(sign_in(), json!({"rpId": "example.com"}))).unwrap();
    assert!(made.verifies(&signed));
}

#[test]
fn the_allow_list_decides_what_is_offered() {
    let mut world = World::new();
    let alice = world.create(&creation("alice")).unwrap();
    world.create(&creation("bob")).unwrap();
    let options = with(sign_in(), json!({"allowCredentials": descriptors(&[b"other", &alice.id])}));
    assert_eq!(world.prompt_get(&options).unwrap().credentials.len(), 1);
    assert_eq!(world.get(&options).unwrap().id, alice.id);
}

#[test]
fn a_choice_outside_the_allow_list_is_refused() {
    let mut world = World::new();
    let alice = world.create(&creation("alice")).unwrap();
    let bob = world.create(&creation("bob")).unwrap();
    let options = with(sign_in(), json!({"allowCredentials": descriptors(&[&alice.id])}));
    assert_eq!(exception(world.get_with(&options, Some(&bob.id))), "NotAllowedError");
}

#[test]
fn an_allow_list_of_unknown_kinds_allows_nothing() {
    let mut world = World::new();
    let made = world.create(&creation("alice")).unwrap();
    let unknown = json!([{"type": "unknown", "id": crate::world::b64(&made.id)}]);
    let options = with(sign_in(), json!({"allowCredentials": unknown}));
    assert!(world.prompt_get(&options).unwrap().credentials.is_empty());
    assert_eq!(exception(world.get(&options)), "NotAllowedError");
    assert_eq!(exception(world.get_with(&options, Some(&made.id))), "NotAllowedError");
}

#[test]
fn nobody_guesses_between_accounts() {
    let mut world = World::new();
    world.create(&creation("alice")).unwrap();
    let bob = world.create(&creation("bob")).unwrap();
    assert_eq!(exception(world.get(&sign_in())), "NotAllowedError");
    assert_eq!(world.get_with(&sign_in(), Some(&bob.id)).unwrap().user_handle, b"bob");
}

#[test]
fn the_newest_account_is_offered_first() {
    let mut world = World::new();
    for (user, now_ms) in [("alice", 2), ("bob", 3), ("carol", 1)] {
        world.now_ms = now_ms;
        world.create(&creation(user)).unwrap();
    }
    let offered = world.prompt_get(&sign_in()).unwrap().credentials;
    let names: Vec<_> = offered.into_iter().map(|offered| offered.user.name.unwrap()).collect();
    assert_eq!(names, ["bob", "alice", "carol"]);
}

#[test]
fn a_credential_that_vanished_since_the_prompt_is_not_allowed() {
    let mut world = World::new();
    assert_eq!(exception(world.get_with(&sign_in(), Some(b"gone"))), "NotAllowedError");
}
