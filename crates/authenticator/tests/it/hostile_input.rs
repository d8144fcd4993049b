//! Whatever a page sends, it gets an answer or an exception.

use proptest::prelude::*;
use roamkey_authenticator::{
    PrivateKey,
    webauthn::{Caller, CreationOptions, Fetched, Origin, RequestOptions, Signal, SignalKind},
};
use serde_json::{Value, json};

use crate::world::{World, creation, descriptors, page, sign_in, with};

fn full_creation() -> Value {
    with(
        creation("alice"),
        json!({
            "rp": {"id": "example.com", "name": "Example"}, "timeout": 60_000, "attestation": "direct",
            "attestationFormats": ["packed"], "hints": ["client-device"],
            "excludeCredentials": descriptors(&[b"one", b"two"]),
            "authenticatorSelection": {"residentKey": "required", "userVerification": "required"},
            "extensions": {
                "credProps": true, "prf": {"eval": {"first": "AAAA", "second": "BBBB"}}, "appidExclude": "https://example.com",
                "credBlob": "AAAA", "credentialProtectionPolicy": "userVerificationRequired",
                "enforceCredentialProtectionPolicy": true, "hmacCreateSecret": true, "largeBlob": {"support": "required"},
                "minPinLength": true, "payment": {"isPayment": true},
            },
        }),
    )
}

fn full_request() -> Value {
    with(
        sign_in(),
        json!({
            "rpId": "example.com", "timeout": 60_000, "userVerification": "required",
            "allowCredentials": descriptors(&[b"one"]),
            "hints": ["hybrid"],
            "extensions": {
                "prf": {"evalByCredential": {"b25l": {"first": "AAAA"}}}, "appid": "https://example.com",
                "getCredBlob": true, "largeBlob": {"write": "AAAA"},
            },
        }),
    )
}

#[test]
fn the_unspoilt_options_pass() {
    CreationOptions::from_json(&full_creation().to_string()).unwrap();
    RequestOptions::from_json(&full_request().to_string()).unwrap();
}

#[test]
fn options_cut_off_anywhere_are_refused() {
    for options in [full_creation().to_string(), full_request().to_string()] {
        for end in 0..options.len() {
            CreationOptions::from_json(&options[..end]).unwrap_err();
            RequestOptions::from_json(&options[..end]).unwrap_err();
        }
    }
}

/// Derived readers take an array of a structure's members for the structure.
#[test]
fn no_dictionary_may_be_an_array() {
    for options in [full_creation(), full_request()] {
        for pointer in pointers(&options, String::new()) {
            let Some(Value::Object(members)) = options.pointer(&pointer) else { continue };
            // Only the names of extensions and of credentials are free.
            if pointer.ends_with("evalByCredential") {
                continue;
            }
            let mut spoilt = options.clone();
            *spoilt.pointer_mut(&pointer).unwrap() = members.values().cloned().collect();
            let text = spoilt.to_string();
            let refused = CreationOptions::from_json(&text).is_err() && RequestOptions::from_json(&text).is_err();
            assert!(refused, "{pointer}");
        }
    }
}

#[test]
fn what_is_too_long_is_refused_before_it_is_looked_at() {
    let many = |member: &str, entry: Value| with(full_creation(), json!({member: vec![entry; 1_500]}));
    for options in [
        many("excludeCredentials", json!({"type": "public-key", "id": "AAAA"})),
        many("pubKeyCredParams", json!({"type": "public-key", "alg": -7})),
        with(full_creation(), json!({"challenge": "A".repeat(1 << 20)})),
    ] {
        assert_eq!(CreationOptions::from_json(&options.to_string()).unwrap_err().dom_exception(), "TypeError");
    }
    let body = format!("{{\"origins\": [{}\"https://example.com\"]}}", "\"https://example.com\",".repeat(20_000));
    let asked = with(sign_in(), json!({"rpId": "example.net"}));
    let asked = RequestOptions::from_json(&asked.to_string()).unwrap();
    let request = asked.related_origins(&page("https://example.com")).unwrap();
    let fetched = Fetched { status: 200, content_type: "application/json", body: body.as_bytes() };
    assert_eq!(request.judge(&fetched).unwrap_err().dom_exception(), "SecurityError");
}

/// Any JSON value of moderate size.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        "[A-Za-z0-9_-]{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,8}", inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

/// `document` with one of its members, at any depth, replaced.
fn spoilt(document: Value) -> impl Strategy<Value = Value> {
    let pointers = pointers(&document, String::new());
    (prop::sample::select(pointers), any_json()).prop_map(move |(pointer, value)| {
        let mut spoilt = document.clone();
        *spoilt.pointer_mut(&pointer).unwrap() = value;
        spoilt
    })
}

