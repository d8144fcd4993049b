//! The client's extensions, by the vectors that Rust and TypeScript share, and what they leave behind.

use roamkey_authenticator::Verification;
use serde_json::{Value, json};

use crate::{
    relying_party::bytes,
    vectors::cases,
    world::{World, creation, descriptors, exception, sign_in, with},
};

fn extensions(input: &Value) -> Value {
    json!({"extensions": input})
}

#[test]
fn extensions_answer_as_in_the_vectors() {
    for case in cases("extensions") {
        let mut world = World::new();
        let answer = if case["ceremony"] == "create" {
            world.create(&with(creation("alice"), extensions(&case["input"]))).map(|made| made.json)
        } else {
            let made = world.create(&with(creation("alice"), extensions(&case["made"]))).unwrap();
            let allow = if case["named"] == true { descriptors(&[&made.id]) } else { json!([]) };
            let asked = with(with(sign_in(), extensions(&case["input"])), json!({"allowCredentials": allow}));
            world.get(&asked).map(|signed| signed.json)
        };
        match answer {
            Ok(json) => assert_eq!(json["clientExtensionResults"], case["output"], "{case}"),
            failed => assert_eq!(exception(failed), case["error"], "{case}"),
        }
    }
}

#[test]
fn what_is_written_is_read_until_it_is_taken_away() {
    let mut world = World::new();
    let made = world.create(&with(creation("alice"), extensions(&json!({"largeBlob": {}})))).unwrap();
    let mut use_blob = |input: Value| {
        let named = json!({"allowCredentials": descriptors(&[&made.id])});
        let asked = with(with(sign_in(), extensions(&json!({"largeBlob": input}))), named);
        world.get(&asked).unwrap().json["clientExtensionResults"]["largeBlob"].clone()
    };
    assert_eq!(use_blob(json!({"write": "c2F2ZWQ"})), json!({"written": true}));
    assert_eq!(use_blob(json!({"read": true})), json!({"blob": "c2F2ZWQ"}));
    assert_eq!(use_blob(json!({"write": "A".repeat(4 * 1024 * 16)})), json!({"written": false}));
    assert_eq!(use_blob(json!({"read": true})), json!({"blob": "c2F2ZWQ"}));
    assert_eq!(use_blob(json!({"write": ""})), json!({"written": true}));
    assert_eq!(use_blob(json!({"read": true})), json!({}));
}

#[test]
fn a_protected_credential_answers_nobody_unverified() {
    for (policy, named, answers) in [
        ("userVerificationOptional", false, true),
        ("userVerificationOptionalWithCredentialIDList", false, false),
        ("userVerificationOptionalWithCredentialIDList", true, true),
        ("userVerificationRequired", true, false),
    ] {
        let mut world = World::new();
        let protecting = extensions(&json!({"credentialProtectionPolicy": policy}));
        let made = world.create(&with(creation("alice"), protecting)).unwrap();
        let allow = if named { descriptors(&[&made.id]) } else { json!([]) };
        let asked = with(sign_in(), json!({"allowCredentials": allow, "userVerification": "discouraged"}));
        let prompt = world.prompt_get(&asked).unwrap();
        assert_eq!(prompt.verification == roamkey_authenticator::webauthn::UserVerification::Required, !answers);
        world.verification = Verification::NotPerformed;
        match world.get(&asked) {
            Ok(_) => assert!(answers, "{policy}, named: {named}"),
            refused => {
                assert!(!answers, "{policy}, named: {named}");
                assert_eq!(exception(refused), "NotAllowedError");
            }
        }
        world.verification = Verification::Performed;
        world.get(&asked).unwrap();
    }
}

#[test]
fn the_authenticator_data_tells_what_became_of_the_extensions() {
    let mut world = World::new();
    let asked = json!({
        "credBlob": "AAEC", "credentialProtectionPolicy": "userVerificationRequired", "hmacCreateSecret": true,
        "payment": {"isPayment": true},
    });
    let made = world.create(&with(creation("alice"), extensions(&asked))).unwrap();
    let data = bytes(&made.json["response"]["authenticatorData"]);
    // In canonical order: the shorter name first, then bytewise.
    let told = b"\xa4\x68credBlob\xf5\x6bcredProtect\x03\x6bhmac-secret\xf5\x71thirdPartyPayment\xf5";
    assert!(data.ends_with(told), "{data:02x?}");
    assert_eq!(data[32] & 0x80, 0x80);

    let signed = world.get(&with(sign_in(), extensions(&json!({"getCredBlob": true})))).unwrap();
    assert!(bytes(&signed.json["response"]["authenticatorData"]).ends_with(b"\xa1\x68credBlob\x43\x00\x01\x02"));
}
