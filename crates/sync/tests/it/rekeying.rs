//! While one device seals everything again after a revocation, the others go on typing: no edit is lost at any moment.

use roamkey_proto::ItemId;
use roamkey_sync::{Command, Event, Idle};
use roamkey_testkit::{Deed, Fleet};

use crate::{
    items::{note, rename, titles},
    members::revoke,
};

/// Ten devices with this many notes, all up to date.
fn ten(seed: u64, notes: usize) -> (Fleet, Vec<ItemId>) {
    let mut fleet = Fleet::new(seed);
    let items: Vec<_> = (0..notes).map(|number| note(&mut fleet, 0, &format!("note {number}"))).collect();
    fleet.sync(0);
    for _ in 1..10 {
        fleet.add_device(0);
    }
    for device in 0..10 {
        fleet.sync(device);
    }
    (fleet, items)
}

#[test]
fn no_edit_is_lost_while_everything_is_sealed_again() {
    revoke_while_others_type(1_200);
}

#[test]
#[ignore = "minutes: cargo xtask long rekeying"]
fn no_edit_of_ten_thousand_items_is_lost_while_everything_is_sealed_again() {
    revoke_while_others_type(10_000);
}

/// Takes one of ten devices out; between any two requests of the re-sealing another one edits an item and syncs.
fn revoke_while_others_type(notes: usize) {
    let (mut fleet, items) = ten(600, notes);
    let lost = 9;
    let command: Command = revoke(&fleet, lost);
    fleet.handle(0, Event::Command(command)).unwrap();
    let (mut edited, mut step) = (Vec::new(), 0);
    while fleet.deliver(0, Deed::Deliver) {
        let device = 1 + step % 8;
        let item = items[step * 7 % items.len()];
        let title = format!("edit {step}");
        rename(&mut fleet, device, item, &title);
        fleet.sync(device);
        edited.retain(|(other, _)| *other != item);
        edited.push((item, title));
        step += 1;
        assert!(step < notes, "the re-sealing ends although others write");
    }
    assert!(step > 5, "there were moments to edit in: {step}");
    for _ in 0..3 {
        for device in 0..lost {
            fleet.sync(device);
            assert_eq!(fleet.idle(device), Some(&Idle::UpToDate));
        }
    }
    let all = titles(&fleet, 0);
    for device in 0..lost {
        assert_eq!(titles(&fleet, device), all, "device {device}");
        assert_eq!(fleet.engine(device).status().unwrap().reseal_pages, 0);
    }
    for (item, title) in &edited {
        let entry = fleet.item(0, *item).unwrap();
        let was = |replaced: &roamkey_vault::item::Replaced| replaced.expose_text() == Some(title);
        assert!(crate::items::title(&entry) == title || entry.item.history.iter().any(was), "{title} is lost");
    }
    let newcomer = fleet.add_device(1);
    assert_eq!(titles(&fleet, newcomer), all);
}

#[test]
fn resealing_goes_on_after_a_crash_at_any_request_and_by_another_device_after_a_day() {
    for requests in [2, 4, 5] {
        let (mut fleet, _) = ten(601 + requests, 600);
        let command = revoke(&fleet, 9);
        fleet.handle(0, Event::Command(command)).unwrap();
        for _ in 0..requests {
            fleet.deliver(0, Deed::Deliver);
        }
        fleet.crash(0);
        let gone = |fleet: &Fleet| fleet.server.commits(fleet.account()).last().unwrap().epoch;
        let epoch = gone(&fleet);
        // The remover is never seen again. Within the day nobody takes over; after it, whoever comes.
        fleet.sync(1);
        assert_eq!(gone(&fleet), epoch);
        fleet.now = fleet.now.plus_millis(25 * 60 * 60 * 1000);
        note(&mut fleet, 1, "a day later");
        fleet.sync(1);
        fleet.sync(1);
        let status = fleet.engine(1).status().unwrap();
        let log = fleet.engine(1).log().unwrap();
        let is_revoked = log.active_member(fleet.id(9)).is_none();
        assert_eq!(fleet.idle(1), Some(&Idle::UpToDate), "after {requests} requests");
        assert_eq!((status.reseal_pages, status.pending), (0, 0), "after {requests} requests, revoked: {is_revoked}");
        assert_eq!(fleet.items(1).len(), 601);
    }
}
