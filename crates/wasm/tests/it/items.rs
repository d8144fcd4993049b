use std::rc::Rc;

use serde_json::{Value, json};

use super::browser::{Profile, Worker};

fn add_note(worker: &Worker, title: &str) -> String {
    let added = worker.ok(&json!({"type": "addNote", "title": title, "text": "text"}));
    added["id"].as_str().unwrap().to_owned()
}

fn list(worker: &Worker, query: &str) -> Value {
    worker.ok(&json!({"type": "items", "query": query, "offset": 0, "limit": 10}))
}

#[test]
fn items_are_listed_by_title_found_by_words_and_counted() {
    let worker = Worker::with_account(&Rc::default());
    add_note(&worker, "Zebra crossing");
    add_note(&worker, "apple pie");
    let all = list(&worker, "");
    assert_eq!((&all["items"][0]["title"], &all["items"][1]["title"]), (&json!("apple pie"), &json!("Zebra crossing")));
    assert_eq!(all["counts"], json!({"passkeys": 0, "logins": 0, "notes": 2, "trashed": 0, "oldTrash": 0}));
    let found = list(&worker, "CROSS zeb");
    assert_eq!((&found["total"], &found["items"][0]["title"]), (&json!(1), &json!("Zebra crossing")));
}

#[test]
fn a_password_is_left_out_until_it_is_revealed() {
    let worker = Worker::with_account(&Rc::default());
    let login = json!({
        "type": "addLogin", "title": "Shop", "site": "shop.example", "userName": "ann", "password": "hunter2", "notes": "",
    });
    let id = worker.ok(&login)["id"].clone();
    worker.ok(&json!({"type": "editLogin", "id": id, "password": "hunter3"}));
    let item = worker.ok(&json!({"type": "item", "id": id}));
    assert!(!item.to_string().contains("hunter"), "{item}");
    let revealed = worker.ok(&json!({"type": "reveal", "id": id}));
    assert_eq!(revealed, json!({"password": "hunter3", "past": ["hunter2"], "fields": []}));
}

#[test]
fn a_trashed_item_is_elsewhere_and_comes_back() {
    let worker = Worker::with_account(&Rc::default());
    let id = add_note(&worker, "plan");
    worker.ok(&json!({"type": "trash", "id": id}));
    assert_eq!(list(&worker, "")["total"], 0);
    let trash = worker.ok(&json!({"type": "items", "filter": "trashed", "offset": 0, "limit": 10}));
    assert_eq!(trash["items"][0]["id"], json!(id));
    worker.ok(&json!({"type": "restore", "id": id}));
    assert_eq!(list(&worker, "")["total"], 1);
    worker.ok(&json!({"type": "purge", "id": id}));
    assert_eq!(worker.fails(&json!({"type": "item", "id": id}))["code"], "notFound");
}

#[test]
fn a_list_follows_many_changes_at_once() {
    let worker = Worker::with_account(&Rc::default());
    assert_eq!(list(&worker, "")["total"], 0);
    let ids: Vec<String> = (0..40).map(|number| add_note(&worker, &format!("note {number}"))).collect();
    assert_eq!(list(&worker, "")["total"], 40);
    for id in &ids[..20] {
        worker.ok(&json!({"type": "purge", "id": id}));
    }
    let left = list(&worker, "");
    assert_eq!((&left["total"], &left["counts"]["notes"]), (&json!(20), &json!(20)));
}

#[test]
fn the_next_worker_finds_what_the_last_one_kept() {
    let profile = Rc::new(Profile::default());
    let worker = Worker::with_account(&profile);
    add_note(&worker, "kept");
    drop(worker);
    assert_eq!(list(&Worker::start(&profile), "")["items"][0]["title"], "kept");
}

#[test]
fn what_came_to_nothing_is_asked_for_and_dismissed() {
    let worker = Worker::with_account(&Rc::default());
    assert_eq!(worker.ok(&json!({"type": "unapplied", "reveal": false})), json!({"changes": []}));
    let gone = json!({"type": "dismissUnapplied", "id": "00".repeat(16)});
    assert_eq!(worker.ok(&gone), json!({}), "it is gone, as was wanted");
    let none = json!({"type": "dismissUnapplied", "id": "of nothing"});
    assert_eq!(worker.fails(&none)["code"], "notFound");
}

fn add_login(worker: &Worker, title: &str, site: &str, user: &str) -> String {
    let login =
        json!({"type": "addLogin", "title": title, "site": site, "userName": user, "password": "x", "notes": ""});
    worker.ok(&login)["id"].as_str().unwrap().to_owned()
}

fn titles(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect()
}

#[test]
fn what_is_of_one_site_stands_together_and_neither_case_nor_accents_matter() {
    let worker = Worker::with_account(&Rc::default());
    add_login(&worker, "Zahlungen", "https://konto.bank.example/login", "Zoë");
    add_login(&worker, "Café Crème", "bank.example", "ada");
    add_login(&worker, "Bakery", "bakery.example", "ada");
    add_note(&worker, "An old bank");
    let all = list(&worker, "");
    assert_eq!(titles(&all), ["An old bank", "Bakery", "Café Crème", "Zahlungen"]);
    assert_eq!(
        (&all["items"][2]["group"], &all["items"][3]["group"]),
        (&json!("bank.example"), &json!("bank.example"))
    );
    assert_eq!(titles(&list(&worker, "CREME")), ["Café Crème"]);
    assert_eq!(titles(&list(&worker, "zoe konto")), ["Zahlungen"]);
    // What begins with the word comes before what holds it elsewhere.
    assert_eq!(titles(&list(&worker, "bank")), ["Café Crème", "An old bank", "Zahlungen"]);
    let newest = worker.ok(&json!({"type": "items", "order": "created", "kinds": ["note"], "offset": 0, "limit": 10}));
    assert_eq!(titles(&newest), ["An old bank"]);
}

