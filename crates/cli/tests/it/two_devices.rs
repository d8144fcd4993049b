use super::stage::{Device, Pairing, Server, text};

#[test]
fn what_one_device_adds_is_on_the_other() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    laptop.ok(&["add", "note", "--title", "before", "--text", "x"]);
    let phone = Device::joined(&laptop, &server, "phone");
    assert_eq!(phone.titles(), ["before"]);
    phone.ok(&["add", "note", "--title", "after", "--text", "y"]);
    laptop.ok(&["sync"]);
    assert_eq!(laptop.titles(), ["after", "before"]);
    assert!(laptop.ok(&["devices"]).contains("phone"));
}

#[test]
fn a_revoked_device_gets_nothing_more() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    let phone = Device::joined(&laptop, &server, "phone");
    laptop.ok(&["sync"]);
    laptop.ok(&["revoke", "phone"]);
    laptop.ok(&["add", "note", "--title", "secret", "--text", "x"]);
    assert_eq!(
        phone.screen("sync", &server),
        "\
$ roamkey sync
Error: This device is no longer one of the account.
What you changed is kept on this device.
To use the account on it again, pair it."
    );
    assert_eq!(phone.titles(), Vec::<String>::new());
    assert_eq!(phone.json(&["status"])["phase"], "revoked");
    assert!(laptop.ok(&["devices"]).contains("revoked (lost)"));
}

#[test]
fn changes_of_both_devices_while_apart_come_together() {
    let mut server = Server::start();
    let laptop = Device::founder(&server);
    let phone = Device::joined(&laptop, &server, "phone");
    server.stop();
    laptop.ok(&["add", "note", "--title", "from the laptop", "--text", "x"]);
    phone.ok(&["add", "note", "--title", "from the phone", "--text", "y"]);
    server.restart();
    laptop.ok(&["sync"]);
    phone.ok(&["sync"]);
    laptop.ok(&["sync"]);
    for device in [&laptop, &phone] {
        assert_eq!(device.titles(), ["from the laptop", "from the phone"]);
        assert_eq!(device.json(&["status"])["pending"], 0);
    }
}

#[test]
fn a_wrong_code_lets_nobody_in_and_serves_no_second_time() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    let mut pairing = Pairing::begin(&laptop);
    let (number, words) = pairing.code.split_once('-').unwrap();
    let (_, second) = words.split_once('-').unwrap();
    let first = if words.starts_with("zoo-") { "abandon" } else { "zoo" };
    let wrong = format!("{number}-{first}-{second}");

    let thief = Device::new();
    let said = thief.fails(&["join", &wrong, "--server", &server.url(), "--yes"]);
    assert_eq!(
        said,
        "\
Error: The code is wrong.
Nothing was changed, and nobody was let in.
Run `roamkey pair` on the other device for a new code, and join with that.
"
    );
    let member = pairing.wait();
    assert_eq!(member.status.code(), Some(1));
    assert!(text(&member.stderr).contains("The code is wrong."), "{}", text(&member.stderr));

    let again = thief.fails(&["join", &pairing.code, "--server", &server.url(), "--yes"]);
    assert!(again.contains("No device shows this code any more."), "{again}");
    assert_eq!(laptop.json(&["devices"])["devices"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_no_code_is_said_at_once() {
    let server = Server::start();
    let said = Device::new().fails(&["join", "hello", "--server", &server.url()]);
    assert!(said.starts_with("Error: What was typed is not a pairing code."), "{said}");
}
