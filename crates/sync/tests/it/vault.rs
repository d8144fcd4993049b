//! What is kept on one device is on the others.

use roamkey_sync::{Event, Idle, Reader, Table};
use roamkey_testkit::{Deed, Fleet};
use roamkey_vault::{Kind, Operation};

use crate::items::{note, passkey, rename, title, titles};

#[test]
fn an_item_is_there_at_once_and_on_the_server_after_a_round() {
    let mut fleet = Fleet::new(1);
    let item = note(&mut fleet, 0, "first");
    assert!(!fleet.item(0, item).unwrap().is_stored);
    fleet.sync(0);
    assert!(fleet.item(0, item).unwrap().is_stored);
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
    assert_eq!(fleet.engine(0).status().unwrap().pins.vault, fleet.server.vault_head(fleet.account()));
}

#[test]
fn an_edit_that_waits_does_not_hide_that_a_record_is_stored() {
    let mut fleet = Fleet::new(9);
    let item = note(&mut fleet, 0, "first");
    assert!(!fleet.item(0, item).unwrap().has_record);
    fleet.sync(0);
    rename(&mut fleet, 0, item, "second");
    let entry = fleet.item(0, item).unwrap();
    assert!(!entry.is_stored && entry.has_record);
}

#[test]
fn a_newcomer_reads_what_was_kept_before_it_came() {
    let mut fleet = Fleet::new(2);
    note(&mut fleet, 0, "old");
    fleet.sync(0);
    fleet.add_device(0);
    note(&mut fleet, 0, "newer");
    fleet.sync(0);
    let third = fleet.add_device(1);
    assert_eq!(titles(&fleet, third), ["newer", "old"]);
    note(&mut fleet, third, "from the third");
    fleet.sync(third);
    fleet.sync(0);
    assert_eq!(titles(&fleet, 0), ["from the third", "newer", "old"]);
}

#[test]
fn two_edits_of_one_field_keep_both_values() {
    let mut fleet = Fleet::new(3);
    let item = note(&mut fleet, 0, "first");
    fleet.sync(0);
    let other = fleet.add_device(0);
    rename(&mut fleet, 0, item, "by the first");
    rename(&mut fleet, other, item, "by the second");
    fleet.sync(0);
    fleet.sync(other);
    fleet.sync(0);
    for device in [0, other] {
        let entry = fleet.item(device, item).unwrap();
        assert_eq!(title(&entry), "by the first");
        assert_eq!(entry.item.history.len(), 1, "the late one");
    }
}

#[test]
fn a_purged_item_is_gone_everywhere_and_stays_gone() {
    let mut fleet = Fleet::new(4);
    let item = note(&mut fleet, 0, "first");
    fleet.sync(0);
    let other = fleet.add_device(0);
    rename(&mut fleet, other, item, "typed offline");
    let seen = fleet.item(0, item).unwrap();
    fleet.edit(0, Operation::purge(item, &seen.item, fleet.now));
    fleet.sync(0);
    fleet.sync(other);
    assert!(fleet.item(0, item).is_none());
    assert!(fleet.item(other, item).is_none());
    assert_eq!(fleet.unapplied(other).len(), 1, "what was typed is handed back");
    assert_eq!(fleet.engine(other).status().unwrap().pending, 0);
    fleet.crash(other);
    let rows = fleet.store(other).scan(Table::Unapplied);
    let reader = fleet.engine(other).reader().unwrap();
    let kept: Vec<_> = rows.iter().map(|(key, row)| reader.open_unapplied(key, row).unwrap()).collect();
    let texts: Vec<_> =
        kept.iter().flat_map(Operation::expose_texts).map(|(_, text)| text.expose().to_owned()).collect();
    assert_eq!(texts, ["typed offline"], "and rests until it is dismissed");
}

