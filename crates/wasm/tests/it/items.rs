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
    assert_eq!(all["counts"], json!({"passkeys": 0, "logins": 0, "notes": 2, "trashed": 0}));
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
    assert_eq!(revealed, json!({"password": "hunter3", "past": ["hunter2"]}));
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
