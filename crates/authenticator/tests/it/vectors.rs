//! The vectors that Rust and TypeScript share.

use roamkey_authenticator::webauthn::{Caller, Origin};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    relying_party::bytes,
    world::{World, creation, exception, page, sign_in, with},
};

pub(crate) fn cases(name: &str) -> Vec<Value> {
    let text = match name {
        "ancestors" => include_str!("../../../../vectors/webauthn-ancestors.json"),
        "capabilities" => include_str!("../../../../vectors/webauthn-capabilities.json"),
        "client-data" => include_str!("../../../../vectors/webauthn-client-data.json"),
        "extensions" => include_str!("../../../../vectors/webauthn-extensions.json"),
        "hints" => include_str!("../../../../vectors/webauthn-hints.json"),
        "mediated-create" => include_str!("../../../../vectors/webauthn-mediated-create.json"),
        "mediated-get" => include_str!("../../../../vectors/webauthn-mediated-get.json"),
        "origins" => include_str!("../../../../vectors/webauthn-origins.json"),
        "prf" => include_str!("../../../../vectors/webauthn-prf.json"),
        "related-origins" => include_str!("../../../../vectors/webauthn-related-origins.json"),
        "rp-ids" => include_str!("../../../../vectors/webauthn-rp-ids.json"),
        "signals" => include_str!("../../../../vectors/webauthn-signals.json"),
        other => panic!("no vectors named {other}"),
    };
    let mut file: Value = serde_json::from_str(text).unwrap();
    serde_json::from_value(file["cases"].take()).unwrap()
}

pub(crate) fn unhex(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap();
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

#[test]
fn origins_are_judged_as_in_the_vectors() {
    for case in cases("origins") {
        let outcome = match Origin::parse(case["origin"].as_str().unwrap()) {
            Ok(origin) => json!({"domain": origin.domain()}),
            Err(error) => json!({"error": error.dom_exception()}),
        };
        assert_eq!(outcome.get("domain"), case.get("domain"), "{case}");
        assert_eq!(outcome.get("error"), case.get("error"), "{case}");
    }
}

#[test]
fn relying_party_ids_are_judged_as_in_the_vectors() {
    for case in cases("rp-ids") {
        let mut world = World::new();
        world.caller = page(case["origin"].as_str().unwrap());
        let creating = with(creation("alice"), json!({"rp": {"id": case["asked"], "name": "Example"}}));
        let signing = with(sign_in(), json!({"rpId": case["asked"]}));
        match case["rpId"].as_str() {
            Some(expected) => {
                assert_eq!(world.prompt_create(&creating).unwrap().rp_id.as_str(), expected, "{case}");
                let made = world.create(&creating).unwrap();
                assert_eq!(made.data.rp_id_hash, Sha256::digest(expected).to_vec(), "{case}");
                assert!(made.verifies(&world.get(&signing).unwrap()), "{case}");
            }
            None => {
                assert_eq!(exception(world.prompt_create(&creating)), case["error"], "{case}");
                assert_eq!(exception(world.create(&creating)), case["error"], "{case}");
                assert_eq!(exception(world.prompt_get(&signing)), case["error"], "{case}");
                assert_eq!(exception(world.get(&signing)), case["error"], "{case}");
            }
        }
    }
}

#[test]
fn client_data_is_that_of_the_vectors() {
    for case in cases("client-data") {
        let mut world = World::new();
        world.caller = caller(&case);
        let challenge = json!({"challenge": case["challenge"]});
        let created = world.create(&with(creation("alice"), challenge.clone())).unwrap();
        let (json, request) = if case["type"] == "webauthn.create" {
            (created.json, world.prompt_create(&with(creation("alice"), challenge)).unwrap().request)
        } else {
            let options = with(sign_in(), challenge);
            (world.get(&options).unwrap().json, world.prompt_get(&options).unwrap().request)
        };
        let text = String::from_utf8(bytes(&json["response"]["clientDataJSON"])).unwrap();
        assert_eq!(text, case["clientDataJSON"], "{case}");
        assert_eq!(request.as_bytes().to_vec(), unhex(&case["sha256"]), "{case}");
    }
}

fn caller(case: &Value) -> Caller {
    let origin = Origin::parse(case["origin"].as_str().unwrap()).unwrap();
    if case["crossOrigin"] == true {
        Caller::cross_origin(origin, case["topOrigin"].as_str().map(|top| Origin::parse(top).unwrap()))
    } else {
        Caller::same_origin(origin)
    }
}
