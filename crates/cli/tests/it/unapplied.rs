use pollster::block_on;
use roamkey_vault::Change;

use super::stage::{Device, Server};

#[test]
fn what_was_typed_on_an_item_that_was_destroyed_meanwhile_is_kept_until_it_is_dismissed() {
    let server = Server::start();
    let laptop = Device::founder(&server);
    laptop.ok(&["add", "note", "--title", "plan", "--text", "x"]);
    let phone = Device::joined(&laptop, &server, "phone");
    assert_eq!(phone.titles(), ["plan"]);
    laptop.ok(&["remove", "plan", "--forever"]);
    rename_offline(&phone, "plan B");
    phone.ok(&["sync"]);

    assert_eq!(phone.titles(), Vec::<String>::new());
    let status = phone.json(&["status"]);
    assert_eq!((status["pending"].as_u64(), status["unapplied"].as_u64()), (Some(0), Some(1)));
    assert!(phone.ok(&["status"]).contains("1 change came to nothing and may be kept: see `roamkey lost`."));
    let lost = phone.json(&["lost"]);
    assert_eq!(lost["changes"][0]["texts"][0]["text"], "plan B");
    assert!(phone.ok(&["lost"]).contains("  title: plan B"));

    let id = lost["changes"][0]["id"].as_str().unwrap();
    assert_eq!(phone.ok(&["lost", "--dismiss", id]), "Forgotten.\n");
    assert_eq!(phone.ok(&["lost"]), "Nothing was lost.\n");
    assert_eq!(phone.json(&["status"])["unapplied"], 0);
}

fn rename_offline(device: &Device, title: &str) {
    let session = device.session();
    let item = block_on(session.list()).unwrap()[0].id;
    block_on(session.change(item, &[Change::Title(title.to_owned())])).unwrap();
}
