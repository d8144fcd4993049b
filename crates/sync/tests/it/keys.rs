//! What a device does with its own keys and with the account as a whole: renewing, raising the suite, closing.

use roamkey_proto::{Heartbeat, Pin, Time, VERSION, api::SignedHeartbeat, cbor, limits};
use roamkey_sync::{
    Call, Command, CommandError, Distrust, Ending, Event, Idle, Outcome, Standing,
    checkup::{Comparison, NotACheckUp},
};
use roamkey_testkit::{Deed, Fleet};
use roamkey_trust::{Change, heartbeat};

use crate::{
    items::{note, titles},
    rogue::Rogue,
};

fn public(fleet: &Fleet, device: usize) -> roamkey_proto::DeviceKeys {
    let id = fleet.id(device);
    fleet.engine(device).log().unwrap().member(id).unwrap().keys().clone()
}

#[test]
fn renewed_keys_serve_and_the_old_ones_no_more() {
    let mut fleet = Fleet::new(400);
    note(&mut fleet, 0, "before");
    fleet.sync(0);
    let other = fleet.add_device(0);
    let before = public(&fleet, 0);
    assert_eq!(fleet.command(0, Command::Renew), Ok(Outcome::Appended));
    let after = public(&fleet, 0);
    assert_eq!(after.identity, before.identity);
    assert!(after.write != before.write && after.kem != before.kem);

    note(&mut fleet, 0, "after");
    fleet.sync(0);
    // What another one wraps for it from now on opens by the new key, after a restart as well.
    fleet.sync(other);
    assert_eq!(fleet.command(other, Command::Rotate), Ok(Outcome::Appended));
    fleet.crash(0);
    note(&mut fleet, 0, "after a restart");
    fleet.sync(0);
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
    fleet.sync(other);
    assert_eq!(titles(&fleet, other), ["after", "after a restart", "before"]);
}

#[test]
fn a_renewal_survives_a_crash_after_any_request() {
    for requests in 0..6 {
        for deed in [Deed::Deliver, Deed::LoseAnswer, Deed::LoseRequest] {
            let mut fleet = Fleet::new(401);
            let other = fleet.add_device(0);
            fleet.handle(0, Event::Command(Command::Renew)).unwrap();
            for request in 0..requests {
                fleet.deliver(0, if request + 1 == requests { deed } else { Deed::Deliver });
            }
            fleet.crash(0);
            fleet.sync(0);
            assert_eq!(fleet.idle(0), Some(&Idle::UpToDate), "after {requests} requests, {deed:?}");
            note(&mut fleet, 0, "written");
            fleet.sync(0);
            fleet.sync(other);
            assert_eq!(fleet.command(other, Command::Rotate), Ok(Outcome::Appended));
            fleet.sync(0);
            assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
            assert_eq!(titles(&fleet, other), ["written"]);
        }
    }
}

#[test]
fn a_renewal_that_meets_another_entry_is_done_again_with_keys_of_its_own() {
    let mut fleet = Fleet::new(402);
    let other = fleet.add_device(0);
    let before = public(&fleet, 0);
    // The heads are asked for first; then the entry is on its way.
    fleet.handle(0, Event::Command(Command::Renew)).unwrap();
    assert!(fleet.deliver(0, Deed::Deliver));
    assert_eq!(fleet.command(other, Command::Rotate), Ok(Outcome::Appended));
    while fleet.deliver(0, Deed::Deliver) {}
    assert_eq!(fleet.outcome(0), Some(Ok(Outcome::Appended)));
    assert_ne!(public(&fleet, 0).write, before.write);
    let log = fleet.engine(0).log().unwrap();
    assert_eq!((&log.entries()[2].change, &log.entries()[3].change), (&Change::Rotated, &Change::Renewed));
}

#[test]
fn an_account_closes_a_week_after_it_was_asked_for_and_devices_keep_what_they_have() {
    let mut fleet = Fleet::new(403);
    note(&mut fleet, 0, "kept");
    fleet.sync(0);
    let other = fleet.add_device(0);
    assert_eq!(fleet.command(0, Command::Close), Ok(Outcome::Appended));
    assert_eq!(fleet.command(0, Command::Close), Ok(Outcome::AlreadySo));
    fleet.sync(other);
    let closing = *fleet.engine(other).log().unwrap().closing().unwrap();
    assert_eq!(closing.by, fleet.id(0));
    fleet.now = fleet.now.plus_millis(limits::CLOSE_WAIT_MS - 1);
    let now = fleet.now;
    fleet.server.sweep(now);
    fleet.sync(other);
    assert_eq!(fleet.idle(other), Some(&Idle::UpToDate), "until then all goes on");

    fleet.now = closing.not_before;
    let now = fleet.now;
    fleet.server.sweep(now);
    fleet.sync(other);
    let ended = Ending::Closed { at: closing.entry.seq };
    assert_eq!(fleet.idle(other), Some(&Idle::Ended(ended)));
    fleet.crash(other);
    assert_eq!(fleet.engine(other).status().unwrap().standing, Standing::Ended(ended));
    assert_eq!(titles(&fleet, other), ["kept"]);
}

