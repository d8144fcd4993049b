//! Moving in and out through the browser's messages.

use std::rc::Rc;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

use super::browser::{PASSPHRASE, Profile, Worker};

const CSV: &str = "name,url,username,password,note\n\
Shop,https://shop.example/in,ada,one,\n\
Bank,https://bank.example,ada,two,remark\n";

fn hand_over(worker: &Worker, file: &[u8]) {
    for (at, piece) in file.chunks(50).enumerate() {
        let bytes = STANDARD.encode(piece);
        worker.ok(&json!({"type": "filePiece", "offset": at * 50, "size": file.len(), "bytes": bytes}));
    }
}

fn open(worker: &Worker, file: &str) -> Value {
    hand_over(worker, file.as_bytes());
    worker.ok(&json!({"type": "importOpen"}))
}

fn total(worker: &Worker) -> u64 {
    worker.ok(&json!({"type": "items", "offset": 0, "limit": 0}))["total"].as_u64().unwrap()
}

#[test]
fn a_file_is_shown_before_it_is_imported_and_taken_back_as_a_whole() {
    let worker = Worker::with_account(&Rc::<Profile>::default());
    let preview = open(&worker, CSV);
    assert_eq!((&preview["format"], &preview["new"]), (&json!("chrome-csv"), &json!(2)));
    assert_eq!(total(&worker), 0, "nothing is added before the person says so");
    let planned = worker.ok(&json!({"type": "importPlanned", "filter": "new", "offset": 1, "limit": 5}));
    assert_eq!((&planned["total"], &planned["items"][0]["title"]), (&json!(2), &json!("Bank")));
    assert_eq!(planned["items"][0]["place"], json!({"place": "line", "number": 3}));
    assert!(!planned.to_string().contains("two"), "no password is in a preview");
    let done = worker.ok(&json!({"type": "importRun"}));
    assert_eq!((&done["added"], total(&worker)), (&json!(2), 2));
    let imports = worker.ok(&json!({"type": "imports"}));
    assert_eq!((&imports["imports"][0]["id"], &imports["imports"][0]["items"]), (&done["id"], &json!(2)));

    let again = open(&worker, &CSV.replace(",two,", ",three,"));
    assert_eq!((&again["known"], &again["differing"], &again["new"]), (&json!(1), &json!(1), &json!(0)));
    worker.ok(&json!({"type": "importChoose", "wanted": false}));
    assert_eq!(worker.ok(&json!({"type": "importRun"}))["added"], 0);
    assert_eq!(worker.ok(&json!({"type": "undoImport", "id": done["id"]}))["trashed"], 2);
    assert_eq!(total(&worker), 0);
}

#[test]
fn one_item_can_be_left_out() {
    let worker = Worker::with_account(&Rc::<Profile>::default());
    open(&worker, CSV);
    worker.ok(&json!({"type": "importChoose", "at": 0, "wanted": false}));
    let planned = worker.ok(&json!({"type": "importPlanned", "offset": 0, "limit": 5}));
    assert_eq!((&planned["items"][0]["wanted"], &planned["items"][1]["wanted"]), (&json!(false), &json!(true)));
    assert_eq!(worker.ok(&json!({"type": "importRun"}))["added"], 1);
}

#[test]
fn a_file_that_cannot_be_read_says_where_and_changes_nothing() {
    let worker = Worker::with_account(&Rc::<Profile>::default());
    hand_over(&worker, b"name,url,username,password\nShop,https://shop.example,\"ada,one\n");
    let failure = worker.fails(&json!({"type": "importOpen"}));
    assert_eq!((&failure["code"], &failure["place"]["place"]), (&json!("fileMalformed"), &json!("line")));
    hand_over(&worker, b"just some text");
    assert_eq!(worker.fails(&json!({"type": "importOpen"}))["code"], "fileUnknown");
    let large = json!({"type": "filePiece", "offset": 0, "size": 1_u64 << 30, "bytes": ""});
    assert_eq!(worker.fails(&large)["code"], "fileTooLarge");
    let gap = json!({"type": "filePiece", "offset": 9, "size": 99, "bytes": ""});
    assert_eq!(worker.fails(&gap)["code"], "badRequest");
    assert_eq!(worker.fails(&json!({"type": "importRun"}))["code"], "notFound");
    assert_eq!(total(&worker), 0);
}

#[test]
fn locking_forgets_the_file() {
    let worker = Worker::with_account(&Rc::<Profile>::default());
    open(&worker, CSV);
    worker.ok(&json!({"type": "lock"}));
    assert_eq!(worker.ok(&json!({"type": "importProgress"}))["open"], false);
    let piece = json!({"type": "filePiece", "offset": 0, "size": 3, "bytes": "YWJj"});
    assert_eq!(worker.fails(&piece)["code"], "locked");
}

#[test]
fn an_export_asks_for_the_passphrase_and_comes_back_under_its_own() {
    let worker = Worker::with_account(&Rc::<Profile>::default());
    open(&worker, CSV);
    worker.ok(&json!({"type": "importRun"}));
    let wrong = json!({"type": "export", "target": "cxf", "passphrase": "no", "filePassphrase": "for the file"});
    assert_eq!(worker.fails(&wrong)["code"], "wrongPassphrase");
    let sealed = json!({"type": "export", "target": "csv", "passphrase": PASSPHRASE, "filePassphrase": "for the file"});
    assert_eq!(worker.fails(&sealed)["code"], "badRequest", "no other format is encrypted");
    let right = json!({"type": "export", "target": "cxf", "passphrase": PASSPHRASE, "filePassphrase": "for the file"});
    let written = worker.ok(&right);
    assert_eq!(written["compared"], json!({"passkeys": 0, "others": 2, "differences": []}));
    let file = URL_SAFE_NO_PAD.decode(written["bytes"].as_str().unwrap()).unwrap();
    assert!(!file.windows(4).any(|part| part == b"shop"), "nothing of it is in clear");

    let other = Worker::with_account(&Rc::<Profile>::default());
    hand_over(&other, &file);
    assert_eq!(other.fails(&json!({"type": "importOpen"}))["code"], "fileNeedsPassphrase");
    assert_eq!(other.fails(&json!({"type": "importOpen", "passphrase": "no"}))["code"], "fileWrongPassphrase");
    assert_eq!(other.ok(&json!({"type": "importOpen", "passphrase": "for the file"}))["new"], 2);
    other.ok(&json!({"type": "importRun"}));
    hand_over(&other, &file);
    let compared = other.ok(&json!({"type": "compareFile", "passphrase": "for the file"}));
    assert_eq!((&compared["others"], &compared["differences"]), (&json!(2), &json!([])));
}
