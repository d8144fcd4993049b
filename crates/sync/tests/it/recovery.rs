//! Coming back by a kit when every device is lost, and a server that lies to who does.

use roamkey_proto::{Chain, Pin, ReceiptKey, RevokeReason, problem::Problem};
use roamkey_sealing::recovery::Kit;
use roamkey_sync::{Call, Command, CommandError, Event, Idle, Outcome, Standing, recovery::RecoveryError};
use roamkey_testkit::{Deed, Fleet, seeded};
use roamkey_trust::Refusal;

use crate::items::{note, titles};

/// Two devices that have written something, and a kit by the first.
fn with_kit(seed: u64) -> (Fleet, Kit) {
    let mut fleet = Fleet::new(seed);
    note(&mut fleet, 0, "before the kit");
    fleet.sync(0);
    let kit = fleet.set_kit(0).unwrap();
    let other = fleet.add_device(0);
    note(&mut fleet, other, "after the kit");
    fleet.sync(other);
    (fleet, kit)
}

#[test]
fn everything_lost_comes_back_by_the_kit() {
    let (mut fleet, kit) = with_kit(60);
    let survey = fleet.survey(&kit).unwrap().survey().unwrap();
    assert_eq!(survey.devices.iter().map(|device| device.id).collect::<Vec<_>>(), [fleet.id(0), fleet.id(1)]);
    assert_eq!(survey.last_change, Some((fleet.id(1), fleet.now)));
    assert_eq!(survey.unfinished, None);

    let back = fleet.recover(&kit).unwrap();
    assert_eq!(fleet.idle(back), Some(&Idle::UpToDate));
    assert_eq!(fleet.engine(back).status().unwrap().standing, Standing::Member);
    assert_eq!(titles(&fleet, back), ["after the kit", "before the kit"]);

    // The lost ones go in one step; the kit that they had set stays, as it is in the person's hands.
    let (devices, keep) = (vec![fleet.id(0), fleet.id(1)], vec![fleet.id(back)]);
    let reason = RevokeReason::Lost;
    let keep_slots = vec![roamkey_proto::RecoverySlot::Kit];
    fleet.command(back, Command::Revoke { devices, keep, reason, keep_slots }).unwrap();
    assert_eq!(fleet.engine(back).status().unwrap().reseal_pages, 0);
    assert_eq!(fleet.engine(back).log().unwrap().active().count(), 1);
    note(&mut fleet, back, "written after");
    fleet.sync(back);
    // And it serves once more.
    let again = fleet.recover(&kit).unwrap();
    assert_eq!(titles(&fleet, again), ["after the kit", "before the kit", "written after"]);
}

#[test]
fn the_other_devices_see_who_came_back() {
    let (mut fleet, kit) = with_kit(61);
    let back = fleet.recover(&kit).unwrap();
    fleet.sync(0);
    let log = fleet.engine(0).log().unwrap();
    let added = log.member(fleet.id(back)).unwrap().added();
    assert_eq!(added.via, Some(roamkey_proto::Via::Recovery));
    assert_eq!(added.by, kit.derive_authority().id());
    assert_eq!(titles(&fleet, 0).len(), 2);
}

#[test]
fn a_recovered_device_that_dies_at_its_first_moment_is_still_there() {
    let (mut fleet, kit) = with_kit(62);
    let back = fleet.recover(&kit).unwrap();
    fleet.crash(back);
    fleet.sync(back);
    assert_eq!(titles(&fleet, back).len(), 2);
}

#[test]
fn a_server_that_shows_the_log_of_another_account_is_refused() {
    // Attack 18.
    let (mut fleet, kit) = with_kit(65);
    let (other, other_kit) = with_kit(66);
    let (account, id) = (other.account(), other_kit.derive_authority().id());
    fleet.tap(Some(Box::new(move |_, request, answer, _| match &request.call {
        // The heads of the account that was asked for, the log of the other one.
        Call::Log { .. } => {
            let mut request = request.clone();
            request.account = account;
            other.server.answer_to_former(id, &request)
        }
        _ => answer,
    })));
    assert_eq!(fleet.survey(&kit).err(), Some(RecoveryError::OtherAccount));
}

#[test]
fn a_server_with_another_key_is_not_the_kits() {
    let (mut fleet, kit) = with_kit(67);
    let foreign = Kit { receipt_key: ReceiptKey([7; 32]), ..kit };
    assert_eq!(fleet.survey(&foreign).err(), Some(RecoveryError::ForeignServer));
}