#[test]
fn a_server_that_closes_an_account_before_its_time_ends_nothing() {
    let mut fleet = Fleet::new(412);
    let other = fleet.add_device(0);
    assert_eq!(fleet.command(0, Command::Close), Ok(Outcome::Appended));
    fleet.sync(other);
    let not_before = fleet.engine(other).log().unwrap().closing().unwrap().not_before;
    fleet.tap(Some(Box::new(|_, _, _, _| Err(roamkey_proto::problem::Problem::AccountClosed))));
    fleet.now = Time(not_before.0 - 1);
    fleet.sync(other);
    assert_eq!(fleet.idle(other), Some(&Idle::Distrusted(Distrust::ClosedTooSoon { not_before })));
    assert_eq!(fleet.engine(other).status().unwrap().standing, Standing::Member);
    // It may still be called off, where the server was not honest and is again.
    fleet.tap(None);
    assert_eq!(fleet.command(other, Command::CancelClose), Ok(Outcome::Appended));
    assert_eq!(fleet.idle(other), Some(&Idle::UpToDate));
}

#[test]
fn any_device_calls_a_closing_off() {
    let mut fleet = Fleet::new(404);
    let other = fleet.add_device(0);
    assert_eq!(fleet.command(other, Command::CancelClose), Ok(Outcome::AlreadySo));
    assert_eq!(fleet.command(0, Command::Close), Ok(Outcome::Appended));
    assert_eq!(fleet.command(other, Command::CancelClose), Ok(Outcome::Appended));
    fleet.now = fleet.now.plus_millis(limits::CLOSE_WAIT_MS * 2);
    let now = fleet.now;
    fleet.server.sweep(now);
    fleet.sync(0);
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
    assert_eq!(fleet.engine(0).log().unwrap().closing(), None);
}

#[test]
fn a_server_that_says_closed_without_an_entry_that_asked_for_it_ends_nothing() {
    let mut fleet = Fleet::new(405);
    fleet.tap(Some(Box::new(|_, _, _, _| Err(roamkey_proto::problem::Problem::AccountClosed))));
    fleet.sync(0);
    assert_eq!(fleet.engine(0).status().unwrap().standing, Standing::Member);
    fleet.tap(None);
    fleet.sync(0);
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
}

#[test]
fn the_suite_is_raised_only_where_there_is_a_newer_one() {
    let mut fleet = Fleet::new(406);
    assert_eq!(fleet.command(0, Command::RaiseSuite), Ok(Outcome::AlreadySo));
    assert_eq!(fleet.engine(0).log().unwrap().min_suite(), 1);
}

#[test]
fn renewing_after_somebody_left_opens_the_epoch_that_is_owed() {
    let mut fleet = Fleet::new(407);
    let leaver = fleet.add_device(0);
    fleet.sync(0);
    assert_eq!(fleet.command(leaver, Command::Leave), Ok(Outcome::Appended));
    assert_eq!(fleet.command(0, Command::Renew), Ok(Outcome::Appended));
    assert_eq!(fleet.engine(0).log().unwrap().entries().last().unwrap().change, Change::Renewed);
    assert_eq!(
        fleet.command(0, Command::Leave),
        Err(Some(CommandError::Forbidden(roamkey_trust::Refusal::LastDevice.into())))
    );
}

#[test]
fn devices_say_where_they_are_daily_and_silence_shows() {
    let mut fleet = Fleet::new(408);
    let other = fleet.add_device(0);
    let day = limits::HEARTBEAT_EVERY_MS;
    for _ in 0..2 {
        fleet.now = fleet.now.plus_millis(day);
        fleet.sync(other);
        fleet.sync(0);
    }
    let contact = fleet.engine(0).contacts().iter().find(|contact| contact.device == fleet.id(other)).unwrap().clone();
    assert_eq!(contact.at, fleet.now);
    assert_eq!(contact.vault, fleet.engine(0).status().unwrap().pins.vault);
    assert!(!contact.is_silent(fleet.now.plus_millis(limits::SILENCE_MS)));
    assert!(contact.is_silent(fleet.now.plus_millis(limits::SILENCE_MS + 1)));
    // It survives a restart, and an old heartbeat that is handed out again takes nothing back.
    fleet.crash(0);
    assert!(fleet.engine(0).contacts().contains(&contact));
}

#[test]
fn two_histories_come_to_light_by_heartbeats_where_the_server_lets_them_through() {
    let mut fleet = Fleet::new(409);
    note(&mut fleet, 0, "shared");
    fleet.sync(0);
    let other = fleet.add_device(0);
    fleet.now = fleet.now.plus_millis(limits::HEARTBEAT_EVERY_MS);
    let mut fork = fleet.server.fork();
    let victim = fleet.id(other);
    let honest = fleet.id(0);
    // The victim is served from a fork; heartbeats alone go to and fro, as if the server knew no better.
    fleet.tap(Some(Box::new(move |device, request, answer, server| match &request.call {
        _ if device != victim => answer,
        Call::Heartbeats => server.answer_to_former(honest, request),
        _ => fork.answer(device, request),
    })));
    note(&mut fleet, 0, "on the one branch");
    fleet.sync(0);
    note(&mut fleet, other, "on the other");
    fleet.sync(other);
    fleet.sync(other);
    let Some(Idle::Distrusted(Distrust::Forked { receipts: Some(receipts), .. })) = fleet.idle(other) else {
        panic!("forked, with proof: {:?}", fleet.idle(other))
    };
    assert_ne!(receipts[0], receipts[1]);
}

