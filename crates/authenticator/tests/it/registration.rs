use coset::{Label, RegisteredLabelWithPrivate, iana};
use roamkey_authenticator::{AuthenticatorClass, BackupEligibility, Verification};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    relying_party::{AT, BE, BS, UP, UV},
    world::{World, creation, descriptors, exception, page, sign_in, with},
};

fn algorithms(ids: &[i64]) -> serde_json::Value {
    json!({"pubKeyCredParams": ids.iter().map(|alg| json!({"type": "public-key", "alg": alg})).collect::<Vec<_>>()})
}

#[test]
fn a_registration_holds_what_the_standard_lists() {
    let mut world = World::new();
    let made = world.create(&creation("alice")).unwrap();
    let attested = made.data.attested.as_ref().unwrap();
    assert_eq!(made.json["id"], made.json["rawId"]);
    assert_eq!(made.json["type"], "public-key");
    assert_eq!(made.json["authenticatorAttachment"], "platform");
    assert_eq!(made.json["clientExtensionResults"], json!({}));
    assert_eq!(made.json["response"]["transports"], json!(["hybrid", "internal"]));
    assert_eq!(made.data.rp_id_hash, Sha256::digest("example.com").to_vec());
    assert_eq!(made.data.counter, 0);
    assert_eq!(attested.id, made.id);
    assert_eq!(attested.id.len(), 16);
    assert_eq!(attested.aaguid, AuthenticatorClass::Synced.aaguid());
    assert_eq!(made.attestation_entry("fmt").as_text(), Some("none"));
    assert_eq!(made.attestation_entry("attStmt").as_map().unwrap().len(), 0);
    assert_eq!(made.attestation_entry("authData").as_bytes(), Some(&made.data.raw));
}

#[test]
fn the_client_data_names_the_ceremony_the_challenge_and_the_origin() {
    let made = World::new().create(&creation("alice")).unwrap();
    assert_eq!(
        made.client_data(),
        json!({
            "type": "webauthn.create", "challenge": "AAECAwQFBgcICQoLDA0ODw",
            "origin": "https://example.com", "crossOrigin": false
        })
    );
}

#[test]
fn the_first_of_the_sites_algorithms_that_is_ours_is_used() {
    let chosen = |ids: &[i64]| {
        let options = with(creation("alice"), algorithms(ids));
        let made = World::new().create(&options).unwrap();
        made.json["response"]["publicKeyAlgorithm"].as_i64().unwrap()
    };
    assert_eq!(chosen(&[-7, -8]), -7);
    assert_eq!(chosen(&[-8, -7]), -8);
    assert_eq!(chosen(&[-47, -65535, -8, -7]), -8);
    assert_eq!(chosen(&[-19, -8]), -19, "labelled with the name that the site asked by");
}

#[test]
fn an_empty_list_of_algorithms_means_es256() {
    let made = World::new().create(&with(creation("alice"), algorithms(&[]))).unwrap();
    assert_eq!(made.json["response"]["publicKeyAlgorithm"], -7);
}

#[test]
fn a_site_without_an_algorithm_of_ours_is_told_so() {
    let unknown = with(creation("alice"), algorithms(&[-47, 999]));
    assert_eq!(exception(World::new().create(&unknown)), "NotAllowedError");
    let of_unknown_type = with(creation("alice"), json!({"pubKeyCredParams": [{"type": "private-key", "alg": -7}]}));
    assert_eq!(exception(World::new().create(&of_unknown_type)), "NotSupportedError");
}

#[test]
fn an_es256_key_is_canonical_cose_and_equals_the_spki() {
    let made = World::new().create(&creation("alice")).unwrap();
    let key = made.cose_key();
    assert_eq!(key.alg, Some(RegisteredLabelWithPrivate::Assigned(iana::Algorithm::ES256)));
    let coordinate = |label| {
        let found = key.params.iter().find(|(name, _)| *name == Label::Int(label)).unwrap();
        found.1.as_bytes().unwrap().clone()
    };
    assert_eq!([coordinate(-2), coordinate(-3)].concat(), made.spki[27..]);
    let cose = &made.data.attested.as_ref().unwrap().cose_key;
    assert!(cose.starts_with(b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"), "map of five, labels in order");
    assert_eq!(cose.len(), 77);
}

#[test]
fn an_ed25519_key_is_canonical_cose_and_equals_the_spki() {
    let made = World::new().create(&with(creation("alice"), algorithms(&[-8]))).unwrap();
    let cose = &made.data.attested.as_ref().unwrap().cose_key;
    assert_eq!(cose[..10], *b"\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20");
    assert_eq!(cose[10..], made.spki[12..]);
    assert_eq!(made.cose_key().alg, Some(RegisteredLabelWithPrivate::Assigned(iana::Algorithm::EdDSA)));
}

#[test]
fn flags_say_what_happened() {
    let flags = |verification, eligibility, backed_up: bool| {
        let mut world = if backed_up { World::backed_up() } else { World::new() };
        (world.verification, world.eligibility) = (verification, eligibility);
        let made = world.create(&creation("alice")).unwrap().data.flags;
        let signed = world.get(&sign_in()).unwrap().data.flags;
        assert_eq!(made, signed | AT, "both ceremonies agree");
        signed
    };
    use {BackupEligibility::*, Verification::*};
    assert_eq!(flags(NotPerformed, ThisDeviceOnly, false), UP);
    assert_eq!(flags(Performed, ThisDeviceOnly, false), UP | UV);
    assert_eq!(flags(NotPerformed, Synced, false), UP | BE);
    assert_eq!(flags(NotPerformed, Synced, true), UP | BE | BS);
    assert_eq!(flags(NotPerformed, ThisDeviceOnly, true), UP, "nothing that stays here counts as backed up");
}

#[test]
fn every_wish_for_a_resident_key_gives_a_discoverable_credential() {
    for selection in [
        json!({"residentKey": "required"}),
        json!({"residentKey": "preferred"}),
        json!({"residentKey": "discouraged"}),
        json!({"requireResidentKey": true}),
        json!({"residentKey": "something new"}),
    ] {
        let mut world = World::new();
        let options =
            with(creation("alice"), json!({"authenticatorSelection": selection, "extensions": {"credProps": true}}));
        let made = world.create(&options).unwrap();
        assert_eq!(made.json["clientExtensionResults"], json!({"credProps": {"rk": true}}));
        assert_eq!(world.get(&sign_in()).unwrap().id, made.id);
    }
}

#[test]
fn a_second_registration_of_an_account_replaces_the_first() {
    let mut world = World::new();
    let first = world.create(&creation("alice")).unwrap();
    let prompt = world.prompt_create(&creation("alice")).unwrap();
    assert_eq!(prompt.replaces.len(), 1);
    let second = world.create(&creation("alice")).unwrap();
    let found = world.prompt_get(&sign_in()).unwrap().credentials;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].id.as_bytes(), second.id);
    assert_ne!(first.id, second.id);
}

