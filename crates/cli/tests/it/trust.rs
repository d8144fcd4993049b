//! What leaves a device for others to judge, and what a person does after a loss.

use std::fs;

use roamkey_proto::{Bundle, api::LogPage, cbor, limits};

use super::stage::{Device, Server};

#[test]
fn a_log_leaves_as_a_file_that_verifies_offline_and_not_when_it_was_bent() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    let _phone = Device::joined(&laptop, &server, "phone");
    let file = laptop.home().join("log.cbor");
    let path = file.to_str().unwrap();
    laptop.ok(&["log", "export", path]);
    assert!(laptop.fails(&["log", "export", path]).contains("cannot be written"), "and over no other file");
    let own = laptop.json(&["log", "verify"]);
    // Another machine, of no account, without a passphrase.
    let stranger = Device::new();
    assert_eq!(stranger.json(&["log", "verify", path]), own);

    let bytes = fs::read(&file).unwrap();
    let mut page: LogPage = cbor::decode(&bytes, limits::EVIDENCE_BYTES).unwrap();
    let last = page.bundles[1].entry.len() - 1;
    page.bundles[1].entry[last] ^= 1;
    fs::write(&file, cbor::encode(&page)).unwrap();
    assert!(stranger.fails(&["log", "verify", path]).contains("does not verify"));
    let gap: Vec<Bundle> = page.bundles.drain(1..).collect();
    fs::write(&file, cbor::encode(&LogPage { bundles: gap, more: false })).unwrap();
    assert!(stranger.fails(&["log", "verify", path]).contains("does not verify"));
    fs::write(&file, b"rubbish").unwrap();
    assert!(stranger.fails(&["log", "verify", path]).contains("holds no log"));
}

#[test]
fn evidence_is_judged_offline_by_what_its_signatures_prove() {
    let stranger = Device::new();
    let vectors = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/trust-evidence.json");
    let vectors: serde_json::Value = serde_json::from_slice(&fs::read(vectors).unwrap()).unwrap();
    fs::create_dir_all(stranger.home()).unwrap();
    let file = stranger.home().join("evidence.cbor");
    let path = file.to_str().unwrap();
    let mut guilty = Vec::new();
    for case in vectors["cases"].as_array().unwrap() {
        let hex = case["bytes"].as_str().unwrap().as_bytes();
        let bytes: Vec<u8> =
            hex.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
        fs::write(&file, bytes).unwrap();
        match case["verdict"].as_str().unwrap() {
            "server-equivocated" => {
                assert!(stranger.ok(&["evidence", "verify", path]).contains("The server lied"));
                guilty.push("server");
            }
            "device-equivocated" | "device-broke-rule" => {
                assert_eq!(stranger.json(&["evidence", "verify", path])["verdict"]["guilty"], "device");
                guilty.push("device");
            }
            "divergence" => assert!(stranger.json(&["evidence", "verify", path])["verdict"]["guilty"].is_null()),
            _ => assert!(stranger.fails(&["evidence", "verify", path]).contains("cannot be judged")),
        }
    }
    assert_eq!(guilty, ["server", "device", "device"]);
}

#[test]
fn a_device_that_saw_nothing_wrong_has_nothing_to_export() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    let file = laptop.home().join("evidence.cbor");
    assert!(laptop.fails(&["evidence", "export", file.to_str().unwrap()]).contains("saw nothing"));
    assert_eq!(laptop.json(&["evidence", "list"])["evidence"].as_array().unwrap().len(), 0);
    assert!(laptop.json(&["status"])["quarantine"].is_null());
}

#[test]
fn two_devices_beside_each_other_compare_what_the_server_showed_them() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    let phone = Device::joined(&laptop, &server, "phone");
    phone.ok(&["sync"]);
    laptop.ok(&["sync"]);
    phone.ok(&["sync"]);
    let shown = laptop.json(&["check-up"]);
    let code = shown["code"].as_str().unwrap();
    assert_eq!(phone.json(&["check-up", code])["result"], "same");
    assert_eq!(phone.json(&["check-up"])["words"], shown["words"]);

    phone.ok(&["add", "note", "--title", "new", "--text", "x"]);
    assert_eq!(phone.json(&["check-up", code])["result"], "ahead");
    let code = phone.json(&["check-up"])["code"].as_str().unwrap().to_owned();
    assert_eq!(laptop.json(&["check-up", &code])["result"], "behind");
    laptop.ok(&["sync"]);
    assert_eq!(laptop.json(&["check-up", &code])["result"], "same");
    assert!(laptop.fails(&["check-up", "12zz"]).contains("no code of another device"));
}

#[test]
fn after_a_loss_a_list_says_what_to_replace_and_what_is_done() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    laptop.ok(&["add", "note", "--title", "PIN of the card", "--text", "1234"]);
    let phone = Device::joined(&laptop, &server, "phone");
    phone.ok(&["sync"]);
    laptop.ok(&["sync"]);
    assert!(laptop.fails(&["exposure", "phone"]).contains("no such device"), "it is not lost");
    laptop.ok(&["revoke", "phone"]);
    laptop.ok(&["add", "note", "--title", "made later", "--text", "x"]);
    let report = laptop.json(&["exposure", "phone"]);
    assert_eq!((report["open"].as_u64(), report["exposed"][0]["title"].as_str()), (Some(1), Some("PIN of the card")));
    laptop.ok(&["exposure", "phone", "--done", "1"]);
    let report = laptop.json(&["exposure", "phone"]);
    assert_eq!((report["open"].as_u64(), report["exposed"][0]["progress"].as_str()), (Some(0), Some("marked")));
    // The mark is in the vault: a new device sees it.
    let tablet = Device::joined(&laptop, &server, "tablet");
    tablet.ok(&["sync"]);
    assert_eq!(tablet.json(&["exposure", "phone"])["open"], 0);
}

#[test]
fn the_end_of_an_account_is_asked_for_seen_and_called_off() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    let phone = Device::joined(&laptop, &server, "phone");
    assert!(laptop.ok(&["account", "close"]).contains("The account ends on"));
    assert!(laptop.fails(&["account", "close"]).contains("so already"));
    phone.ok(&["sync"]);
    assert!(phone.ok(&["log", "verify"]).contains("asked for the end of the account"));
    phone.ok(&["account", "keep"]);
    assert!(phone.fails(&["account", "keep"]).contains("so already"));
}

#[test]
fn renewed_keys_serve_with_the_real_server() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    let phone = Device::joined(&laptop, &server, "phone");
    phone.ok(&["sync"]);
    phone.ok(&["account", "renew-keys"]);
    phone.ok(&["add", "note", "--title", "after the renewal", "--text", "x"]);
    laptop.ok(&["sync"]);
    assert_eq!(laptop.titles(), ["after the renewal"]);
    let devices = laptop.json(&["devices"]);
    let contact = devices["devices"].as_array().unwrap().iter().find(|device| device["name"] == "phone").unwrap();
    assert!(contact["lastContact"].is_u64() && contact["silent"] == false);
}
