//! What goes wrong says what happened, what is safe, and what to do.

use std::process::{Command, Stdio};

use super::stage::{Device, Pairing, Server, text};

#[test]
fn a_wrong_passphrase_is_asked_for_again() {
    let server = Server::start();
    let device = Device::founder(&server);
    device.set_passphrase("something else");
    assert_eq!(
        device.screen("list", &server),
        "\
$ roamkey list
Error: The passphrase is wrong.
Nothing was changed.
Try again. Nobody can reset it; another device of yours can pair this one anew."
    );
}

#[test]
fn a_device_without_an_account_says_how_to_get_one() {
    let said = Device::new().fails(&["list"]);
    assert!(said.starts_with("Error: This device is of no account yet."), "{said}");
}

#[test]
fn a_second_account_does_not_replace_the_first() {
    let server = Server::start();
    let device = Device::founder(&server);
    let said = device.fails(&["create", "--server", &server.url()]);
    assert!(said.starts_with("Error: This device is of an account already."), "{said}");
    device.ok(&["list"]);
}

#[test]
fn without_the_server_changes_are_kept_and_synced_later() {
    let mut server = Server::start();
    let device = Device::founder(&server);
    server.stop();
    let said = device.ok(&["add", "note", "--title", "offline", "--text", "x"]);
    assert!(said.contains("Kept on this device; 1 change waits to be synced"), "{said}");
    assert_eq!(device.titles(), ["offline"]);
    let said = device.fails(&["sync"]);
    assert!(said.starts_with("Error: The server cannot be reached"), "{said}");
    assert!(said.contains("What you changed is kept on this device."), "{said}");
    server.restart();
    device.ok(&["sync"]);
    assert_eq!(device.json(&["status"])["pending"], 0);
}

#[test]
fn plain_http_goes_nowhere_else() {
    let said = Device::new().fails(&["create", "--server", "http://example.org"]);
    assert!(said.starts_with("Error: Plain HTTP is only for a server on this very machine"), "{said}");
}

#[test]
fn what_is_no_roamkey_server_is_said_to_be_none() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answering = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4_096];
        assert!(stream.read(&mut request).unwrap() > 0);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").unwrap();
    });
    let said = Device::new().fails(&["create", "--server", &url]);
    assert!(said.starts_with("Error: What answers at this address is not a Roamkey server."), "{said}");
    answering.join().unwrap();
}

#[test]
fn a_second_process_waits_its_turn() {
    let server = Server::start();
    let device = Device::founder(&server);
    let pairing = Pairing::begin(&device);
    let said = device.fails(&["list"]);
    assert!(said.starts_with("Error: Another roamkey is using "), "{said}");
    drop(pairing);
    device.ok(&["list"]);
}

/// The limit on the size of files makes writes fail as a full disk does; the signal that comes with
/// it is ignored, as it is on a full disk, where there is none.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_changes_nothing_and_says_so() {
    let server = Server::start();
    let device = Device::founder(&server);
    device.ok(&["add", "note", "--title", "before", "--text", "x"]);
    let long = "x".repeat(60_000);
    let add = device.command(&["add", "note", "--title", "too much", "--text", &long]);
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 100; exec \"$@\"", "sh"]).arg(add.get_program()).args(add.get_args());
    let output = limited.env("ROAMKEY_HOME", device.home()).stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        "\
Error: The disk is full, or a limit on it is reached.
Nothing was changed.
Make room and run the command again.
"
    );
    assert_eq!(device.titles(), ["before"]);
    device.ok(&["add", "note", "--title", "too much", "--text", &long]);
    assert_eq!(device.titles(), ["before", "too much"]);
}
