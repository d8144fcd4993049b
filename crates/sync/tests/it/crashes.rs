//! A crash anywhere loses nothing that was acknowledged and does nothing twice.

use roamkey_sync::Event;
use roamkey_testkit::{Deed, Fleet};

use crate::{
    items::{note, rename, titles},
    members::revoke,
};

#[test]
fn an_edit_survives_a_crash_at_any_effect() {
    for effects in 0..4 {
        let mut fleet = Fleet::new(50 + effects as u64);
        let item = note(&mut fleet, 0, "kept");
        rename(&mut fleet, 0, item, "renamed");
        fleet.crash_after(0, Event::Sync, effects);
        assert_eq!(titles(&fleet, 0), ["renamed"]);
        fleet.sync(0);
        assert_eq!(fleet.engine(0).status().unwrap().pending, 0);
        assert_eq!(titles(&fleet, 0), ["renamed"]);
    }
}

#[test]
fn a_revocation_survives_a_crash_after_any_request() {
    for requests in 0..8 {
        let mut fleet = Fleet::new(60 + requests);
        for number in 0..20 {
            note(&mut fleet, 0, &format!("note {number}"));
        }
        fleet.sync(0);
        let lost = fleet.add_device(0);
        let command = revoke(&fleet, lost);
        fleet.handle(0, Event::Command(command.clone())).unwrap();
        for request in 0..requests {
            let deed = if request + 1 == requests { Deed::LoseAnswer } else { Deed::Deliver };
            fleet.deliver(0, deed);
        }
        fleet.crash(0);
        fleet.sync(0);
        if fleet.engine(0).log().unwrap().active_member(fleet.id(lost)).is_some() {
            fleet.command(0, command).unwrap();
        }
        assert!(fleet.engine(0).log().unwrap().active_member(fleet.id(lost)).is_none());
        assert_eq!(fleet.engine(0).status().unwrap().reseal_pages, 0);
        assert_eq!(fleet.items(0).len(), 20);
    }
}