#[test]
fn tags_are_tidied_found_and_listed() {
    let worker = Worker::with_account(&Rc::default());
    let id = add_login(&worker, "Shop", "shop.example", "ada");
    add_login(&worker, "Other", "other.example", "ada");
    worker.ok(&json!({"type": "editLogin", "id": id, "tags": [" home ", "", "home", "Résumé"]}));
    let all = list(&worker, "");
    assert_eq!(all["tags"], json!(["Résumé", "home"]));
    let tagged = worker.ok(&json!({"type": "items", "tag": "home", "offset": 0, "limit": 10}));
    assert_eq!(titles(&tagged), ["Shop"]);
    assert_eq!(titles(&list(&worker, "resume")), ["Shop"]);
}

#[test]
fn many_items_go_to_the_trash_and_come_back_together() {
    let worker = Worker::with_account(&Rc::default());
    let ids: Vec<String> = (0..40).map(|number| add_note(&worker, &format!("note {number}"))).collect();
    let all = worker.ok(&json!({"type": "itemIds", "offset": 0, "limit": 0}));
    assert_eq!(all["ids"].as_array().unwrap().len(), 40);
    worker.ok(&json!({"type": "trash", "id": ids[0]}));
    let trashed = worker.ok(&json!({"type": "trashAll", "ids": ids}));
    assert_eq!(trashed["ids"].as_array().unwrap().len(), 39, "one was there already");
    assert_eq!(list(&worker, "")["counts"]["trashed"], 40);
    let back = worker.ok(&json!({"type": "restoreAll", "ids": trashed["ids"]}));
    assert_eq!(back["ids"].as_array().unwrap().len(), 39);
    let purged = worker.ok(&json!({"type": "purgeAll", "ids": ids}));
    assert_eq!(purged["ids"], json!([ids[0]]), "only what is in the trash is destroyed");
    assert_eq!(
        list(&worker, "")["counts"],
        json!({"passkeys": 0, "logins": 0, "notes": 39, "trashed": 0, "oldTrash": 0})
    );
}

#[test]
fn a_popup_finds_what_serves_at_a_host_without_reading_the_rest() {
    let profile = Rc::default();
    let worker = Worker::with_account(&profile);
    add_login(&worker, "Exact", "https://mail.bank.example/in", "a");
    add_login(&worker, "Parent", "bank.example", "b");
    add_login(&worker, "Sibling", "konto.bank.example", "c");
    add_login(&worker, "Other", "evil-bank.example", "d");
    for number in 0..40 {
        add_note(&worker, &format!("note {number}"));
    }
    let before = profile.reads.get();
    let quick = worker.ok(&json!({"type": "siteItems", "host": "mail.bank.example", "whole": false}));
    assert_eq!(titles(&quick), ["Exact", "Parent"]);
    assert!(profile.reads.get() - before < 40, "{} rows were read", profile.reads.get() - before);
    let whole = worker.ok(&json!({"type": "siteItems", "host": "mail.bank.example", "whole": true}));
    assert_eq!(titles(&whole), ["Exact", "Parent", "Sibling"]);
}

#[test]
fn a_login_makes_one_time_codes() {
    let worker = Worker::with_account(&Rc::default());
    let id = add_login(&worker, "Shop", "shop.example", "ada");
    assert_eq!(worker.fails(&json!({"type": "code", "id": id}))["code"], "notOneTimeCodes");
    assert_eq!(worker.fails(&json!({"type": "editLogin", "id": id, "codes": "1!"}))["code"], "notOneTimeCodes");
    worker.ok(&json!({"type": "editLogin", "id": id, "codes": "gezd gnbv"}));
    let code = worker.ok(&json!({"type": "code", "id": id}));
    assert_eq!(code["code"].as_str().unwrap().len(), 6);
    let item = worker.ok(&json!({"type": "item", "id": id}));
    assert_eq!(item["detail"]["hasCodes"], true);
    assert!(!item.to_string().to_lowercase().contains("gezdgnbv"), "{item}");
    worker.ok(&json!({"type": "editLogin", "id": id, "codes": ""}));
    assert_eq!(worker.fails(&json!({"type": "code", "id": id}))["code"], "notOneTimeCodes");
}

#[test]
fn a_password_is_made_up_as_asked() {
    let worker = Worker::with_account(&Rc::default());
    let made = |request: Value| worker.ok(&request)["password"].as_str().unwrap().to_owned();
    assert_eq!(made(json!({"type": "generate", "length": 32})).len(), 32);
    assert_eq!(made(json!({"type": "generate", "words": 5})).split('-').count(), 5);
    assert!(
        made(json!({"type": "generate", "rules": "maxlength: 8; required: digit"}))
            .bytes()
            .all(|byte| byte.is_ascii_digit())
    );
}
