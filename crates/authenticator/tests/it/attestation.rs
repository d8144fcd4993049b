use roamkey_authenticator::webauthn::AttestationPolicy;
use serde_json::{Value, json};

use crate::{
    relying_party::{Registration, entry},
    world::{World, creation, with},
};

fn registration(policy: AttestationPolicy<'static>, members: Value) -> Registration {
    let mut world = World::new();
    world.attestation = policy;
    world.create(&with(creation("alice"), members)).unwrap()
}

fn format(policy: AttestationPolicy<'static>, members: Value) -> String {
    registration(policy, members).attestation_entry("fmt").as_text().unwrap().to_owned()
}

#[test]
fn nothing_is_attested_unless_our_policy_allows_it() {
    for conveyance in ["none", "indirect", "direct", "enterprise"] {
        assert_eq!(format(AttestationPolicy::None, json!({"attestation": conveyance})), "none");
    }
}

#[test]
fn nothing_is_attested_unless_the_site_asks() {
    for members in [json!({}), json!({"attestation": "none"}), json!({"attestation": "something new"})] {
        assert_eq!(format(AttestationPolicy::SelfIfAsked, members), "none");
    }
}

#[test]
fn the_sites_preferred_format_is_honoured() {
    let chosen = |formats: &[&str]| {
        let members = json!({"attestation": "direct", "attestationFormats": formats});
        format(AttestationPolicy::SelfIfAsked, members)
    };
    assert_eq!(chosen(&[]), "packed");
    assert_eq!(chosen(&["packed"]), "packed");
    assert_eq!(chosen(&["tpm", "packed", "none"]), "packed");
    assert_eq!(chosen(&["none", "packed"]), "none");
    assert_eq!(chosen(&["tpm"]), "packed");
}

#[test]
fn a_self_attestation_is_signed_by_the_new_key() {
    for alg in [-7, -8] {
        let members = json!({"attestation": "direct", "pubKeyCredParams": [{"type": "public-key", "alg": alg}]});
        let made = registration(AttestationPolicy::SelfIfAsked, members);
        let statement = made.attestation_entry("attStmt");
        let signature = entry(statement, "sig").as_bytes().unwrap();
        assert_eq!(entry(statement, "alg").as_integer(), Some(alg.into()));
        assert!(made.verifies_bytes(&made.signed_message(), signature));
        assert_eq!(statement.as_map().unwrap().len(), 2, "no x5c: it says nothing about the device");
    }
}

#[test]
fn attestation_objects_are_canonical() {
    let made = registration(AttestationPolicy::SelfIfAsked, json!({"attestation": "direct"}));
    let keys: Vec<_> = made.attestation.as_map().unwrap().iter().map(|(key, _)| key.as_text().unwrap()).collect();
    assert_eq!(keys, ["fmt", "attStmt", "authData"]);
    let statement = made.attestation_entry("attStmt").as_map().unwrap();
    let keys: Vec<_> = statement.iter().map(|(key, _)| key.as_text().unwrap()).collect();
    assert_eq!(keys, ["alg", "sig"]);
}
