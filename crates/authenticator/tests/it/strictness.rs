//! What passes as options, and what a page gets for what does not.

use std::time::Duration;

use roamkey_authenticator::{
    WebauthnError,
    webauthn::{Attachment, CreationOptions, RequestOptions, UserVerification},
};
use serde_json::{Value, json};

use crate::world::{creation, sign_in, with};

fn parse_creation(members: Value) -> Result<CreationOptions, WebauthnError> {
    CreationOptions::from_json(&with(creation("alice"), members).to_string())
}

fn parse_request(members: Value) -> Result<RequestOptions, WebauthnError> {
    RequestOptions::from_json(&with(sign_in(), members).to_string())
}

fn creation_exception(members: Value) -> &'static str {
    parse_creation(members).unwrap_err().dom_exception()
}

#[test]
fn unknown_members_and_values_are_ignored() {
    let members = json!({
        "future": {"deeply": [{"nested": null}]}, "hints": ["client-device", "telepathy"],
        "attestation": "telepathic", "attestationFormats": ["telepathy"],
        "authenticatorSelection": {"userVerification": "maybe", "authenticatorAttachment": "cloud", "future": 1},
        "excludeCredentials": [{"type": "telepathy", "id": "AAAA", "transports": ["telepathy"]}],
        "extensions": {"future": {"x": 1}, "credProps": false},
    });
    let options = parse_creation(members).unwrap();
    assert_eq!(options.user_verification(), UserVerification::Preferred);
    assert_eq!(options.attachment(), None);
    let options = parse_request(json!({"future": 1, "userVerification": "maybe", "hints": ["telepathy"]})).unwrap();
    assert_eq!(options.user_verification(), UserVerification::Preferred);
}

#[test]
fn known_values_are_read() {
    for (text, expected) in [
        ("required", UserVerification::Required),
        ("preferred", UserVerification::Preferred),
        ("discouraged", UserVerification::Discouraged),
    ] {
        let selection = json!({"authenticatorSelection": {"userVerification": text}});
        assert_eq!(parse_creation(selection).unwrap().user_verification(), expected);
        assert_eq!(parse_request(json!({"userVerification": text})).unwrap().user_verification(), expected);
    }
    for (text, expected) in [("platform", Attachment::Platform), ("cross-platform", Attachment::CrossPlatform)] {
        let selection = json!({"authenticatorSelection": {"authenticatorAttachment": text}});
        assert_eq!(parse_creation(selection).unwrap().attachment(), Some(expected));
    }
}

#[test]
fn a_missing_member_is_a_type_error() {
    for member in ["rp", "user", "challenge", "pubKeyCredParams"] {
        let mut options = creation("alice");
        options.as_object_mut().unwrap().remove(member).unwrap();
        let error = CreationOptions::from_json(&options.to_string()).unwrap_err();
        assert_eq!(error.dom_exception(), "TypeError", "{member}");
    }
    assert_eq!(RequestOptions::from_json("{}").unwrap_err().dom_exception(), "TypeError");
}

#[test]
fn a_member_of_the_wrong_type_is_a_type_error() {
    for members in [
        json!({"rp": "example.com"}),
        json!({"rp": {"id": 1, "name": "Example"}}),
        json!({"rp": {"id": "example.com"}}),
        json!({"user": {"id": "YQ", "name": "alice"}}),
        json!({"user": {"id": [97], "name": "alice", "displayName": "Alice"}}),
        json!({"challenge": 1}),
        json!({"challenge": null}),
        json!({"pubKeyCredParams": {"type": "public-key", "alg": -7}}),
        json!({"pubKeyCredParams": [{"type": "public-key"}]}),
        json!({"pubKeyCredParams": [{"type": "public-key", "alg": "-7"}]}),
        json!({"pubKeyCredParams": [{"alg": -7}]}),
        json!({"timeout": "soon"}),
        json!({"excludeCredentials": {}}),
        json!({"excludeCredentials": ["AAAA"]}),
        json!({"excludeCredentials": [{"type": "public-key"}]}),
        json!({"authenticatorSelection": "platform"}),
        json!({"authenticatorSelection": {"userVerification": true}}),
        json!({"attestation": 1}),
        json!({"attestationFormats": "packed"}),
        json!({"extensions": []}),
        json!({"extensions": {"credProps": "yes"}}),
        json!({"extensions": {"prf": true}}),
        json!({"extensions": {"prf": {"eval": "AAAA"}}}),
        json!({"extensions": {"prf": {"eval": {"second": "AAAA"}}}}),
    ] {
        assert_eq!(creation_exception(members.clone()), "TypeError", "{members}");
    }
}

