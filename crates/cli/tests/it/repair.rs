//! A server that showed two histories, and a device that comes over to the one that is left.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::stage::{Device, Server};

/// What a server that has stopped has on its disk.
struct Copy([Option<Vec<u8>>; 2]);

impl Copy {
    fn of(file: &Path) -> Self {
        Self(["", "-wal"].map(|suffix| fs::read(beside(file, suffix)).ok()))
    }

    /// Puts it in the place of what is there, as whoever runs the server can.
    fn put_back(&self, file: &Path) {
        let _ = fs::remove_file(beside(file, "-shm"));
        for (suffix, bytes) in ["", "-wal"].into_iter().zip(&self.0) {
            match bytes {
                Some(bytes) => fs::write(beside(file, suffix), bytes).unwrap(),
                None => _ = fs::remove_file(beside(file, suffix)),
            }
        }
    }
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[test]
fn a_device_that_was_shown_another_history_goes_over_and_nothing_is_lost() {
    let mut server = Server::on_file();
    let laptop = Device::founder(&server);
    laptop.ok(&["add", "note", "--title", "shared", "--text", "x"]);
    let phone = Device::joined(&laptop, &server, "phone");
    let tablet = Device::joined(&laptop, &server, "tablet");
    for device in [&phone, &tablet, &laptop, &phone, &tablet] {
        device.ok(&["sync"]);
    }
    let file = server.file().unwrap();
    server.stop();
    let fork = Copy::of(&file);
    server.restart();
    laptop.ok(&["add", "note", "--title", "by the laptop", "--text", "x"]);
    server.stop();
    let laptops = Copy::of(&file);

    // The phone is shown a history of its own, in which it revokes the tablet.
    fork.put_back(&file);
    server.restart();
    phone.ok(&["revoke", "tablet"]);
    phone.ok(&["add", "note", "--title", "by the phone", "--text", "x"]);
    server.stop();

    laptops.put_back(&file);
    server.restart();
    assert!(phone.run(&["sync"]).status.code() == Some(1));
    let status = phone.json(&["status"]);
    let remedies = status["quarantine"]["remedies"].as_array().unwrap();
    assert!(remedies.iter().any(|remedy| remedy["do"] == "repair"), "{status}");
    let both = phone.json(&["repair"]);
    assert_eq!((both["isMember"].as_bool(), both["revoke"].as_array().map(Vec::len)), (Some(true), Some(1)));
    assert!(both["server"]["items"].as_u64() >= Some(1) && both["here"]["items"].as_u64() >= Some(1), "{both}");
    assert!(phone.run(&["sync"]).status.code() == Some(1), "looking changed nothing");

    let done = phone.ok(&["repair", "--keep", "server"]);
    assert!(done.contains("Revoked again:"), "{done}");
    phone.ok(&["sync"]);
    laptop.ok(&["sync"]);
    let titles = ["by the laptop", "by the phone", "shared"];
    assert_eq!(
        (phone.titles(), laptop.titles()),
        (titles.map(str::to_owned).to_vec(), titles.map(str::to_owned).to_vec())
    );
    assert!(tablet.run(&["sync"]).status.code() == Some(1), "a fork brings nobody back");
    assert!(phone.json(&["status"])["quarantine"].is_null());
    assert!(!phone.json(&["evidence", "list"])["evidence"].as_array().unwrap().is_empty());
    assert!(phone.ok(&["repair"]).contains("There is one history"));
}
