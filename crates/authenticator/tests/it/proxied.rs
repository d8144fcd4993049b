//! Requests that a browser hands over itself, in the form in which Chromium does.

use roamkey_authenticator::{
    WebauthnError,
    webauthn::{CreationOptions, Proxied, RequestOptions},
};
use serde_json::{Value, json};

use crate::world::{creation, sign_in, with};

fn handed(options: &Value, word: &Value) -> Result<Proxied, WebauthnError> {
    let options =
        with(options.clone(), json!({"extensions": {"credProps": true, "remoteDesktopClientOverride": word}}));
    Proxied::from_json(&options.to_string())
}

fn refused(result: Result<Proxied, WebauthnError>) -> &'static str {
    result.unwrap_err().dom_exception()
}

#[test]
fn the_browser_s_word_says_who_asks() {
    let word = json!({"origin": "https://login.example.com:8443", "sameOriginWithAncestors": true});
    let Proxied { caller, options } = handed(&sign_in(), &word).unwrap();
    assert_eq!(caller.origin().as_str(), "https://login.example.com:8443");
    assert!(!caller.is_cross_origin());
    assert_eq!(options["extensions"], json!({"credProps": true}), "the word is no wish of the site's");
    RequestOptions::from_json(&options.to_string()).unwrap();
}

#[test]
fn a_frame_inside_another_site_is_cross_origin_with_a_top_that_nobody_names() {
    let word = json!({"origin": "https://example.com", "sameOriginWithAncestors": false});
    let Proxied { caller, options } = handed(&creation("alice"), &word).unwrap();
    assert!(caller.is_cross_origin());
    assert_eq!(caller.top_origin(), None);
    CreationOptions::from_json(&options.to_string()).unwrap();
}

#[test]
fn who_asks_is_never_guessed() {
    let options =
        [json!({}), json!({"extensions": {}}), json!({"extensions": []}), json!({"extensions": {"credProps": true}})];
    for options in options {
        assert_eq!(refused(Proxied::from_json(&options.to_string())), "TypeError", "{options}");
    }
    for (word, name) in [
        (json!(null), "TypeError"),
        (json!({}), "TypeError"),
        (json!({"origin": "https://example.com"}), "TypeError"),
        (json!({"sameOriginWithAncestors": true}), "TypeError"),
        (json!({"origin": "https://example.com", "sameOriginWithAncestors": "true"}), "TypeError"),
        (json!({"origin": "https://example.com", "sameOriginWithAncestors": true, "more": 1}), "TypeError"),
        (json!(["https://example.com", true]), "TypeError"),
        (json!({"origin": "null", "sameOriginWithAncestors": true}), "NotAllowedError"),
        (json!({"origin": "http://example.com", "sameOriginWithAncestors": true}), "SecurityError"),
        (json!({"origin": "https://example.com/", "sameOriginWithAncestors": true}), "SecurityError"),
        (json!({"origin": "chrome-extension://abcdefghijklmnop", "sameOriginWithAncestors": true}), "SecurityError"),
    ] {
        assert_eq!(refused(handed(&sign_in(), &word)), name, "{word}");
    }
    for text in ["", "[]", "7", "{", "null"] {
        assert_eq!(refused(Proxied::from_json(text)), "TypeError", "{text}");
    }
}
