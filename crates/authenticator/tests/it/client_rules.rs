//! The client's decisions, by the vectors that Rust and TypeScript share.

use std::{collections::BTreeMap, time::Duration};

use roamkey_authenticator::{
    Algorithm, BackupEligibility, CredentialId, CredentialSummary, Discoverability, Protection, RpId, User, UserHandle,
    Visibility, WebauthnError,
    webauthn::{
        Caller, CreateDecision, Creation, CreationOptions, Fetched, FilledPassword, GetDecision, Held, Mediation,
        Origin, Place, RequestOptions, Signal, SignalKind, UiMode, Vault, decide_create, decide_get,
        merge_capabilities,
    },
};
use serde_json::{Value, json};

use crate::{
    relying_party::bytes,
    vectors::cases,
    world::{World, creation, descriptors, exception, page, sign_in, with},
};

#[test]
fn frames_are_described_as_in_the_vectors() {
    for case in cases("ancestors") {
        let origin = Origin::parse(text(&case["origin"])).unwrap();
        let ancestors: Vec<&str> = case["ancestors"].as_array().unwrap().iter().map(text).collect();
        match Caller::framed(origin, ancestors) {
            Ok(caller) => {
                assert_eq!(json!(caller.is_cross_origin()), case["crossOrigin"], "{case}");
                assert_eq!(json!(caller.top_origin()), case["topOrigin"], "{case}");
            }
            Err(error) => assert_eq!(error.dom_exception(), case["error"], "{case}"),
        }
    }
}

#[test]
fn related_origins_are_judged_as_in_the_vectors() {
    for case in cases("related-origins") {
        let mut world = World::new();
        world.caller = page(text(&case["origin"]));
        let rp = match case["asked"].as_str() {
            Some(id) => json!({"id": id, "name": "Example"}),
            None => json!({"name": "Example"}),
        };
        let creating = with(creation("alice"), json!({"rp": rp}));
        let signing = with(sign_in(), case["asked"].as_str().map_or(json!({}), |id| json!({"rpId": id})));
        let asking = CreationOptions::from_json(&creating.to_string()).unwrap().related_origins(&world.caller);
        let also = RequestOptions::from_json(&signing.to_string()).unwrap().related_origins(&world.caller);
        assert_eq!(asking, also, "{case}");
        assert_eq!(json!(asking.as_ref().map(|request| request.url())), case["url"], "{case}");
        let Some(request) = asking else { continue };

        assert_eq!(exception(world.prompt_create(&creating)), "SecurityError", "{case}");
        let fetched = Fetched {
            status: u16::try_from(case["status"].as_u64().unwrap()).unwrap(),
            content_type: text(&case["contentType"]),
            body: text(&case["body"]).as_bytes(),
        };
        match request.judge(&fetched) {
            Ok(relation) => {
                assert_eq!(case["allowed"], true, "{case}");
                world.caller = world.caller.with_relation(relation);
                let made = world.create(&creating).unwrap();
                assert!(made.verifies(&world.get(&signing).unwrap()), "{case}");
            }
            Err(error) => {
                assert_eq!((&case["allowed"], error.dom_exception()), (&json!(false), "SecurityError"), "{case}");
            }
        }
    }
}

#[test]
fn a_relation_serves_no_other_origin_and_no_other_id() {
    let ask = |id: &str| with(creation("alice"), json!({"rp": {"id": id, "name": "Example"}}));
    let caller = page("https://example.co.uk");
    let options = CreationOptions::from_json(&ask("example.com").to_string()).unwrap();
    let body = br#"{"origins": ["https://example.co.uk"]}"#;
    let fetched = Fetched { status: 200, content_type: "application/json", body };
    let relation = options.related_origins(&caller).unwrap().judge(&fetched).unwrap();

    let mut world = World::new();
    world.caller = caller.with_relation(relation.clone());
    assert_eq!(world.prompt_create(&ask("example.com")).unwrap().rp_id.as_str(), "example.com");
    assert_eq!(exception(world.prompt_create(&ask("example.net"))), "SecurityError");
    world.caller = page("https://www.example.co.uk").with_relation(relation);
    assert_eq!(exception(world.prompt_create(&ask("example.com"))), "SecurityError");
}

#[test]
fn hints_point_where_the_vectors_say() {
    for case in cases("hints") {
        let selection = json!({"authenticatorAttachment": case["attachment"]});
        let asked = with(creation("alice"), json!({"hints": case["hints"], "authenticatorSelection": selection}));
        let options = CreationOptions::from_json(&asked.to_string()).unwrap();
        assert_eq!(options.place(), place(&case["place"]), "{case}");
        if case["attachment"].is_null() {
            let asked = with(sign_in(), json!({"hints": case["hints"]}));
            assert_eq!(RequestOptions::from_json(&asked.to_string()).unwrap().place(), place(&case["place"]), "{case}");
        }
    }
}

#[test]
fn sign_ins_are_mediated_as_in_the_vectors() {
    for case in cases("mediated-get") {
        let asked = if case["allowCredentials"] == true {
            with(sign_in(), json!({"allowCredentials": descriptors(&[b"one"])}))
        } else {
            sign_in()
        };
        let options = RequestOptions::from_json(&asked.to_string()).unwrap();
        let ui_mode = if case["uiMode"] == "immediate" { UiMode::Immediate } else { UiMode::Modal };
        let decided = match decide_get(&options, mediation(&case), ui_mode, vault(&case)) {
            GetDecision::Ask => "ask",
            GetDecision::Unlock => "unlock",
            GetDecision::Offer => "offer",
            GetDecision::OfferToUnlock => "offerToUnlock",
            GetDecision::Native => "native",
            GetDecision::Refuse(error) => error.dom_exception(),
        };
        assert_eq!(case["decision"], decided, "{case}");
    }
}