#[test]
fn a_history_from_before_the_kit_is_refused() {
    // Attacks 16 and 35.
    let mut fleet = Fleet::new(68);
    note(&mut fleet, 0, "old");
    fleet.sync(0);
    let first = fleet.set_kit(0).unwrap();
    let old = fleet.server.fork();
    let lost = fleet.add_device(0);
    fleet.command(0, crate::members::revoke(&fleet, lost)).unwrap();
    note(&mut fleet, 0, "new");
    fleet.sync(0);
    let pins = fleet.engine(0).status().unwrap().pins;
    let kit = Kit { log: pins.log, ..first };
    let log = kit.log.seq;
    let now = std::mem::replace(&mut fleet.server, old);
    assert_eq!(fleet.survey(&kit).err(), Some(RecoveryError::RolledBack { chain: Chain::Log, pinned: log, shown: 2 }));
    // A rolled back vault alone.
    fleet.server = now;
    let kit = Kit { vault: Pin { seq: 99, id: [0; 32] }, ..kit };
    let shown = pins.vault.seq;
    assert_eq!(fleet.survey(&kit).err(), Some(RecoveryError::RolledBack { chain: Chain::Vault, pinned: 99, shown }));
}

#[test]
fn another_history_than_the_kits_is_refused() {
    // Attack 35: the log must go through the kit's pin.
    let (mut fleet, kit) = with_kit(69);
    let beside = Kit { log: Pin { seq: 1, id: [5; 32] }, ..kit };
    assert_eq!(fleet.survey(&beside).err(), Some(RecoveryError::Forked { chain: Chain::Log }));
}

#[test]
fn a_replaced_kit_says_that_it_was() {
    let (mut fleet, old) = with_kit(70);
    let new = fleet.set_kit(0).unwrap();
    // The server lets it in no more; one that did would gain nothing.
    assert_eq!(fleet.survey(&old).err(), Some(RecoveryError::Malformed));
    fleet.tap(Some(Box::new(|device, request, answer, server| {
        if answer == Err(Problem::NotAMember) { server.answer_to_former(device, request) } else { answer }
    })));
    assert_eq!(fleet.survey(&old).err(), Some(RecoveryError::Replaced { at: Some(fleet.now) }));
    assert!(fleet.survey(&new).is_ok());
}

#[test]
fn a_kit_that_was_never_set_is_none() {
    let (mut fleet, kit) = with_kit(71);
    let unset = Kit { secret: Kit::make_secret(&mut seeded(9)), ..kit };
    fleet.tap(Some(Box::new(|device, request, _, server| server.answer_to_former(device, request))));
    assert_eq!(fleet.survey(&unset).err(), Some(RecoveryError::NotSet));
}

#[test]
fn a_server_that_withholds_the_end_of_the_log_or_the_wrap_is_noticed() {
    let (mut fleet, kit) = with_kit(72);
    fleet.tap(Some(Box::new(|_, request, answer, _| match request.call {
        Call::Log { since } if since > 0 => {
            Ok(roamkey_proto::encode(&roamkey_proto::api::LogPage { bundles: Vec::new(), more: true }))
        }
        Call::Log { .. } => {
            let page: roamkey_proto::api::LogPage =
                roamkey_proto::decode(&answer?, roamkey_proto::limits::RESPONSE_BYTES).unwrap();
            Ok(roamkey_proto::encode(&roamkey_proto::api::LogPage {
                bundles: page.bundles.into_iter().take(2).collect(),
                more: true,
            }))
        }
        _ => answer,
    })));
    assert_eq!(fleet.survey(&kit).err(), Some(RecoveryError::Withheld));
    fleet.tap(Some(Box::new(|_, request, answer, _| match request.call {
        Call::Log { .. } => {
            let mut page: roamkey_proto::api::LogPage =
                roamkey_proto::decode(&answer?, roamkey_proto::limits::RESPONSE_BYTES).unwrap();
            page.bundles.iter_mut().for_each(|bundle| bundle.wraps.clear());
            Ok(roamkey_proto::encode(&page))
        }
        _ => answer,
    })));
    assert_eq!(fleet.survey(&kit).err(), Some(RecoveryError::Withheld));
}

