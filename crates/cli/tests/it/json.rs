use serde_json::Value;

use super::stage::{Device, Server, text};

#[test]
fn every_command_prints_exactly_one_value() {
    let server = Server::start();
    let device = Device::founder(&server);
    let added = device.json(&["add", "note", "--title", "n", "--text", "t"]);
    assert_eq!(added["pending"], 0);
    let id = added["id"].as_str().unwrap();
    for arguments in
        [&["list"][..], &["show", id], &["sync"], &["devices"], &["log", "verify"], &["status"], &["remove", id]]
    {
        assert!(device.json(arguments).is_object(), "{arguments:?}");
    }
}

#[test]
fn a_failure_is_a_value_as_well() {
    let output = Device::new().run(&["list", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "");
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["error"]["code"], "no-account");
    for part in ["message", "safe", "advice"] {
        assert!(value["error"][part].as_str().is_some_and(|text| !text.is_empty()), "{part}");
    }
}