/// Says something as a device whose keys the thief has.
fn says(fleet: &mut Fleet, rogue: &Rogue, bend: impl FnOnce(&mut Heartbeat)) {
    let pins = fleet.engine(0).status().unwrap().pins;
    let mut said = Heartbeat {
        version: VERSION,
        account: fleet.account(),
        device: rogue.id,
        time: fleet.now,
        log: pins.log,
        vault: pins.vault,
        epoch: rogue.key.number(),
        log_receipt: pins.log_receipt,
        vault_receipt: pins.vault_receipt,
    };
    bend(&mut said);
    let signed = heartbeat::sign(&said, &rogue.secrets.write);
    rogue.send(fleet, Call::Beat(cbor::encode(&SignedHeartbeat { signed })));
    fleet.now = fleet.now.plus_millis(limits::HEARTBEAT_EVERY_MS);
    fleet.sync(0);
}

#[test]
fn a_device_that_says_it_was_shut_out_gets_a_new_epoch_once() {
    let mut fleet = Fleet::new(410);
    let rogue = Rogue::join(&mut fleet);
    let epoch = fleet.engine(0).log().unwrap().epoch();
    says(&mut fleet, &rogue, |said| said.epoch -= 1);
    assert_eq!(fleet.engine(0).log().unwrap().epoch(), epoch + 1);
    fleet.now = fleet.now.plus_millis(limits::HEARTBEAT_EVERY_MS);
    fleet.sync(0);
    assert_eq!(fleet.engine(0).log().unwrap().epoch(), epoch + 1);
}

#[test]
fn a_check_up_binds_nobody_beyond_what_the_server_signed() {
    let mut fleet = Fleet::new(413);
    let rogue = Rogue::join(&mut fleet);
    let pins = fleet.engine(0).status().unwrap().pins;
    let far = Pin { seq: 900, id: [1; 32] };
    let mut code = Heartbeat {
        version: VERSION,
        account: fleet.account(),
        device: rogue.id,
        time: fleet.now,
        log: far,
        vault: far,
        epoch: 2,
        log_receipt: pins.log_receipt.clone(),
        vault_receipt: None,
    };
    let log = fleet.engine(0).log().unwrap().clone();
    let shown = fleet.engine(0).read_check_up(&heartbeat::sign(&code, &rogue.secrets.write), &log).unwrap();
    assert!(matches!(shown.comparison, Comparison::Apart { .. }));
    assert_eq!(shown.witness, None, "a member's word alone");
    // A stranger's is none at all, nor is one that somebody bent.
    let bytes = heartbeat::sign(&code, &roamkey_trust::WriteKey::from_bytes(&[3; 32]));
    assert_eq!(fleet.engine(0).read_check_up(&bytes, &log), Err(NotACheckUp));
    code.device = roamkey_proto::DeviceId::new([4; 32]);
    let bytes = heartbeat::sign(&code, &rogue.secrets.write);
    assert_eq!(fleet.engine(0).read_check_up(&bytes, &log).unwrap().comparison, Comparison::UnknownDevice);
}

#[test]
fn a_check_up_of_a_device_that_is_ahead_is_a_witness_until_the_server_leads_there() {
    let mut fleet = Fleet::new(414);
    let other = fleet.add_device(0);
    fleet.sync(0);
    note(&mut fleet, other, "ahead");
    fleet.sync(other);
    let code = fleet.engine(other).check_up(fleet.now).unwrap();
    let log = fleet.engine(0).log().unwrap().clone();
    let shown = fleet.engine(0).read_check_up(&code, &log).unwrap();
    let pins = shown.witness.unwrap();
    assert_eq!(pins.vault, fleet.engine(other).status().unwrap().pins.vault);
    fleet.handle(0, Event::Witness(pins)).unwrap();
    fleet.sync(0);
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
    let shown = fleet.engine(0).read_check_up(&code, &log).unwrap();
    assert_eq!((shown.comparison, shown.witness), (Comparison::Same, None));
}

#[test]
fn a_member_alone_accuses_nobody() {
    let mut fleet = Fleet::new(411);
    let rogue = Rogue::join(&mut fleet);
    // Without the server's word, or with its word for something else, a claim is a claim.
    says(&mut fleet, &rogue, |said| (said.vault, said.vault_receipt) = (Pin { seq: 900, id: [1; 32] }, None));
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
    says(&mut fleet, &rogue, |said| {
        (said.log, said.vault) = (Pin { seq: 901, id: [1; 32] }, Pin { seq: 902, id: [1; 32] });
        said.vault_receipt = said.log_receipt.clone();
    });
    fleet.sync(0);
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
}
