use std::{process::Stdio, thread, time::Duration};

use super::stage::{Device, Server};

/// A process that is killed at any moment leaves a device that opens, and loses nothing that it
/// had acknowledged.
#[test]
fn killing_it_at_any_moment_loses_nothing_that_was_acknowledged() {
    let server = Server::start();
    let device = Device::founder(&server);
    let mut acknowledged = Vec::new();
    for round in 0..12 {
        let title = format!("note {round}");
        let mut command = device.command(&["add", "note", "--title", &title, "--text", "x"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(60 + 20 * round));
        // Where it had ended by itself there is nobody to kill.
        let _ = child.kill();
        if child.wait().unwrap().success() {
            acknowledged.push(title);
        }
    }
    device.ok(&["sync"]);
    let titles = device.titles();
    for title in &acknowledged {
        assert!(titles.contains(title), "{title} was acknowledged, and is not in {titles:?}");
    }
    let mut unique = titles.clone();
    unique.dedup();
    assert_eq!(titles, unique, "nothing is there twice");
    assert_eq!(device.json(&["status"])["pending"], 0);
}
