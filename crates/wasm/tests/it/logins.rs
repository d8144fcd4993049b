use std::rc::Rc;

use serde_json::{Value, json};

use super::browser::{Profile, Worker};

fn add(worker: &Worker, site: &str, user: &str, password: &str) -> String {
    let login = json!({
        "type": "addLogin", "title": site, "site": site, "userName": user, "password": password, "notes": "",
    });
    worker.ok(&login)["id"].as_str().unwrap().to_owned()
}

fn page(origin: &str) -> Value {
    json!({"origin": origin, "ancestors": []})
}

fn fill(id: &str, page: &Value) -> Value {
    json!({"type": "fillLogin", "id": id, "page": page})
}

fn weigh(worker: &Worker, user: &str, password: &str, replaces: Option<&str>) -> (String, Vec<String>) {
    let weighed = worker.ok(&json!({
        "type": "weighLogin", "page": page("https://shop.example"), "userName": user, "password": password, "replaces": replaces,
    }));
    let logins = weighed["logins"].as_array().unwrap().iter().map(|login| login["id"].as_str().unwrap().to_owned());
    (weighed["verdict"].as_str().unwrap().to_owned(), logins.collect())
}

#[test]
fn a_password_is_handed_out_for_a_page_of_its_site_and_for_no_other() {
    let worker = Worker::with_account(&Rc::default());
    let id = add(&worker, "https://www.shop.example/in", "ada", "hunter2");
    let filled = worker.ok(&fill(&id, &page("https://login.shop.example")));
    assert_eq!(filled, json!({"userName": "ada", "password": "hunter2"}));
    for (origin, code) in [
        ("https://evil.example", "otherSite"),
        ("https://shop.example.evil.example", "otherSite"),
        ("http://shop.example", "notEncrypted"),
        ("null", "foreignFrame"),
    ] {
        let refused = worker.fails(&fill(&id, &page(origin)));
        assert_eq!(refused["code"], code, "{origin}");
        assert!(!refused.to_string().contains("hunter2"));
    }
    let framed = json!({"origin": "https://shop.example", "ancestors": ["https://evil.example"]});
    assert_eq!(worker.fails(&fill(&id, &framed))["code"], "foreignFrame");
    assert_eq!(worker.fails(&json!({"type": "loginPage", "page": framed}))["code"], "foreignFrame");
    worker.ok(&json!({"type": "loginPage", "page": page("https://shop.example")}));
}

#[test]
fn a_second_address_of_a_login_counts_as_much_as_its_first() {
    let worker = Worker::with_account(&Rc::default());
    let id = add(&worker, "shop.example", "ada", "hunter2");
    assert_eq!(worker.fails(&fill(&id, &page("https://shop.example.org")))["code"], "otherSite");
    worker.ok(&json!({"type": "editLogin", "id": id, "sites": ["shop.example", "shop.example.org"]}));
    worker.ok(&fill(&id, &page("https://shop.example.org")));
    let here = worker.ok(&json!({"type": "siteItems", "host": "www.shop.example.org", "whole": true}));
    assert_eq!(here["items"][0]["id"], json!(id), "the popup finds it");
    let weighed = worker.ok(&json!({
        "type": "weighLogin", "page": page("https://shop.example.org"), "userName": "ada", "password": "hunter2",
    }));
    assert_eq!(weighed["verdict"], "known");
}

#[test]
fn what_is_filled_counts_as_used_and_carries_the_code_of_now() {
    let worker = Worker::with_account(&Rc::default());
    let id = add(&worker, "shop.example", "ada", "hunter2");
    worker.ok(&json!({"type": "editLogin", "id": id, "codes": "gezd gnbv"}));
    let filled = worker.ok(&fill(&id, &page("https://shop.example")));
    assert_eq!(filled["code"].as_str().unwrap().len(), 6);
    assert!(worker.ok(&json!({"type": "item", "id": id}))["summary"]["lastUsed"].is_u64());
}