#[test]
fn a_device_that_was_further_on_is_a_witness() {
    // Attack 35: the server shows the state of before, and cannot keep a heartbeat from naming what came after.
    let (mut fleet, kit) = with_kit(73);
    let old = fleet.server.fork();
    note(&mut fleet, 0, "withheld");
    fleet.now = fleet.now.plus_millis(roamkey_proto::limits::HEARTBEAT_EVERY_MS);
    fleet.sync(0);
    let id = kit.derive_authority().id();
    fleet.tap(Some(Box::new(move |_, request, answer, _| match request.call {
        Call::Heartbeats => answer,
        _ => old.answer_to_former(id, request),
    })));
    assert_eq!(fleet.survey(&kit).err(), Some(RecoveryError::Withheld));
}

#[test]
fn a_device_that_was_elsewhere_is_a_witness() {
    // Attack 35: a stolen device helps the server to a longer history of their own, and the honest one was never in it.
    let (mut fleet, kit) = with_kit(77);
    fleet.sync(0);
    let (thief, kit_id) = (fleet.id(1), kit.derive_authority().id());
    let mut other = fleet.server.fork();
    fleet.tap(Some(Box::new(move |device, request, answer, _| match request.call {
        Call::Heartbeats if device == kit_id => answer,
        _ if device == thief || device == kit_id => other.answer(device, request),
        _ => answer,
    })));
    for _ in 0..2 {
        fleet.handle(1, Event::Command(Command::Rotate)).unwrap();
        while fleet.deliver(1, Deed::Deceive) {}
    }
    fleet.command(0, Command::Rotate).unwrap();
    fleet.now = fleet.now.plus_millis(roamkey_proto::limits::HEARTBEAT_EVERY_MS);
    fleet.sync(0);
    assert_eq!(fleet.survey(&kit).err(), Some(RecoveryError::Forked { chain: Chain::Log }));
}

#[test]
fn another_commit_than_the_head_is_refused() {
    let (mut fleet, kit) = with_kit(74);
    fleet.tap(Some(Box::new(|device, request, answer, server| match &request.call {
        Call::Pull(pull) => {
            let mut request = request.clone();
            let earlier = roamkey_proto::api::PullRequest { commits_after: 0, ..*pull };
            request.call = Call::Pull(earlier);
            let page = server.answer_to_former(device, &request)?;
            let mut page: roamkey_proto::api::PullPage =
                roamkey_proto::decode(&page, roamkey_proto::limits::RESPONSE_BYTES).unwrap();
            page.commits.truncate(1);
            Ok(roamkey_proto::encode(&page))
        }
        _ => answer,
    })));
    assert_eq!(fleet.survey(&kit).err(), Some(RecoveryError::Forked { chain: Chain::Vault }));
}

#[test]
fn a_removed_way_back_stays_removed_and_removing_it_twice_is_nothing() {
    let (mut fleet, kit) = with_kit(75);
    let remove = || {
        let slot = roamkey_proto::RecoverySlot::Kit;
        Command::SetRecovery(Box::new(roamkey_proto::SetRecovery { slot, keys: None, policy: None }))
    };
    assert_eq!(fleet.command(0, remove()), Ok(Outcome::Appended));
    assert_eq!(fleet.command(0, remove()), Ok(Outcome::AlreadySo));
    assert!(fleet.survey(&kit).is_err());
    // Without it the last device cannot leave.
    let lost = fleet.id(1);
    let revoke =
        Command::Revoke { devices: vec![lost], keep: Vec::new(), reason: RevokeReason::Lost, keep_slots: Vec::new() };
    fleet.command(0, revoke).unwrap();
    let refused = CommandError::Forbidden(Refusal::LastDevice.into());
    assert_eq!(fleet.command(0, Command::Leave), Err(Some(refused)));
    let kit = fleet.set_kit(0).unwrap();
    fleet.command(0, Command::Leave).unwrap();
    // With it, the last one leaves, and who comes back reads everything.
    let back = fleet.recover(&kit).unwrap();
    assert_eq!(fleet.idle(back), Some(&Idle::UpToDate));
    assert_eq!(titles(&fleet, back).len(), 2);
}

#[test]
fn a_kit_that_a_lost_device_planted_goes_with_it() {
    // Attack 44.
    let (mut fleet, own) = with_kit(76);
    let planted = fleet.set_kit(1).unwrap();
    fleet.sync(0);
    let command = crate::members::revoke(&fleet, 1);
    fleet.command(0, command).unwrap();
    assert!(fleet.engine(0).log().unwrap().recovery().next().is_none());
    fleet.tap(Some(Box::new(|device, request, _, server| server.answer_to_former(device, request))));
    for kit in [own, planted] {
        assert!(matches!(fleet.survey(&kit).err(), Some(RecoveryError::Replaced { .. })));
    }
}
