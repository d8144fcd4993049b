use roamkey_authenticator::{
    Algorithm, BackupState, Credential, CredentialStore, MemoryStore, PrfSeeds, Verification,
    webauthn::UserVerification,
};
use serde_json::{Value, json};

use crate::{
    sample,
    vectors::{self, unhex},
    world::{World, b64, creation, descriptors, exception, sign_in, with},
};

fn prf(inputs: Value) -> Value {
    json!({"extensions": {"prf": inputs}})
}

fn results(json: &Value) -> &Value {
    &json["clientExtensionResults"]["prf"]["results"]
}

#[test]
fn results_are_those_of_the_vectors() {
    for case in vectors::cases("prf") {
        let seeds = unhex(&case["seeds"]).try_into().unwrap();
        let mut world = World::with_store(store_with(&seeds));
        let options = with(sign_in(), prf(json!({"eval": {"first": case["input"]}})));
        let signed = world.get(&options).unwrap();
        assert_eq!(results(&signed.json), &json!({"first": b64(&unhex(&case["verified"]))}), "{}", case["why"]);
    }
}

fn store_with(seeds: &[u8; PrfSeeds::LEN]) -> MemoryStore {
    let mut store = MemoryStore::new(BackupState::NotBackedUp);
    let credential = Credential { prf: PrfSeeds::from_bytes(seeds), ..sample::credential(Algorithm::EdDsa, "alice") };
    pollster::block_on(store.save(&credential, &[])).unwrap();
    store
}

#[test]
fn creation_and_sign_in_give_the_same_results() {
    let mut world = World::new();
    let inputs = prf(json!({"eval": {"first": "AAAA", "second": "BBBB"}}));
    let made = world.create(&with(creation("alice"), inputs.clone())).unwrap();
    let signed = world.get(&with(sign_in(), inputs)).unwrap();
    assert_eq!(made.json["clientExtensionResults"]["prf"]["enabled"], true);
    assert_eq!(results(&made.json), results(&signed.json));
    assert_ne!(results(&signed.json)["first"], results(&signed.json)["second"]);
    assert!(signed.json["clientExtensionResults"]["prf"].get("enabled").is_none());
}

#[test]
fn accounts_have_functions_of_their_own() {
    let mut world = World::new();
    let inputs = prf(json!({"eval": {"first": "AAAA"}}));
    let alice = world.create(&with(creation("alice"), inputs.clone())).unwrap();
    let bob = world.create(&with(creation("bob"), inputs)).unwrap();
    assert_ne!(results(&alice.json), results(&bob.json));
}

#[test]
fn asking_without_inputs_gives_no_results() {
    let mut world = World::new();
    let made = world.create(&with(creation("alice"), prf(json!({})))).unwrap();
    assert_eq!(made.json["clientExtensionResults"], json!({"prf": {"enabled": true}}));
    let signed = world.get(&with(sign_in(), prf(json!({})))).unwrap();
    assert_eq!(signed.json["clientExtensionResults"], json!({"prf": {}}));
}

#[test]
fn a_credentials_own_inputs_go_before_those_for_all() {
    let mut world = World::new();
    let made = world.create(&creation("alice")).unwrap();
    let other = b64(b"other");
    let evaluate = |world: &mut World<MemoryStore>, inputs: Value| {
        let allow = json!({"allowCredentials": descriptors(&[&made.id, b"other"])});
        let signed = world.get(&with(with(sign_in(), allow), prf(inputs))).unwrap();
        results(&signed.json).clone()
    };
    let own = evaluate(&mut world, json!({"eval": {"first": "AAAA"}}));
    let all = evaluate(&mut world, json!({"eval": {"first": "BBBB"}}));
    let by_credential = json!({b64(&made.id): {"first": "AAAA"}, other.clone(): {"first": "CCCC"}});
    let both = json!({"eval": {"first": "BBBB"}, "evalByCredential": by_credential});
    assert_eq!(evaluate(&mut world, both), own);
    let for_another = json!({"eval": {"first": "BBBB"}, "evalByCredential": {other.clone(): {"first": "CCCC"}}});
    assert_eq!(evaluate(&mut world, for_another), all);
    assert_eq!(evaluate(&mut world, json!({"evalByCredential": {other: {"first": "CCCC"}}})), Value::Null);
}

#[test]
fn inputs_by_credential_at_creation_are_not_supported() {
    for by_credential in [json!({}), json!({"AAAA": {"first": "AAAA"}})] {
        let options = with(creation("alice"), prf(json!({"evalByCredential": by_credential})));
        assert_eq!(exception(World::new().create(&options)), "NotSupportedError");
    }
}

#[test]
fn inputs_by_credential_need_an_allow_list() {
    let options = with(sign_in(), prf(json!({"evalByCredential": {"AAAA": {"first": "AAAA"}}})));
    assert_eq!(exception(World::new().get(&options)), "NotSupportedError");
    let mut world = World::new();
    world.create(&creation("alice")).unwrap();
    world.get(&with(sign_in(), prf(json!({"evalByCredential": {}})))).unwrap();
}

#[test]
fn every_key_of_inputs_by_credential_is_in_the_allow_list() {
    let mut world = World::new();
    let made = world.create(&creation("alice")).unwrap();
    for bad in ["", "!", "AAAA", &format!("{}=", b64(&made.id))] {
        let allow = json!({"allowCredentials": descriptors(&[&made.id])});
        let inputs = json!({"evalByCredential": {b64(&made.id): {"first": "AAAA"}, bad: {"first": "AAAA"}}});
        let options = with(with(sign_in(), allow), prf(inputs));
        assert_eq!(exception(world.get(&options)), "SyntaxError", "{bad:?}");
    }
}

#[test]
fn a_sign_in_with_prf_requires_verification_even_if_the_site_does_not() {
    let mut world = World::new();
    world.create(&creation("alice")).unwrap();
    world.verification = Verification::NotPerformed;
    let discouraged = with(sign_in(), json!({"userVerification": "discouraged"}));
    let options = with(discouraged.clone(), prf(json!({"eval": {"first": "AAAA"}})));
    assert_eq!(world.prompt_get(&options).unwrap().verification, UserVerification::Required);
    assert_eq!(exception(world.get(&options)), "NotAllowedError");
    world.get(&with(discouraged, prf(json!({})))).unwrap();
}

#[test]
fn a_creation_without_verification_gives_no_results() {
    let mut world = World::new();
    world.verification = Verification::NotPerformed;
    let discouraged = json!({"authenticatorSelection": {"userVerification": "discouraged"}});
    let options = with(with(creation("alice"), discouraged), prf(json!({"eval": {"first": "AAAA"}})));
    assert_eq!(world.prompt_create(&options).unwrap().verification, UserVerification::Preferred);
    let made = world.create(&options).unwrap();
    assert_eq!(made.json["clientExtensionResults"], json!({"prf": {"enabled": true}}));
}