#[test]
fn a_lost_answer_loses_nothing_that_is_handed_back() {
    let mut fleet = Fleet::new(8);
    let item = note(&mut fleet, 0, "first");
    fleet.sync(0);
    let other = fleet.add_device(0);
    rename(&mut fleet, other, item, "typed offline");
    note(&mut fleet, other, "goes through");
    let seen = fleet.item(0, item).unwrap();
    fleet.edit(0, Operation::purge(item, &seen.item, fleet.now));
    fleet.sync(0);
    fleet.handle(other, Event::Sync).unwrap();
    while fleet.deliver(other, Deed::LoseAnswer) {}
    for _ in 0..4 {
        fleet.handle(other, Event::Sync).unwrap();
        fleet.deliver(other, Deed::Deliver);
        fleet.deliver(other, Deed::Deliver);
        fleet.deliver(other, Deed::LoseAnswer);
        fleet.crash(other);
    }
    fleet.sync(other);
    assert_eq!(fleet.store(other).scan(Table::Unapplied).len(), 1);
    assert_eq!(titles(&fleet, other), ["goes through"]);
    assert_eq!(fleet.engine(other).status().unwrap().pending, 0);
}

#[test]
fn a_passkey_is_found_by_its_site_before_and_after_it_is_pushed() {
    let mut fleet = Fleet::new(5);
    let item = passkey(&mut fleet, 0, "example.com");
    let found = |fleet: &Fleet, device: usize| {
        let reader = fleet.engine(device).reader().unwrap();
        let prefix = reader.lookup(Kind::Passkey, "example.com");
        let rows = fleet.store(device).scan(Table::Index);
        rows.iter()
            .filter(|(key, _)| key.starts_with(&prefix))
            .filter_map(|(key, _)| Reader::item_of(key))
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&fleet, 0), [item]);
    fleet.sync(0);
    let other = fleet.add_device(0);
    assert_eq!(found(&fleet, other), [item]);
}

#[test]
fn nothing_that_a_person_typed_rests_in_clear() {
    let mut fleet = Fleet::new(6);
    passkey(&mut fleet, 0, "canary.example");
    note(&mut fleet, 0, "a canary title");
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    for _ in 0..2 {
        let bytes = fleet.store(0).bytes();
        assert!(!holds(&bytes, "canary"));
        assert!(!holds(&bytes, "some text"));
        fleet.sync(0);
    }
}

#[test]
fn a_pull_of_many_pages_is_one_pull() {
    let mut fleet = Fleet::new(7);
    fleet.server.page_by(2, 3);
    for round in 0..7 {
        note(&mut fleet, 0, &format!("note {round}"));
        note(&mut fleet, 0, &format!("another {round}"));
        fleet.sync(0);
    }
    let other = fleet.add_device(0);
    assert_eq!(titles(&fleet, other), titles(&fleet, 0));
    assert_eq!(fleet.items(other).len(), 14);
}

#[test]
fn a_push_whose_answer_is_lost_is_not_done_twice() {
    let mut fleet = Fleet::new(8);
    let item = note(&mut fleet, 0, "once");
    fleet.deliver(0, Deed::Deliver);
    fleet.deliver(0, Deed::LoseAnswer);
    assert_eq!(fleet.server.vault_head(fleet.account()).seq, 1, "the push came through");
    assert!(!fleet.item(0, item).unwrap().is_stored, "and nobody here knows");
    fleet.sync(0);
    assert!(fleet.item(0, item).unwrap().is_stored);
    let commits = fleet.server.commits(fleet.account());
    assert_eq!(commits.iter().map(|commit| commit.changed.len()).sum::<usize>(), 1);
    assert_eq!(fleet.engine(0).status().unwrap().pins.vault.seq, 1);
}

#[test]
fn an_account_founded_offline_reaches_the_server_later() {
    let mut fleet = Fleet::new(9);
    let item = note(&mut fleet, 0, "first");
    for _ in 0..3 {
        fleet.deliver(0, Deed::LoseRequest);
        assert_eq!(fleet.idle(0), Some(&Idle::Offline));
    }
    fleet.sync(0);
    assert!(fleet.item(0, item).unwrap().is_stored);
}