#[test]
fn creations_are_mediated_as_in_the_vectors() {
    for case in cases("mediated-create") {
        let handle = UserHandle::try_from(&b"ann"[..]).unwrap();
        let held = if case["held"] == true { vec![summary(&case_credential("AQ"))] } else { Vec::new() };
        let creation = Creation {
            user_name: text(&case["userName"]),
            user_handle: &handle,
            place: place(&case["place"]),
            excluded: case["excluded"] == true,
            held: &held,
        };
        let filled = case["filled"].as_object().map(|filled| FilledPassword {
            user_name: text(&filled["userName"]).to_owned(),
            age: Duration::from_millis(filled["ageMs"].as_u64().unwrap()),
        });
        let decided = match decide_create(&creation, mediation(&case), vault(&case), filled.as_ref()) {
            CreateDecision::Ask => "ask",
            CreateDecision::Unlock => "unlock",
            CreateDecision::Upgrade => "upgrade",
            CreateDecision::Native => "native",
        };
        assert_eq!(case["decision"], decided, "{case}");
    }
}

#[test]
fn capabilities_are_merged_as_in_the_vectors() {
    for case in cases("capabilities") {
        let browser: BTreeMap<String, bool> = serde_json::from_value(case["browser"].clone()).unwrap();
        let merged = merge_capabilities(&browser);
        assert_eq!(json!(merged), case["merged"], "{case}");
        assert!(merged.keys().is_sorted());
    }
}

#[test]
fn signals_change_what_the_vectors_say_and_can_be_undone() {
    for case in cases("signals") {
        let held = match signal(&case) {
            Ok(signal) => signal,
            Err(error) => {
                assert_eq!(error.dom_exception(), case["error"], "{case}");
                continue;
            }
        };
        let (before, after) = (credentials(&case["before"]), credentials(&case["after"]));
        let changes = held.changes(&before);
        let mut now = before.clone();
        for change in &changes {
            let target = now.iter_mut().find(|held| held.summary.id == *change.credential()).unwrap();
            assert!(change.apply(target), "{case}");
        }
        assert_eq!(now, after, "{case}");
        assert!(held.changes(&now).is_empty(), "{case}");
        for change in &changes {
            let target = now.iter_mut().find(|held| held.summary.id == *change.credential()).unwrap();
            assert!(change.undo().apply(target), "{case}");
        }
        assert_eq!(now, before, "{case}");
    }
}

#[test]
fn undoing_a_signal_does_not_undo_what_a_person_did_since() {
    let argument = json!({"rpId": "example.com", "userId": "YW5u", "name": "new", "displayName": "New"});
    let signal =
        Signal::from_json(SignalKind::CurrentUserDetails, &page("https://example.com"), &argument.to_string()).unwrap();
    let mut held = credentials(&json!([case_credential("AQ")])).remove(0);
    let change = signal.changes(&[held.clone()]).remove(0);
    assert!(change.apply(&mut held));
    held.summary.user.name = Some("mine".to_owned());
    let before = held.clone();
    assert!(!change.undo().apply(&mut held));
    assert_eq!(held, before);
}

fn signal(case: &Value) -> Result<Signal, WebauthnError> {
    let kind = match text(&case["kind"]) {
        "unknownCredential" => SignalKind::UnknownCredential,
        "allAcceptedCredentials" => SignalKind::AllAcceptedCredentials,
        "currentUserDetails" => SignalKind::CurrentUserDetails,
        other => panic!("no signal named {other}"),
    };
    Signal::from_json(kind, &page(text(&case["origin"])), &case["argument"].to_string())
}

fn credentials(list: &Value) -> Vec<Held> {
    let held = |case: &Value| Held {
        summary: summary(case),
        visibility: if case["hidden"] == true { Visibility::Hidden } else { Visibility::Offered },
    };
    list.as_array().unwrap().iter().map(held).collect()
}

fn case_credential(id: &str) -> Value {
    json!({"id": id, "rpId": "example.com", "user": "YW5u", "name": "ann", "displayName": "Ann", "hidden": false})
}

fn summary(case: &Value) -> CredentialSummary {
    CredentialSummary {
        id: CredentialId::try_from(bytes(&case["id"]).as_slice()).unwrap(),
        rp_id: RpId::try_from(text(&case["rpId"])).unwrap(),
        user: User {
            handle: Some(UserHandle::try_from(bytes(&case["user"]).as_slice()).unwrap()),
            name: Some(text(&case["name"]).to_owned()),
            display_name: Some(text(&case["displayName"]).to_owned()),
        },
        algorithm: Algorithm::Es256,
        created_ms: 0,
        eligibility: BackupEligibility::Synced,
        discoverability: Discoverability::Discoverable,
        protection: Protection::Optional,
    }
}

fn mediation(case: &Value) -> Mediation {
    match text(&case["mediation"]) {
        "silent" => Mediation::Silent,
        "optional" => Mediation::Optional,
        "conditional" => Mediation::Conditional,
        "required" => Mediation::Required,
        other => panic!("no mediation named {other}"),
    }
}

fn vault(case: &Value) -> Vault {
    match &case["vault"] {
        Value::String(state) if state == "absent" => Vault::Absent,
        Value::String(state) if state == "locked" => Vault::Locked,
        state => Vault::Unlocked { serving: state.as_u64().map_or(0, |count| usize::try_from(count).unwrap()) },
    }
}

fn place(name: &Value) -> Place {
    match text(name) {
        "here" => Place::Here,
        "elsewhere" => Place::Elsewhere,
        "anywhere" => Place::Anywhere,
        other => panic!("no place named {other}"),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