#[test]
fn a_user_id_has_1_to_64_bytes() {
    let user = |len: usize| {
        let id = crate::world::b64(&vec![7; len]);
        parse_creation(json!({"user": {"id": id, "name": "alice", "displayName": "Alice"}}))
    };
    assert_eq!(user(0).unwrap_err().dom_exception(), "TypeError");
    assert_eq!(user(65).unwrap_err().dom_exception(), "TypeError");
    user(1).unwrap();
    user(64).unwrap();
}

#[test]
fn bytes_are_base64url_without_padding_and_without_spare_bits() {
    for bad in ["AAA=", "AA==", "+/+/", "A", "AB", "AA AA", "AAAA\n", "ÄÄÄÄ"] {
        for members in [
            json!({"challenge": bad}),
            json!({"user": {"id": bad, "name": "alice", "displayName": "Alice"}}),
            json!({"excludeCredentials": [{"type": "public-key", "id": bad}]}),
            json!({"extensions": {"prf": {"eval": {"first": bad}}}}),
            json!({"extensions": {"prf": {"eval": {"first": "AAAA", "second": bad}}}}),
        ] {
            assert_eq!(creation_exception(members.clone()), "EncodingError", "{members}");
        }
        let allow = json!({"allowCredentials": [{"type": "public-key", "id": bad}]});
        assert_eq!(parse_request(allow).unwrap_err().dom_exception(), "EncodingError", "{bad}");
    }
}

#[test]
fn what_appears_twice_is_refused() {
    let twice = r#"{"challenge": "AAAA", "challenge": "BBBB"}"#;
    assert_eq!(RequestOptions::from_json(twice).unwrap_err().dom_exception(), "TypeError");
}

#[test]
fn what_follows_the_options_is_refused() {
    let error = RequestOptions::from_json(r#"{"challenge": "AAAA"} {}"#).unwrap_err();
    assert_eq!(error.dom_exception(), "TypeError");
}

#[test]
fn lists_and_documents_have_a_longest_length() {
    let id = json!({"type": "public-key", "id": "AAAA"});
    let ids = |count| Value::Array(vec![id.clone(); count]);
    parse_creation(json!({"excludeCredentials": ids(1024)})).unwrap();
    assert_eq!(creation_exception(json!({"excludeCredentials": ids(1025)})), "TypeError");
    parse_request(json!({"allowCredentials": ids(1024)})).unwrap();
    parse_request(json!({"allowCredentials": ids(1025)})).unwrap_err();
    let algorithms = |count| json!({"pubKeyCredParams": vec![json!({"type": "public-key", "alg": -7}); count]});
    parse_creation(algorithms(256)).unwrap();
    assert_eq!(creation_exception(algorithms(257)), "TypeError");
    parse_request(json!({"future": "x".repeat(1 << 19)})).unwrap();
    parse_request(json!({"future": "x".repeat(1 << 20)})).unwrap_err();
}

#[test]
fn nesting_costs_no_stack() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    RequestOptions::from_json(&format!(r#"{{"challenge": "AAAA", "future": {deep}}}"#)).unwrap();
    for member in ["challenge", "timeout", "allowCredentials", "extensions"] {
        let error = RequestOptions::from_json(&format!(r#"{{"{member}": {deep}}}"#)).unwrap_err();
        assert_eq!(error.dom_exception(), "TypeError", "{member}");
    }
}

#[test]
fn ids_no_credential_can_have_are_nobodys() {
    let too_long = crate::world::b64(&[7; 1024]);
    parse_creation(json!({"excludeCredentials": [{"type": "public-key", "id": too_long}]})).unwrap();
    parse_request(json!({"allowCredentials": [{"type": "public-key", "id": ""}]})).unwrap();
}

#[test]
fn timeouts_are_moved_into_a_reasonable_range() {
    for (timeout, seconds) in [
        (json!(null), 300),
        (json!(-1), 10),
        (json!(0), 10),
        (json!(1), 10),
        (json!(60_000), 60),
        (json!(60_000.0), 60),
        (json!(4_294_967_295_u32), 600),
        (json!(1e300), 600),
    ] {
        let expected = Duration::from_secs(seconds);
        assert_eq!(parse_creation(json!({"timeout": timeout})).unwrap().timeout(), expected, "{timeout}");
        assert_eq!(parse_request(json!({"timeout": timeout})).unwrap().timeout(), expected, "{timeout}");
    }
}

#[test]
fn errors_repeat_nothing_that_the_page_said() {
    let secret = "hunter2";
    for members in [json!({"rp": secret}), json!({"challenge": secret}), json!({"timeout": secret})] {
        let error = parse_creation(members).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(secret));
    }
}
