use roamkey_proto::{InvitationToken, Time};
use roamkey_server::{Config, Database, Limits, Registration, open, start};
use roamkey_server_store::{NewInvitation, TokenHash};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::stage::{Device, Server};

#[test]
fn a_first_device_creates_adds_and_shows() {
    let server = Server::start();
    let device = Device::new();
    let play = |line: &str| device.screen(line, &server);

    assert_eq!(
        play("status"),
        "\
$ roamkey status
This device is of no account yet."
    );
    assert_eq!(
        play("create --server URL --name laptop"),
        "\
$ roamkey create --server URL --name laptop
Created account ID
on URL, with this device as `laptop`.
If every device is lost, a kit brings it back: `roamkey recovery set kit`.
Synced."
    );
    assert_eq!(
        play("add note --title groceries --text milk"),
        "\
$ roamkey add note --title groceries --text milk
Added `groceries` as ID.
Synced."
    );
    assert_eq!(
        play("list"),
        "\
$ roamkey list
ID  note     groceries"
    );
    assert_eq!(
        play("show groceries"),
        "\
$ roamkey show groceries
groceries
  created: DATE HOUR UTC
  text: milk"
    );
    assert_eq!(
        play("devices"),
        "\
$ roamkey devices
ID  laptop  Linux  joined DATE HOUR UTC  active  (this device)"
    );
    assert_eq!(
        play("log verify"),
        "\
$ roamkey log verify
   1  DATE HOUR UTC  ID  founded the account
Verified: 1 entries, every signature and rule, up to
ID."
    );
    assert_eq!(
        play("status"),
        "\
$ roamkey status
account  ID
device   ID
server   URL
synced   DATE HOUR UTC
pending  0"
    );
}

#[test]
fn a_password_shows_only_when_asked_for() {
    let server = Server::start();
    let device = Device::founder(&server);
    let password = device.home().with_file_name("password");
    std::fs::write(&password, "hunter2\n").unwrap();
    let path = password.to_str().unwrap();
    device.ok(&["add", "login", "--site", "example.org", "--username", "ann", "--password-file", path]);
    assert!(!device.ok(&["show", "example.org"]).contains("hunter2"));
    assert!(device.ok(&["show", "example.org", "--reveal"]).contains("password: hunter2"));
}

#[test]
fn a_removed_item_comes_back_until_it_is_destroyed() {
    let server = Server::start();
    let device = Device::founder(&server);
    device.ok(&["add", "note", "--title", "plan", "--text", "x"]);
    device.ok(&["remove", "plan"]);
    assert_eq!(device.titles(), Vec::<String>::new());
    device.ok(&["remove", "plan", "--restore"]);
    assert_eq!(device.titles(), ["plan"]);
    device.ok(&["remove", "plan", "--forever"]);
    assert!(device.fails(&["remove", "plan", "--restore"]).contains("There is no item `plan`."));
}

#[test]
fn a_new_passphrase_takes_the_place_of_the_old_one() {
    let server = Server::start();
    let device = Device::founder(&server);
    let new = device.home().with_file_name("new");
    std::fs::write(&new, "a new one").unwrap();
    device.ok(&["passphrase", "--new-passphrase-file", new.to_str().unwrap()]);
    assert!(device.fails(&["list"]).contains("The passphrase is wrong."));
    device.set_passphrase("a new one");
    device.ok(&["list"]);
}

#[test]
fn a_server_that_asks_for_an_invitation_takes_who_has_one() {
    let folder = TempDir::new().unwrap();
    let database = Database::Sqlite(folder.path().join("server.sqlite"));
    let mut config = Config::new("127.0.0.1:0".parse().unwrap(), database.clone());
    config.registration = Registration::Invitation;
    let runtime = Runtime::new().unwrap();
    let running = runtime.block_on(start(config)).unwrap();
    let token = InvitationToken::new([7; InvitationToken::LEN]);
    runtime.block_on(async {
        let store = open(&database, &Limits::default()).await.unwrap();
        let invitation = NewInvitation { token: TokenHash::of_invitation(&token), expires: Time(i64::MAX as u64) };
        store.invite(invitation).await.unwrap();
    });
    let stranger = Device::new();
    let told = stranger.run(&["create", "--server", &running.url()]);
    let told = [told.stdout, told.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    assert!(told.contains("asks for an invitation"), "{told}");
    let guest = Device::new();
    let answer = guest.ok(&["create", "--server", &running.url(), "--invitation", &token.to_string()]);
    assert!(answer.contains("Synced"), "{answer}");
    guest.ok(&["add", "note", "--title", "hello", "--text", "there"]);
    // A second account finds it used.
    let second = Device::new().run(&["create", "--server", &running.url(), "--invitation", &token.to_string()]);
    let told = [second.stdout, second.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    assert!(told.contains("another account was started with it"), "{told}");
    runtime.block_on(running.shutdown());
}
