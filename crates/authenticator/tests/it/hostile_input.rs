//! Whatever a page sends, it gets an answer or an exception.

use proptest::prelude::*;
use roamkey_authenticator::{
    PrivateKey,
    webauthn::{CreationOptions, Origin, RequestOptions},
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
            "extensions": {"credProps": true, "prf": {"eval": {"first": "AAAA", "second": "BBBB"}}},
        }),
    )
}

fn full_request() -> Value {
    with(
        sign_in(),
        json!({
            "rpId": "example.com", "timeout": 60_000, "userVerification": "required",
            "allowCredentials": descriptors(&[b"one"]),
            "extensions": {"prf": {"evalByCredential": {"b25l": {"first": "AAAA"}}}},
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
