use std::{
    future::Future as _,
    pin::pin,
    rc::Rc,
    task::{Context, Waker},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::browser::{PASSPHRASE, Profile, Worker};

fn create(rp: &str) -> Value {
    json!({
        "kind": "create",
        "caller": {"origin": format!("https://{rp}"), "crossOrigin": false},
        "options": {
            "rp": {"id": rp, "name": "The shop"},
            "user": {"id": "AQID", "name": "ann@example.org", "displayName": "Ann"},
            "challenge": "AAECAwQFBgcICQoLDA0ODw",
            "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
        },
    })
}

fn get(rp: &str) -> Value {
    json!({
        "kind": "get",
        "caller": {"origin": format!("https://{rp}"), "crossOrigin": false},
        "options": {"rpId": rp, "challenge": "AAECAwQFBgcICQoLDA0ODw"},
    })
}

fn with(mut request: Value, kind: &str, consent: Option<Value>) -> Value {
    request["type"] = json!(kind);
    if let Some(consent) = consent {
        request["consent"] = consent;
    }
    request
}

fn prompt(request: Value) -> Value {
    with(request, "passkeyPrompt", None)
}

/// Completes a request with the consent that was given to it, and to no other.
fn complete(worker: &Worker, request: Value) -> Value {
    let asked = worker.ok(&prompt(request.clone()));
    // Of what nobody is asked about, nothing is shown.
    let shown = asked["prompt"]["request"].as_str().unwrap_or_default();
    consented(request, json!(shown))
}

fn consented(request: Value, shown: Value) -> Value {
    with(request, "passkeyComplete", Some(json!({"request": shown, "present": true, "verified": false})))
}

#[test]
fn a_passkey_is_made_offered_and_used() {
    let worker = Worker::with_account(&Rc::default());
    let asked = worker.ok(&prompt(create("shop.example")));
    assert_eq!((&asked["decision"], &asked["prompt"]["rpId"]), (&json!("ask"), &json!("shop.example")));
    assert_eq!(asked["prompt"]["user"], json!({"name": "ann@example.org", "displayName": "Ann"}));
    let made = worker.ok(&complete(&worker, create("shop.example")));

    let offered = worker.ok(&prompt(get("shop.example")));
    let account = &offered["prompt"]["accounts"][0];
    assert_eq!((&account["userName"], account.get("lastUsed")), (&json!("ann@example.org"), None));
    let used = worker.ok(&complete(&worker, get("shop.example")));
    assert_eq!(used["response"]["id"], made["response"]["id"]);
    let offered = worker.ok(&prompt(get("shop.example")));
    assert!(offered["prompt"]["accounts"][0]["lastUsed"].is_u64());
    let items = worker.ok(&json!({"type": "items", "offset": 0, "limit": 10}));
    assert_eq!((&items["counts"]["passkeys"], &items["items"][0]["site"]), (&json!(1), &json!("shop.example")));
}

#[test]
fn what_is_not_ours_is_left_to_the_browser() {
    let nothing_here = Worker::start(&Rc::default());
    assert_eq!(nothing_here.ok(&prompt(get("shop.example")))["decision"], "native");
    let worker = Worker::with_account(&Rc::default());
    assert_eq!(worker.ok(&prompt(get("shop.example")))["decision"], "native");
    let mut key = create("shop.example");
    key["options"]["authenticatorSelection"] = json!({"authenticatorAttachment": "cross-platform"});
    assert_eq!(worker.ok(&prompt(key))["decision"], "native");
    let mut hinted = create("shop.example");
    hinted["options"]["hints"] = json!(["security-key"]);
    assert_eq!(worker.ok(&prompt(hinted))["decision"], "native");
    let mut foreign = create("shop.example");
    foreign["options"]["pubKeyCredParams"] = json!([{"type": "public-key", "alg": -47}]);
    assert_eq!(worker.ok(&prompt(foreign))["decision"], "native");
}

#[test]
fn a_page_gets_what_its_extensions_answer_and_a_key_of_the_algorithm_it_asked_for() {
    let worker = Worker::with_account(&Rc::default());
    for alg in [-8, -35, -48, -9] {
        let mut asked = create("shop.example");
        asked["options"]["pubKeyCredParams"] = json!([{"type": "public-key", "alg": alg}]);
        let made = worker.ok(&complete(&worker, asked));
        assert_eq!(made["response"]["response"]["publicKeyAlgorithm"], alg);
    }
    let mut asked = create("blobs.example");
    asked["options"]["extensions"] = json!({
        "credBlob": "AAEC", "credProps": true, "largeBlob": {"support": "required"},
        "credentialProtectionPolicy": "userVerificationOptionalWithCredentialIDList",
    });
    let made = worker.ok(&complete(&worker, asked));
    let told = json!({"credBlob": true, "credProps": {"rk": true}, "largeBlob": {"supported": true}});
    assert_eq!(made["response"]["clientExtensionResults"], told);

    let use_blob = |input: Value| {
        let mut asked = get("blobs.example");
        let named = json!([{"type": "public-key", "id": made["response"]["id"]}]);
        asked["options"]["allowCredentials"] = named;
        asked["options"]["extensions"] = json!({"getCredBlob": true, "largeBlob": input});
        worker.ok(&complete(&worker, asked))["response"]["clientExtensionResults"].clone()
    };
    assert_eq!(use_blob(json!({"write": "BQ"})), json!({"getCredBlob": "AAEC", "largeBlob": {"written": true}}));
    assert_eq!(use_blob(json!({"read": true})), json!({"getCredBlob": "AAEC", "largeBlob": {"blob": "BQ"}}));
}

#[test]
fn a_locked_vault_asks_to_be_unlocked_but_not_for_what_is_refused_anyway() {
    let worker = Worker::with_account(&Rc::default());
    worker.ok(&json!({"type": "lock"}));
    assert_eq!(worker.ok(&prompt(get("shop.example"))), json!({"decision": "unlock", "rpId": "shop.example"}));
    let mut foreign = get("shop.example");
    foreign["caller"]["origin"] = json!("https://evil-shop.example");
    foreign["fetched"] = document("https://other.test");
    let refused = worker.ok(&prompt(foreign));
    assert_eq!((&refused["decision"], &refused["name"]), (&json!("refuse"), &json!("SecurityError")));
}

#[test]
fn a_site_that_wants_the_person_verified_gets_nothing_without() {
    let worker = Worker::with_account(&Rc::default());
    let mut demanding = create("shop.example");
    demanding["options"]["authenticatorSelection"] = json!({"userVerification": "required"});
    assert_eq!(worker.ok(&prompt(demanding.clone()))["prompt"]["userVerification"], "required");
    let failure = worker.fails(&complete(&worker, demanding));
    assert_eq!((&failure["code"], &failure["name"]), (&json!("dom"), &json!("NotAllowedError")));
    assert_eq!(worker.ok(&json!({"type": "items", "offset": 0, "limit": 1}))["total"], 0);
}

#[test]
fn a_consent_serves_no_other_request_than_the_one_that_was_shown() {
    let worker = Worker::with_account(&Rc::default());
    let shown = worker.ok(&prompt(create("shop.example")))["prompt"]["request"].clone();
    let elsewhere = create("bank.example");
    let mut later = create("shop.example");
    later["options"]["challenge"] = json!("__7__P__BgcICQoLDA0ODw");
    let signing_in = get("shop.example");
    for other in [elsewhere, later, signing_in] {
        let failure = worker.fails(&consented(other, shown.clone()));
        assert_eq!((&failure["code"], &failure["name"]), (&json!("dom"), &json!("NotAllowedError")));
    }
    let unshown = worker.fails(&consented(create("shop.example"), json!("")));
    assert_eq!(unshown["code"], "badRequest");
    assert_eq!(worker.ok(&json!({"type": "items", "offset": 0, "limit": 1}))["total"], 0);
    worker.ok(&consented(create("shop.example"), shown));
}

#[test]
fn a_passkey_is_not_called_backed_up_before_the_server_signed_for_it() {
    let worker = Worker::with_account(&Rc::default());
    worker.ok(&complete(&worker, create("shop.example")));
    let used = worker.ok(&complete(&worker, get("shop.example")));
    let data = used["response"]["response"]["authenticatorData"].as_str().unwrap();
    // Flags follow the 32 bytes of the rpId's hash: UP and BE are set; UV and BS are not.
    assert_eq!(flags(data), 0b0000_1001);
}

/// The path of the passphrase: what the person did for this request, and the flag that a site sees.
#[test]
fn uv_is_set_after_the_passphrase_and_at_no_other_time() {
    let worker = Worker::with_account(&Rc::default());
    worker.ok(&complete(&worker, create("shop.example")));
    let passphrase = |kind: &str, text: &str| json!({"type": kind, "passphrase": text});
    let sign_in = |verified: bool| {
        let mut asked = complete(&worker, get("shop.example"));
        asked["consent"]["verified"] = json!(verified);
        asked
    };
    let uv = |request: &Value| {
        let used = worker.ok(request);
        flags(used["response"]["response"]["authenticatorData"].as_str().unwrap()) & UV != 0
    };
    // Open since long ago: nobody was verified within the request.
    assert!(!uv(&sign_in(false)));
    worker.ok(&passphrase("verify", PASSPHRASE));
    assert!(uv(&sign_in(true)));
    assert!(!uv(&sign_in(false)), "and for that request alone");
    assert_eq!(worker.fails(&passphrase("verify", "wrong"))["code"], "wrongPassphrase");

    // Locked: no claim of a verification opens anything, the passphrase does.
    let (claimed, plain) = (sign_in(true), sign_in(false));
    worker.ok(&json!({"type": "lock"}));
    assert_eq!(worker.fails(&passphrase("unlock", "wrong"))["code"], "wrongPassphrase");
    assert_eq!(worker.fails(&claimed)["code"], "locked");
    worker.ok(&passphrase("unlock", PASSPHRASE));
    assert!(uv(&claimed));
    assert!(!uv(&plain));
}

/// User verified (WebAuthn 6.1).
const UV: u8 = 0b0000_0100;

#[test]
fn a_passkey_in_the_trash_is_offered_to_nobody() {
    let worker = Worker::with_account(&Rc::default());
    worker.ok(&complete(&worker, create("shop.example")));
    let items = worker.ok(&json!({"type": "items", "offset": 0, "limit": 10}));
    worker.ok(&json!({"type": "trash", "id": items["items"][0]["id"]}));
    assert_eq!(worker.ok(&prompt(get("shop.example")))["decision"], "native");
}

#[test]
fn a_sign_in_does_not_wait_for_a_slow_sync() {
    let profile = Rc::new(Profile::default());
    let worker = Worker::with_account(&profile);
    worker.ok(&complete(&worker, create("shop.example")));
    profile.hangs.set(true);
    let sync = json!({"type": "sync"});
    let mut syncing = pin!(worker.ask(&sync));
    let mut context = Context::from_waker(Waker::noop());
    assert!(syncing.as_mut().poll(&mut context).is_pending());
    worker.ok(&complete(&worker, get("shop.example")));
    worker.ok(&complete(&worker, create("other.example")));
    assert!(syncing.as_mut().poll(&mut context).is_pending());
}

/// The cost of a cold sign-in: as many rows for a large vault as for a small one.
#[test]
fn a_cold_sign_in_reads_no_more_of_a_large_vault_than_of_a_small_one() {
    let cost = |notes: usize| {
        let profile = Rc::new(Profile::default());
        let worker = Worker::with_account(&profile);
        worker.ok(&complete(&worker, create("shop.example")));
        let pending = worker.ok(&json!({"type": "state"}))["membership"]["pending"].as_u64().unwrap();
        for number in 0..notes {
            worker.ok(&complete(&worker, create(&format!("site-{number}.example"))));
        }
        let sign_in = complete(&worker, get("shop.example"));
        profile.reads.set(0);
        Worker::start(&profile).ok(&sign_in);
        (profile.reads.get(), usize::try_from(pending).unwrap())
    };
    let (small, pending) = cost(0);
    let (large, _) = cost(200);
    // Offline every passkey is a pending operation, whose key the engine has to know; nothing else grows.
    assert!(large <= small + 200 + LOOK_UP, "{small} rows, and {large} with 200 passkeys more, {pending} pending");
}

/// What a look-up may read beyond its own rows.
const LOOK_UP: usize = 40;

fn flags(authenticator_data: &str) -> u8 {
    URL_SAFE_NO_PAD.decode(authenticator_data).unwrap()[32]
}

#[test]
fn a_passkey_is_listed_under_the_name_that_a_person_gives_it() {
    let worker = Worker::with_account(&Rc::default());
    worker.ok(&complete(&worker, create("shop.example")));
    let listed = || worker.ok(&json!({"type": "items", "offset": 0, "limit": 10}))["items"][0].clone();
    assert_eq!(listed()["account"], "Ann (ann@example.org)");
    worker.ok(&json!({"type": "renameItem", "id": listed()["id"], "title": "Work"}));
    let (title, account) = (listed()["title"].clone(), listed()["account"].clone());
    assert_eq!((title, account), (json!("shop.example"), json!("Work (ann@example.org)")));
}

#[test]
fn a_request_of_a_related_site_waits_for_the_word_of_the_owner() {
    let worker = Worker::with_account(&Rc::default());
    worker.ok(&complete(&worker, create("shop.example")));
    let mut asked = get("shop.example");
    asked["caller"]["origin"] = json!("https://shop.test");
    let wanted = worker.ok(&prompt(asked.clone()));
    assert_eq!(wanted, json!({"decision": "fetch", "url": "https://shop.example/.well-known/webauthn"}));
    assert_eq!(worker.fails(&complete(&worker, asked.clone()))["name"], "SecurityError");

    asked["fetched"] = document("https://other.test");
    assert_eq!(worker.ok(&prompt(asked.clone()))["name"], "SecurityError");
    assert_eq!(worker.fails(&complete(&worker, asked.clone()))["name"], "SecurityError");
    asked["fetched"] = document("https://shop.test");
    assert_eq!(worker.ok(&prompt(asked.clone()))["decision"], "ask");
    assert!(worker.ok(&complete(&worker, asked))["response"]["id"].is_string());
}

fn document(origin: &str) -> Value {
    let body = json!({ "origins": [origin] }).to_string();
    json!({"status": 200, "contentType": "application/json", "body": body})
}

#[test]
fn an_immediate_request_sees_what_is_at_hand_and_no_more() {
    let profile = Rc::default();
    let worker = Worker::with_account(&profile);
    let mut asked = get("shop.example");
    asked["mediation"] = json!("immediate");
    assert_eq!(worker.ok(&prompt(asked.clone()))["decision"], "native");
    let made = worker.ok(&complete(&worker, create("shop.example")));
    assert_eq!(worker.ok(&prompt(asked.clone()))["decision"], "ask");
    let mut named = asked.clone();
    named["options"]["allowCredentials"] = json!([{"type": "public-key", "id": made["response"]["id"]}]);
    assert_eq!(worker.ok(&prompt(named))["name"], "NotAllowedError");
    worker.ok(&json!({"type": "lock"}));
    assert_eq!(worker.ok(&prompt(asked))["decision"], "native");
    let mut offered = get("shop.example");
    offered["mediation"] = json!("conditional");
    assert_eq!(worker.ok(&prompt(offered))["decision"], "unlock");
}

#[test]
fn what_a_site_disowns_is_hidden_and_comes_back_by_the_person() {
    let worker = Worker::with_account(&Rc::default());
    let made = worker.ok(&complete(&worker, create("shop.example")));
    let id = &made["response"]["id"];
    let signal = |origin: &str, signal: &str, options: Value| json!({"type": "passkeySignal", "signal": signal, "caller": {"origin": origin, "crossOrigin": false}, "options": options});
    let unknown = json!({"rpId": "shop.example", "credentialId": id});
    let foreign = worker.fails(&signal("https://bank.example", "unknownCredential", unknown.clone()));
    assert_eq!(foreign["name"], "SecurityError");
    assert_eq!(worker.ok(&signal("https://shop.example", "unknownCredential", unknown))["changed"], 1);
    assert_eq!(worker.ok(&prompt(get("shop.example")))["decision"], "native");

    let item = worker.ok(&json!({"type": "items", "offset": 0, "limit": 1}))["items"][0]["id"].clone();
    assert_eq!(worker.ok(&json!({"type": "item", "id": item}))["detail"]["hidden"], true);
    worker.ok(&json!({"type": "offerAgain", "id": item}));
    assert_eq!(worker.ok(&prompt(get("shop.example")))["decision"], "ask");

    let names = json!({"rpId": "shop.example", "userId": "AQID", "name": "ann@new.example", "displayName": "Ann B."});
    assert_eq!(worker.ok(&signal("https://shop.example", "currentUserDetails", names))["changed"], 1);
    assert_eq!(worker.ok(&prompt(get("shop.example")))["prompt"]["accounts"][0]["userName"], "ann@new.example");
}

#[test]
fn what_a_browser_hands_over_goes_the_way_of_every_request() {
    let worker = Worker::with_account(&Rc::default());
    worker.ok(&complete(&worker, create("shop.example")));
    let word = json!({"origin": "https://shop.example", "sameOriginWithAncestors": false});
    let details = json!({"rpId": "shop.example", "challenge": "AAECAwQFBgcICQoLDA0ODw", "extensions": {"remoteDesktopClientOverride": word}});
    let handed = worker.ok(&json!({"type": "passkeyProxied", "details": details.to_string()}));
    assert_eq!(handed["caller"], json!({"origin": "https://shop.example", "crossOrigin": true}));
    let asked = json!({"kind": "get", "caller": handed["caller"], "options": handed["options"]});
    assert_eq!(worker.ok(&prompt(asked))["decision"], "ask");
    let nobody = worker.fails(&json!({"type": "passkeyProxied", "details": "{}"}));
    assert_eq!((&nobody["code"], &nobody["name"]), (&json!("dom"), &json!("TypeError")));
}

#[test]
fn capabilities_are_the_browsers_alone_where_there_is_no_vault() {
    let asked = json!({"type": "capabilities", "capabilities": {"hybridTransport": true, "relatedOrigins": false}});
    let nothing_here = Worker::start(&Rc::default());
    assert_eq!(nothing_here.ok(&asked)["capabilities"], asked["capabilities"]);
    let merged = Worker::with_account(&Rc::default()).ok(&asked)["capabilities"].take();
    assert_eq!((&merged["hybridTransport"], &merged["relatedOrigins"]), (&json!(true), &json!(true)));
}