#[test]
fn nothing_is_filled_from_the_trash_or_while_locked() {
    let worker = Worker::with_account(&Rc::default());
    let id = add(&worker, "shop.example", "ada", "hunter2");
    worker.ok(&json!({"type": "trash", "id": id}));
    assert_eq!(worker.fails(&fill(&id, &page("https://shop.example")))["code"], "notFound");
    worker.ok(&json!({"type": "restore", "id": id}));
    worker.ok(&json!({"type": "lock"}));
    assert_eq!(worker.fails(&fill(&id, &page("https://shop.example")))["code"], "locked");
}

#[test]
fn what_was_typed_is_known_new_or_a_change() {
    let worker = Worker::with_account(&Rc::default());
    assert_eq!(weigh(&worker, "ada", "one", None), ("new".to_owned(), vec![]));
    let ada = add(&worker, "https://login.shop.example", "ada", "one");
    let bob = add(&worker, "shop.example", "bob", "two");
    add(&worker, "evil.example", "ada", "three");

    assert_eq!(weigh(&worker, "Ada ", "one", None).0, "known");
    assert_eq!(weigh(&worker, "", "two", None).0, "known", "the second of two steps names nobody");
    assert_eq!(weigh(&worker, "ada", "new", None), ("changes".to_owned(), vec![ada.clone()]));
    assert_eq!(weigh(&worker, "eve", "new", None).0, "new");
    assert_eq!(weigh(&worker, "eve", "one", None).0, "new", "another account may have the same password");
    assert_eq!(weigh(&worker, "ada", "three", None).0, "changes", "that of another site says nothing");
    assert_eq!(weigh(&worker, "", "new", Some("two")), ("changes".to_owned(), vec![bob.clone()]));
    let (verdict, mut all) = weigh(&worker, "", "new", None);
    all.sort();
    let mut both = vec![ada, bob];
    both.sort();
    assert_eq!((verdict.as_str(), all), ("changes", both), "the person says which");
}

#[test]
fn a_password_that_was_made_up_is_kept_until_a_login_has_it() {
    let profile = Rc::new(Profile::default());
    let worker = Worker::with_account(&profile);
    let lately = |worker: &Worker| {
        let lately = worker.ok(&json!({"type": "generatedLately"}));
        let texts = lately["passwords"].as_array().unwrap().iter();
        texts.map(|kept| kept["password"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let keep =
        |password: &str| worker.ok(&json!({"type": "keepGenerated", "password": password, "site": "shop.example"}));
    keep("made up");
    keep("made up");
    assert_eq!(lately(&worker), ["made up"]);
    assert_eq!(lately(&Worker::start(&profile)), ["made up"], "the worker may die");
    add(&worker, "shop.example", "ada", "made up");
    assert!(lately(&worker).is_empty());

    for number in 0..25 {
        keep(&number.to_string());
    }
    assert_eq!(lately(&worker).len(), 20, "the oldest go");
    let id = add(&worker, "shop.example", "bob", "x");
    worker.ok(&json!({"type": "editLogin", "id": id, "password": "24"}));
    assert!(!lately(&worker).contains(&"24".to_owned()));
    worker.ok(&json!({"type": "lock"}));
    assert_eq!(worker.fails(&json!({"type": "generatedLately"}))["code"], "locked");
}

#[test]
fn a_password_of_two_sites_is_found_and_shown_to_nobody() {
    let worker = Worker::with_account(&Rc::default());
    let shop = add(&worker, "shop.example", "ada", "the same");
    let bank = add(&worker, "https://konto.bank.example", "ada", "the same");
    add(&worker, "https://login.shop.example", "bob", "of one site");
    add(&worker, "shop.example", "eve", "of one site");
    add(&worker, "a.example", "ada", "");
    add(&worker, "b.example", "ada", "");
    let reused = worker.ok(&json!({"type": "reusedPasswords"}));
    assert!(!reused.to_string().contains("the same"), "{reused}");
    assert_eq!(reused["total"], 1);
    let ids: Vec<_> = reused["passwords"][0]["logins"].as_array().unwrap().iter().map(|login| &login["id"]).collect();
    assert_eq!(ids, [&json!(bank), &json!(shop)], "by name");
    worker.ok(&json!({"type": "trash", "id": bank}));
    assert_eq!(worker.ok(&json!({"type": "reusedPasswords"}))["total"], 0, "the trash does not count");
}
