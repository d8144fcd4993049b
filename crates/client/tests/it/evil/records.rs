//! Records edited, swapped, replayed, dropped and doubled.

use roamkey_proto::{ItemId, Record, api::SealedRecord};
use roamkey_sync::{Distrust, RecordFault};
use roamkey_testkit::evil::{World, lies};

use super::{distrust, one_behind};

fn fault(distrust: &Distrust) -> RecordFault {
    match distrust {
        Distrust::Record { cause, .. } => *cause,
        other => panic!("another fault: {other}"),
    }
}

/// Has device 1 meet a server that edits the records on their way.
fn served(world: &mut World, edit: impl FnMut(&mut Vec<Record>) + 'static) -> Distrust {
    let mut edit = edit;
    world.server.tell(lies::edit_pulls(move |page| {
        let mut records: Vec<_> = page.records.iter().map(|record| Record::from_bytes(&record.0).unwrap()).collect();
        edit(&mut records);
        page.records = records.iter().map(|record| SealedRecord(record.to_bytes())).collect();
    }));
    distrust(world.sync(1))
}

/// Two devices, of which the second has not seen two notes of the first.
fn two_behind(seed: u64) -> (World, [ItemId; 2]) {
    let mut world = World::of(2, seed);
    let notes = [world.note(0, "one"), world.note(0, "two")];
    world.sync(0).unwrap();
    (world, notes)
}

/// Finds the record of an item on a page.
fn of(records: &mut [Record], item: ItemId) -> &mut Record {
    records.iter_mut().find(|record| record.header.item == item).unwrap()
}

#[test]
fn a_swapped_record_is_refused() {
    let (mut world, [one, other]) = two_behind(1001);
    let seen = served(&mut world, move |records| {
        let (mut a, mut b) = (of(records, one).clone(), of(records, other).clone());
        (a.header.item, b.header.item) = (other, one);
        (*of(records, one), *of(records, other)) = (b, a);
    });
    assert_eq!(fault(&seen), RecordFault::NotNamed);
    assert_eq!(world.titles(1), [""; 0]);
    world.end();
}

#[test]
fn a_record_of_another_account_is_refused() {
    let (mut world, [item, _]) = two_behind(1002);
    let mut other = World::new(1003);
    other.note(0, "foreign");
    let account = other.account();
    other.sync(0).unwrap();
    let seen = served(&mut world, move |records| of(records, item).header.account = account);
    assert_eq!(fault(&seen), RecordFault::Header);
    other.end();
    world.end();
}

#[test]
fn edited_metadata_of_a_record_is_refused() {
    for edit in [
        |record: &mut Record| record.header.revision += 1,
        |record: &mut Record| record.header.epoch -= 1,
        |record: &mut Record| record.header.suite += 1,
        |record: &mut Record| record.salt[0] ^= 1,
        |record: &mut Record| record.commitment[0] ^= 1,
        |record: &mut Record| record.ciphertext.truncate(100),
    ] {
        let (mut world, [item, _]) = two_behind(1101);
        let seen = served(&mut world, move |records| edit(of(records, item)));
        assert_eq!(fault(&seen), RecordFault::NotNamed);
        world.end();
    }
}

#[test]
fn an_old_version_of_a_record_is_refused() {
    let mut world = World::of(2, 1401);
    let id = world.note(0, "old");
    world.sync_all();
    // The old record, as the server kept it, goes out in place of the new one.
    let old = world.server.ring(|ring| ring.last_record(id)).unwrap();
    world.rename(0, id, "new");
    world.sync(0).unwrap();
    let seen = served(&mut world, move |records| *of(records, id) = Record::from_bytes(&old).unwrap());
    assert_eq!(fault(&seen), RecordFault::NotNamed);
    assert_eq!(world.titles(1), ["old"]);
    world.end();
}

#[test]
fn a_dropped_record_is_missed() {
    let (mut world, [item, _]) = two_behind(1501);
    let seen = served(&mut world, move |records| records.retain(|record| record.header.item != item));
    assert_eq!(fault(&seen), RecordFault::Missing);
    world.end();
}

#[test]
fn a_dropped_deletion_is_missed() {
    let mut world = World::of(2, 1502);
    let id = world.note(0, "to be deleted");
    world.sync_all();
    world.trash(0, id);
    world.sync(0).unwrap();
    let seen = served(&mut world, Vec::clear);
    assert_eq!(fault(&seen), RecordFault::Missing);
    assert_eq!(world.titles(1), ["to be deleted"]);
    world.end();
}

#[test]
fn a_doubled_record_is_refused() {
    let mut world = one_behind(1503);
    let seen = served(&mut world, |records| records.push(records[0].clone()));
    assert_eq!(seen, Distrust::Malformed);
    world.end();
}

#[test]
fn a_record_that_no_commit_names_is_refused() {
    let mut world = World::of(2, 1504);
    let id = world.note(0, "known");
    world.sync_all();
    let known = world.server.ring(|ring| ring.last_record(id)).unwrap();
    world.note(0, "new");
    world.sync(0).unwrap();
    let seen = served(&mut world, move |records| {
        let mut known = Record::from_bytes(&known).unwrap();
        known.header.item = roamkey_proto::ItemId::new([9; 16]);
        records.push(known);
        records.sort_by_key(|record| record.header.item);
    });
    // The full pull that comes before a verdict finds more records than the head counts.
    assert!(matches!(seen, Distrust::Malformed | Distrust::Root { .. } | Distrust::Record { .. }), "{seen}");
    world.end();
}