#[test]
fn accounts_and_algorithms_live_side_by_side() {
    let mut world = World::new();
    world.create(&creation("alice")).unwrap();
    world.create(&creation("bob")).unwrap();
    world.create(&with(creation("alice"), algorithms(&[-8]))).unwrap();
    assert_eq!(world.prompt_get(&sign_in()).unwrap().credentials.len(), 3);
}

#[test]
fn the_same_account_at_another_site_is_another_account() {
    let mut world = World::new();
    world.create(&creation("alice")).unwrap();
    world.caller = page("https://example.org");
    assert!(world.prompt_create(&creation("alice")).unwrap().replaces.is_empty());
    world.create(&creation("alice")).unwrap();
    world.caller = page("https://example.com");
    assert_eq!(world.prompt_get(&sign_in()).unwrap().credentials.len(), 1);
}

#[test]
fn an_excluded_credential_ends_in_invalid_state_once_the_person_agreed() {
    let mut world = World::new();
    let made = world.create(&creation("alice")).unwrap();
    let options = with(creation("bob"), json!({"excludeCredentials": descriptors(&[b"other", &made.id])}));
    assert!(world.prompt_create(&options).unwrap().excluded);
    assert_eq!(exception(world.create(&options)), "InvalidStateError");
    assert_eq!(world.prompt_get(&sign_in()).unwrap().credentials.len(), 1, "nothing was created");
}

#[test]
fn excluding_what_is_not_here_excludes_nothing() {
    let mut world = World::new();
    let made = world.create(&creation("alice")).unwrap();
    for list in [json!([]), descriptors(&[b"other"]), json!([{"type": "unknown", "id": crate::world::b64(&made.id)}])] {
        let options = with(creation("bob"), json!({"excludeCredentials": list}));
        assert!(!world.prompt_create(&options).unwrap().excluded);
        world.create(&options).unwrap();
    }
}

#[test]
fn a_prompt_changes_nothing() {
    let mut world = World::new();
    world.prompt_create(&creation("alice")).unwrap();
    assert!(world.prompt_get(&sign_in()).unwrap().credentials.is_empty());
}

#[test]
fn a_prompt_shows_what_the_person_is_to_judge() {
    let options = with(
        creation("alice"),
        json!({
            "rp": {"id": "example.com", "name": "Your Bank"},
            "user": {"id": "YQ", "name": "alice@example.com", "displayName": "Alice"},
            "authenticatorSelection": {"userVerification": "required", "authenticatorAttachment": "cross-platform"},
        }),
    );
    let mut world = World::new();
    world.caller = page("https://login.example.com");
    let prompt = world.prompt_create(&options).unwrap();
    assert_eq!(prompt.rp_id.as_str(), "example.com");
    assert_eq!(prompt.rp_name, "Your Bank");
    assert_eq!(prompt.user_name, "alice@example.com");
    assert_eq!(prompt.display_name, "Alice");
    assert_eq!(prompt.verification, roamkey_authenticator::webauthn::UserVerification::Required);
    assert_eq!(prompt.attachment, Some(roamkey_authenticator::webauthn::Attachment::CrossPlatform));
}

#[test]
fn long_names_are_cut_between_characters() {
    let options = with(
        creation("alice"),
        json!({"user": {"id": "YQ", "name": "ü".repeat(1000), "displayName": format!("x{}", "ü".repeat(1000))}}),
    );
    let mut world = World::new();
    world.create(&options).unwrap();
    let kept = &world.prompt_get(&sign_in()).unwrap().credentials[0];
    assert_eq!(kept.user.name.as_deref(), Some("ü".repeat(128).as_str()));
    assert_eq!(kept.user.display_name.as_deref(), Some(format!("x{}", "ü".repeat(127)).as_str()));
}
