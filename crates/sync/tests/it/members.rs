//! Who may read: devices that come, go, and are made to go.

use roamkey_proto::RevokeReason;
use roamkey_sync::{Command, CommandError, Ending, Event, Idle, Invitation, Outcome, Standing};
use roamkey_testkit::{Deed, Fleet};

use crate::items::{note, titles};

pub(crate) fn revoke(fleet: &Fleet, device: usize) -> Command {
    Command::Revoke {
        devices: vec![fleet.id(device)],
        keep: Vec::new(),
        reason: RevokeReason::Lost,
        keep_slots: Vec::new(),
    }
}

#[test]
fn after_a_revocation_every_record_is_under_a_key_that_the_device_never_had() {
    let mut fleet = Fleet::new(20);
    for number in 0..30 {
        note(&mut fleet, 0, &format!("note {number}"));
    }
    fleet.sync(0);
    let lost = fleet.add_device(0);
    let other = fleet.add_device(0);
    let command = revoke(&fleet, lost);
    assert_eq!(fleet.command(0, command), Ok(Outcome::Appended));
    let status = fleet.engine(0).status().unwrap();
    assert_eq!(status.reseal_pages, 0);
    let first = fleet.server.commits(fleet.account()).into_iter().find(|commit| commit.epoch == 4).unwrap();
    assert_eq!((first.author, first.log), (fleet.id(0), status.pins.log));
    fleet.sync(other);
    assert_eq!(titles(&fleet, other).len(), 30);
    assert_eq!(fleet.engine(other).status().unwrap().reseal_pages, 0);
}

#[test]
fn a_revoked_device_stops_and_keeps_what_it_has() {
    let mut fleet = Fleet::new(21);
    note(&mut fleet, 0, "known to both");
    fleet.sync(0);
    let lost = fleet.add_device(0);
    // Its session is open when the revocation comes in: the log tells it.
    let session = fleet.id(lost);
    fleet.tap(Some(Box::new(
        move |device, request, answer, server| {
            if device == session { server.answer_to_former(device, request) } else { answer }
        },
    )));
    let command = revoke(&fleet, lost);
    fleet.command(0, command).unwrap();
    note(&mut fleet, lost, "typed too late");
    fleet.sync(lost);
    let ending = Ending::Revoked { by: fleet.id(0), reason: RevokeReason::Lost, at: 3 };
    assert_eq!(fleet.idle(lost), Some(&Idle::Ended(ending)));
    fleet.crash(lost);
    assert_eq!(fleet.engine(lost).status().unwrap().standing, Standing::Ended(ending));
    assert_eq!(titles(&fleet, lost), ["known to both", "typed too late"]);
}

#[test]
fn what_a_revoked_device_added_goes_with_it_unless_it_is_kept() {
    let mut fleet = Fleet::new(22);
    let lost = fleet.add_device(0);
    let planted = fleet.add_device(lost);
    let kept = fleet.add_device(lost);
    fleet.sync(0);
    let (devices, keep) = (vec![fleet.id(lost)], vec![fleet.id(kept)]);
    fleet.command(0, Command::Revoke { devices, keep, reason: RevokeReason::Lost, keep_slots: Vec::new() }).unwrap();
    let log = fleet.engine(0).log().unwrap();
    assert!(log.active_member(fleet.id(planted)).is_none());
    assert!(log.active_member(fleet.id(kept)).is_some());
}

#[test]
fn a_rotation_follows_when_a_device_leaves() {
    let mut fleet = Fleet::new(23);
    note(&mut fleet, 0, "shared");
    fleet.sync(0);
    let leaver = fleet.add_device(0);
    assert_eq!(fleet.command(leaver, Command::Leave), Ok(Outcome::Appended));
    assert!(matches!(fleet.engine(leaver).status().unwrap().standing, Standing::Ended(Ending::Left { at: 3 })));
    fleet.sync(0);
    let log = fleet.engine(0).log().unwrap();
    assert_eq!((log.epoch(), log.owes_epoch()), (3, false));
    assert_eq!(fleet.engine(0).status().unwrap().reseal_pages, 0);
}

#[test]
fn the_last_device_cannot_leave() {
    let mut fleet = Fleet::new(24);
    assert!(matches!(fleet.command(0, Command::Leave), Err(Some(CommandError::Forbidden(_)))));
}

#[test]
fn a_bundle_is_sent_byte_for_byte_until_its_place_is_filled() {
    let mut fleet = Fleet::new(25);
    fleet.handle(0, Event::Command(Command::Rotate)).unwrap();
    fleet.deliver(0, Deed::Deliver);
    fleet.deliver(0, Deed::LoseAnswer);
    assert_eq!(fleet.engine(0).log().unwrap().head().seq, 1);
    fleet.crash(0);
    fleet.sync(0);
    let log = fleet.engine(0).log().unwrap();
    assert_eq!((log.head().seq, log.epoch()), (2, 2), "one entry, not two");
}

#[test]
fn a_newcomer_whose_place_was_taken_gets_a_new_invitation() {
    let mut fleet = Fleet::new(26);
    let other = fleet.add_device(0);
    let Ok(Outcome::Invited(invitation)) = fleet.command(0, Command::Invite) else { panic!("invited") };
    fleet.command(other, Command::Rotate).unwrap();
    let (invitation, log) = Invitation::open(&invitation).unwrap();
    let secrets = roamkey_sealing::DeviceSecrets::make(&mut roamkey_testkit::seeded(1));
    let (device, possession) = invitation.answer(&log, &secrets);
    let add = Command::AddDevice { device: Box::new(device), possession: Box::new(possession) };
    assert_eq!(fleet.command(0, add), Err(Some(CommandError::InvitationStale)));
    assert!(fleet.join(0).is_ok());
}

#[test]
fn another_device_goes_on_with_a_reseal_after_a_day() {
    let mut fleet = Fleet::new(27);
    for number in 0..600 {
        note(&mut fleet, 0, &format!("note {number}"));
    }
    fleet.sync(0);
    let (lost, other) = (fleet.add_device(0), fleet.add_device(0));
    fleet.sync(0);
    let command = revoke(&fleet, lost);
    fleet.handle(0, Event::Command(command)).unwrap();
    while fleet.engine(0).status().unwrap().reseal_pages == 0 || fleet.server.commits(fleet.account()).len() < 3 {
        assert!(fleet.deliver(0, Deed::Deliver), "the first step is made");
    }
    fleet.sync(other);
    assert!(fleet.engine(other).status().unwrap().reseal_pages > 0);
    fleet.now = fleet.now.plus_millis(25 * 60 * 60 * 1000);
    fleet.sync(other);
    assert_eq!(fleet.engine(other).status().unwrap().reseal_pages, 0);
    while fleet.deliver(0, Deed::Deliver) {}
    assert_eq!(fleet.items(0).len(), 600);
}

#[test]
fn a_newcomer_joins_an_account_whose_log_is_longer_than_a_message() {
    let mut fleet = Fleet::new(28);
    note(&mut fleet, 0, "kept before");
    for _ in 0..600 {
        fleet.command(0, Command::Rotate).unwrap();
    }
    let Ok(Outcome::Invited(invitation)) = fleet.command(0, Command::Invite) else { panic!("invited") };
    let (invitation, log) = Invitation::open(&invitation).unwrap();
    assert!(log.head().seq < invitation.pins.log.seq, "the log is cut");
    let newcomer = fleet.add_device(0);
    assert_eq!(fleet.idle(newcomer), Some(&Idle::UpToDate));
    assert_eq!(titles(&fleet, newcomer), ["kept before"]);
}