fn pointers(value: &Value, at: String) -> Vec<String> {
    let below: Vec<_> = match value {
        Value::Object(members) => {
            members.iter().flat_map(|(key, value)| pointers(value, format!("{at}/{key}"))).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(i, value)| pointers(value, format!("{at}/{i}"))).collect()
        }
        _ => Vec::new(),
    };
    std::iter::once(at).chain(below).collect()
}

proptest! {
    #[test]
    fn a_hostile_list_of_related_origins_is_judged(body in any::<Vec<u8>>(), json in any_json(), text in ".{0,60}") {
        let asked = with(sign_in(), json!({"rpId": "example.net"}));
        let asked = RequestOptions::from_json(&asked.to_string()).unwrap();
        let request = asked.related_origins(&page("https://example.com")).unwrap();
        for body in [body, json.to_string().into_bytes(), json!({"origins": [json, text]}).to_string().into_bytes()] {
            let fetched = Fetched { status: 200, content_type: "application/json", body: &body };
            prop_assert!(request.judge(&fetched).is_err());
        }
    }

    #[test]
    fn a_hostile_signal_is_parsed_or_refused(json in any_json(), text in ".{0,60}") {
        let caller = page("https://example.com");
        for kind in
            [SignalKind::UnknownCredential, SignalKind::AllAcceptedCredentials, SignalKind::CurrentUserDetails]
        {
            let members = json!({
                "rpId": "example.com", "credentialId": json, "userId": text, "allAcceptedCredentialIds": [json], "name": text,
                "displayName": json,
            });
            for argument in [json.to_string(), text.clone(), members.to_string()] {
                if let Ok(signal) = Signal::from_json(kind, &caller, &argument) {
                    prop_assert_eq!(signal.rp_id().as_str(), "example.com");
                }
            }
        }
    }

    #[test]
    fn client_data_is_json_whatever_frames_the_page(ancestors in prop::collection::vec(".{0,40}", 0..4)) {
        let origin = Origin::parse("https://example.com").unwrap();
        if let Ok(caller) = Caller::framed(origin, ancestors.iter().map(String::as_str)) {
            let mut world = World::new();
            world.caller = caller;
            let made = world.create(&creation("alice")).unwrap();
            let text = crate::relying_party::bytes(&made.json["response"]["clientDataJSON"]);
            let data: Value = serde_json::from_slice(&text).unwrap();
            let foreign = ancestors.iter().any(|each| each != "https://example.com");
            prop_assert_eq!(&data["crossOrigin"], &json!(foreign));
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in ".{0,200}") {
        let _ = CreationOptions::from_json(&text);
        let _ = RequestOptions::from_json(&text);
        let _ = Origin::parse(&text);
        let _ = Origin::parse(&format!("https://{text}"));
    }

    #[test]
    fn a_spoilt_key_is_none_or_has_another_encoding(
        seed: [u8; 32], position in 0_usize..42, byte: u8, cut in 0_usize..43,
    ) {
        for prefix in [b"\xa4\x01\x01\x03\x27\x20\x06\x23\x58\x20", b"\xa4\x01\x02\x03\x26\x20\x01\x23\x58\x20"] {
            let mut bytes = [&prefix[..], &seed].concat();
            prop_assert!(PrivateKey::from_cose(&bytes).is_ok());
            bytes[position] = byte;
            bytes.truncate(cut);
            if let Ok(key) = PrivateKey::from_cose(&bytes) {
                prop_assert_eq!(&*key.to_cose(), &bytes);
            }
        }
    }

    #[test]
    fn an_accepted_origin_is_a_fixed_point(host in "[a-zA-Z0-9._-]{1,30}", port in prop::option::of(any::<u16>())) {
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        if let Ok(origin) = Origin::parse(&format!("https://{host}{port}")) {
            prop_assert_eq!(origin.domain(), &host);
            prop_assert_eq!(origin.domain(), host.to_ascii_lowercase());
        }
    }

    #[test]
    fn a_spoilt_creation_ends_in_an_answer_or_an_exception(options in spoilt(full_creation())) {
        let _ = World::new().create(&options);
    }

    #[test]
    fn a_spoilt_sign_in_ends_in_an_answer_or_an_exception(options in spoilt(full_request())) {
        let mut world = World::new();
        world.create(&creation("alice")).unwrap();
        let _ = world.get(&options);
    }

    #[test]
    fn a_relying_party_id_is_a_suffix_at_a_dot(asked in "[a-z.-]{0,12}(example|evil-example)?[.]?(com|co[.]uk)?") {
        let mut world = World::new();
        world.caller = page("https://login.example.co.uk");
        let options = with(creation("alice"), json!({"rp": {"id": asked, "name": "Example"}}));
        let allowed = ["example.co.uk", "login.example.co.uk"].contains(&asked.as_str());
        prop_assert_eq!(world.prompt_create(&options).is_ok(), allowed);
    }
}
