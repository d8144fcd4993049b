use std::rc::Rc;

use serde_json::json;

use super::browser::{PASSPHRASE, Profile, Worker};

#[test]
fn a_browser_goes_from_empty_to_unlocked_to_locked_and_back() {
    let profile = Rc::new(Profile::default());
    let worker = Worker::start(&profile);
    assert_eq!(worker.ok(&json!({"type": "state"})), json!({"phase": "empty"}));
    let worker = Worker::with_account(&profile);
    assert_eq!(worker.ok(&json!({"type": "state"}))["phase"], "unlocked");
    assert_eq!(worker.ok(&json!({"type": "lock"}))["phase"], "locked");
    assert_eq!(worker.fails(&json!({"type": "devices"}))["code"], "locked");
    assert_eq!(worker.ok(&json!({"type": "unlock", "passphrase": PASSPHRASE}))["phase"], "unlocked");
    assert_eq!(worker.ok(&json!({"type": "reset"})), json!({"phase": "empty"}));
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_verifies_nobody() {
    let worker = Worker::with_account(&Rc::default());
    let wrong = json!({"type": "verify", "passphrase": "wrong"});
    assert_eq!(worker.fails(&wrong)["code"], "wrongPassphrase");
    worker.ok(&json!({"type": "lock"}));
    let wrong = json!({"type": "unlock", "passphrase": "wrong"});
    assert_eq!(worker.fails(&wrong)["code"], "wrongPassphrase");
    assert_eq!(worker.ok(&json!({"type": "state"}))["phase"], "locked");
}

#[test]
fn the_next_worker_goes_on_where_the_last_one_died() {
    let profile = Rc::new(Profile::default());
    drop(Worker::with_account(&profile));
    assert_eq!(Worker::start(&profile).ok(&json!({"type": "state"}))["phase"], "unlocked");
}

#[test]
fn what_was_locked_stays_locked_for_the_next_worker() {
    let profile = Rc::new(Profile::default());
    Worker::with_account(&profile).ok(&json!({"type": "lock"}));
    assert_eq!(Worker::start(&profile).ok(&json!({"type": "state"}))["phase"], "locked");
}

#[test]
fn without_the_server_a_sync_fails_and_the_state_says_offline() {
    let worker = Worker::with_account(&Rc::default());
    assert_eq!(worker.fails(&json!({"type": "sync"}))["code"], "unreachable");
    let state = worker.ok(&json!({"type": "state"}));
    assert_eq!((&state["phase"], &state["membership"]["online"]), (&json!("unlocked"), &json!(false)));
    assert_eq!(state["membership"]["pending"], 1, "the device's own name waits to be pushed");
}

#[test]
fn plain_http_goes_nowhere_else() {
    let create = json!({"type": "create", "server": "http://example.org", "passphrase": "p", "deviceName": "d"});
    assert_eq!(Worker::start(&Rc::default()).fails(&create)["code"], "badServer");
}

#[test]
fn what_is_no_request_is_refused_without_repeating_it() {
    let worker = Worker::start(&Rc::default());
    for request in ["", "{}", "[]", r#"{"type":"hunter2"}"#, r#"{"type":"unlock","passphrase":["hunter2"]}"#] {
        let failure = worker.fails_raw(request);
        assert_eq!(failure["code"], "badRequest");
        assert!(!failure.to_string().contains("hunter2"), "{failure}");
    }
}
