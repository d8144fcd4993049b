//! What a realm believes of the log: never less than it was brought before.

use roamkey_realm::{Learn, Look, Refusal};

use crate::{
    disk::Disk,
    world::{Device, NOW, World, entry, joins},
};

#[test]
fn a_log_from_before_is_refused() {
    let mut world = World::new(1);
    let thief = Device::new(2);
    world.add(&thief);
    let before = world.log.clone();
    world.revoke(thief.id);
    world.learn(0).unwrap();
    let account = world.account();
    let disk = &mut world.sites[0].disk;
    assert_eq!(disk.run(account, Learn { log: &before }, NOW), Err(Refusal::OtherLog));
    assert_eq!(disk.run(account, Learn { log: &world.log }, NOW), Ok(world.log.head()));
}

#[test]
fn a_log_beside_the_known_one_is_refused() {
    let mut world = World::new(1);
    let mut beside = world.log.clone();
    let (one, two) = (Device::new(2), Device::new(3));
    let bundle = entry(&beside, joins(&beside, &two), &world.owner);
    beside.append_whole(&bundle).unwrap();
    world.add(&one);
    let account = world.account();
    assert_eq!(world.sites[0].disk.run(account, Learn { log: &beside }, NOW), Err(Refusal::OtherLog));
}

#[test]
fn the_log_of_another_account_is_refused() {
    let mut world = World::new(1);
    let account = roamkey_proto::AccountId::new([9; 32]);
    let refused = world.sites[0].disk.run(account, Learn { log: &world.log }, NOW);
    assert!(matches!(refused, Err(Refusal::Damaged(_))), "what lies under another's name is not taken: {refused:?}");
    let mut fresh = Disk::default();
    assert_eq!(fresh.run(account, Learn { log: &world.log }, NOW), Err(Refusal::ForeignRealm));
}

#[test]
fn looking_for_what_is_not_there_leaves_nothing_behind() {
    let (account, mut disk) = (roamkey_proto::AccountId::new([9; 32]), Disk::default());
    assert_eq!(disk.run(account, Look, NOW).unwrap().left, None);
    assert_eq!(disk.parts(), Disk::default().parts());
}
