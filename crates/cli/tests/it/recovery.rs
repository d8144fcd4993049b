//! Everything is lost, and comes back by the kit.

use super::stage::{Device, Server};

/// An account with a note, and a kit in a file beside it.
fn with_kit(server: &Server) -> (Device, tempfile::TempDir, String) {
    let device = Device::founder(server);
    device.ok(&["add", "note", "--title", "groceries", "--text", "milk"]);
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("kit.txt").display().to_string();
    device.ok(&["recovery", "set", "kit", "--file", &file]);
    (device, folder, file)
}

#[test]
fn everything_lost_comes_back_by_the_kit_and_the_old_devices_go_in_one_step() {
    let server = Server::start();
    let (lost, _folder, file) = with_kit(&server);
    let status = lost.json(&["recovery", "status"]);
    assert_eq!(
        (&status["recovery"][0]["slot"], &status["recovery"][0]["rehearsed"]),
        (&"kit".into(), &serde_json::Value::Null)
    );
    assert_eq!(lost.json(&["recovery", "rehearse", "kit", "--file", &file])["devices"], 1);
    assert!(lost.json(&["recovery", "status"])["recovery"][0]["rehearsed"].is_u64());
    lost.ok(&["add", "note", "--title", "after the kit", "--text", "bread"]);

    let back = Device::new();
    let done = back.json(&["recover", "kit", "--file", &file, "--name", "new laptop", "--yes", "--revoke-others"]);
    assert_eq!((&done["items"], done["revoked"].as_array().map(Vec::len)), (&2.into(), Some(1)));
    let mut titles = back.titles();
    titles.sort_unstable();
    assert_eq!(titles, ["after the kit", "groceries"]);
    // The one that was lost is out, and the kit serves once more.
    assert!(lost.fails(&["sync"]).contains("no longer one of the account"));
    back.ok(&["add", "note", "--title", "written after", "--text", "jam"]);
    let again = Device::new();
    assert_eq!(again.json(&["recover", "kit", "--file", &file, "--yes"])["items"], 3);
    back.ok(&["sync"]);
    assert_eq!(back.json(&["devices"])["devices"].as_array().unwrap().len(), 3);
}

#[test]
fn a_mistyped_kit_says_which_group_and_an_old_one_that_it_is_old() {
    let server = Server::start();
    let (device, folder, file) = with_kit(&server);
    let text = std::fs::read_to_string(&file).unwrap();
    let groups = text.split_once("KIT-----\n").unwrap().1;
    let third = groups.split_whitespace().nth(2).unwrap();
    let bent = if third.starts_with('7') { third.replacen('7', "8", 1) } else { format!("7{}", &third[1..]) };
    let wrong = folder.path().join("wrong.txt").display().to_string();
    std::fs::write(&wrong, text.replacen(third, &bent, 1)).unwrap();
    let back = Device::new();
    assert!(back.fails(&["recover", "kit", "--file", &wrong, "--yes"]).contains("Group 3 is mistyped"));

    let second = folder.path().join("second.txt").display().to_string();
    device.ok(&["recovery", "set", "kit", "--file", &second]);
    assert!(back.fails(&["recover", "kit", "--file", &file, "--yes"]).contains("replaced or removed"));
    assert!(device.fails(&["recovery", "rehearse", "kit", "--file", &file]).contains("replaced or removed"));
    device.ok(&["recovery", "remove", "kit"]);
    assert!(device.fails(&["recovery", "remove", "kit"]).contains("so already"));
    assert!(back.fails(&["recover", "kit", "--file", &second, "--yes"]).contains("replaced or removed"));
    // Nothing was kept of what failed.
    assert!(back.ok(&["status"]).contains("no account yet"));
}
