//! Keys that do not come, and what devices do about it by themselves: neither for ever shut out, nor made to fill the log.

use roamkey_proto::{
    Op, RevokeDevices, RevokeReason,
    api::{Heads, LogPage},
    cbor, limits,
};
use roamkey_sync::{Call, Command, Distrust, Idle, Outcome, Request};
use roamkey_testkit::{Fleet, ModelServer, Wire};
use roamkey_trust::Change;

use crate::{
    items::{note, titles},
    shut_out::{is_shut_out, is_up_to_date, shared, whole_log},
};

/// A server that lost the wraps of one entry.
fn without_wraps_of(seq: u64) -> Wire {
    Box::new(move |_, request, answer, _| match request.call {
        Call::Log { since } => answer.map(|body| {
            let mut page: LogPage = cbor::decode(&body, body.len()).unwrap();
            for (_, bundle) in (since + 1..).zip(&mut page.bundles).filter(|(at, _)| *at == seq) {
                bundle.wraps.clear();
            }
            cbor::encode(&page)
        }),
        _ => answer,
    })
}

#[test]
fn a_key_that_was_not_sent_shuts_a_device_out_and_revoking_who_opened_the_epoch_ends_it() {
    let (mut fleet, mut rogue, _) = shared(600);
    rogue.open_epoch(&mut fleet, Op::Rotate, &[]);
    fleet.tap(Some(without_wraps_of(rogue.log.head().seq)));
    for device in [0, 1] {
        fleet.sync(device);
        let epoch = rogue.log.epoch();
        assert_eq!(fleet.idle(device), Some(&Idle::Distrusted(Distrust::Epoch { epoch })));
        assert_eq!(fleet.engine(device).status().unwrap().shut_out.unwrap().openers, [rogue.id]);
    }
    assert_eq!(fleet.command(0, rogue.revocation()), Ok(Outcome::Appended));
    is_up_to_date(&mut fleet, 0);
    is_up_to_date(&mut fleet, 1);
    assert_eq!(titles(&fleet, 1), ["a", "b", "c"]);
}

#[test]
fn a_key_that_was_withheld_serves_when_it_comes() {
    let (mut fleet, _, _) = shared(601);
    assert_eq!(fleet.command(1, Command::Rotate), Ok(Outcome::Appended));
    let newest = fleet.engine(1).log().unwrap().head().seq;
    fleet.tap(Some(without_wraps_of(newest)));
    fleet.sync(0);
    assert!(matches!(fleet.idle(0), Some(Idle::Distrusted(Distrust::Epoch { .. }))));
    fleet.tap(None);
    fleet.crash(0);
    is_up_to_date(&mut fleet, 0);
    assert_eq!(fleet.engine(0).log().unwrap().head().seq, newest, "no epoch was needed for that");
}

#[test]
fn whoever_shuts_everyone_out_and_leaves_shuts_nobody_out_for_good() {
    let (mut fleet, mut rogue, _) = shared(602);
    let victims = [fleet.id(0), fleet.id(1)];
    rogue.open_epoch(&mut fleet, Op::Rotate, &victims);
    let leave = rogue.log.draft(Op::Leave, rogue.id, fleet.now).unwrap().finish(None, &rogue.secrets.identity);
    rogue.send(&mut fleet, Call::Append(cbor::encode(&leave)));
    note(&mut fleet, 0, "typed");
    is_up_to_date(&mut fleet, 0);
    is_up_to_date(&mut fleet, 1);
    assert_eq!(titles(&fleet, 1), ["a", "b", "c", "typed"]);
    let newcomer = fleet.add_device(1);
    assert_eq!(titles(&fleet, newcomer), ["a", "b", "c", "typed"]);
}

#[test]
fn a_device_that_is_shut_out_says_so_and_is_let_in_by_who_is_not() {
    let (mut fleet, mut rogue, _) = shared(603);
    let victim = fleet.id(0);
    // Everyone has just said where it is, so that nobody is due for that.
    fleet.now = fleet.now.plus_millis(limits::HEARTBEAT_EVERY_MS);
    is_up_to_date(&mut fleet, 1);
    is_up_to_date(&mut fleet, 0);
    rogue.log = whole_log(&mut fleet, rogue.id);
    rogue.open_epoch(&mut fleet, Op::Rotate, &[victim]);
    is_shut_out(&mut fleet, 0, &rogue);
    fleet.now = fleet.now.plus_millis(limits::HEARTBEAT_EVERY_MS);
    is_up_to_date(&mut fleet, 1);
    assert_eq!(fleet.engine(1).log().unwrap().entries().last().unwrap().change, Change::Rotated);
    is_up_to_date(&mut fleet, 0);
}

/// Three devices; a backup; then an epoch of the second one that the first has seen and the third has not.
fn beyond_the_backup(seed: u64) -> (Fleet, ModelServer) {
    let mut fleet = Fleet::new(seed);
    note(&mut fleet, 0, "kept");
    fleet.sync(0);
    fleet.add_device(0);
    fleet.add_device(0);
    fleet.sync(1);
    fleet.sync(0);
    let backup = fleet.server.fork();
    assert_eq!(fleet.command(1, Command::Rotate), Ok(Outcome::Appended));
    fleet.sync(0);
    (fleet, backup)
}

#[test]
fn whoever_gives_back_anothers_epoch_leaves_nobody_without_the_newest_key() {
    let (mut fleet, backup) = beyond_the_backup(604);
    fleet.server = backup;
    is_up_to_date(&mut fleet, 0);
    for device in [2, 1] {
        is_up_to_date(&mut fleet, device);
        assert_eq!(titles(&fleet, device), ["kept"]);
    }
}

#[test]
fn a_server_that_shows_an_older_log_again_and_again_gets_one_epoch_a_day_for_it() {
    let (mut fleet, backup) = beyond_the_backup(605);
    let before = fleet.engine(0).log().unwrap().head().seq;
    for _ in 0..5 {
        fleet.server = backup.fork();
        is_up_to_date(&mut fleet, 0);
    }
    assert_eq!(fleet.engine(0).log().unwrap().head().seq, before + 1);
    // Another one's epoch is the newest again, and is lost again: today there is no second one for that.
    is_up_to_date(&mut fleet, 1);
    assert_eq!(fleet.command(1, Command::Rotate), Ok(Outcome::Appended));
    is_up_to_date(&mut fleet, 0);
    fleet.server = backup.fork();
    fleet.sync(0);
    assert!(matches!(fleet.idle(0), Some(Idle::Distrusted(Distrust::RolledBack { .. }))), "{:?}", fleet.idle(0));
    assert_eq!(fleet.engine(0).log().unwrap().head().seq, before + 2);
    fleet.now = fleet.now.plus_millis(24 * 60 * 60 * 1000);
    is_up_to_date(&mut fleet, 0);
    assert_eq!(fleet.engine(0).log().unwrap().head().seq, before + 3);
}

#[test]
fn a_revocation_that_a_server_lost_comes_back_even_beside_another_history_of_the_vault() {
    let (mut fleet, _) = beyond_the_backup(606);
    fleet.sync(2);
    let backup = fleet.server.fork();
    let command = crate::members::revoke(&fleet, 2);
    assert_eq!(fleet.command(0, command), Ok(Outcome::Appended));
    note(&mut fleet, 0, "after the revocation");
    fleet.sync(0);
    let log = fleet.engine(0).log().unwrap().head();
    fleet.server = backup;
    for title in ["by a device", "that was revoked"] {
        note(&mut fleet, 2, title);
        fleet.sync(2);
    }
    fleet.sync(0);
    let Some(Idle::Distrusted(Distrust::Forked { .. } | Distrust::RolledBack { .. })) = fleet.idle(0) else {
        panic!("two histories of the vault: {:?}", fleet.idle(0))
    };
    let request = Request { account: fleet.account(), call: Call::Heads };
    let body = fleet.server.answer(fleet.id(0), &request).unwrap();
    let heads: Heads = cbor::decode(&body, body.len()).unwrap();
    let shown = roamkey_trust::receipt::verify(&heads.log, &fleet.server.receipt_key()).unwrap();
    assert_eq!(shown.pin, log);
}

#[test]
fn a_remover_whose_clock_is_years_ahead_holds_nobody_up_for_more_than_a_day() {
    let (mut fleet, mut rogue, _) = shared(607);
    rogue.log = whole_log(&mut fleet, rogue.id);
    let lost = fleet.add_device(0);
    is_up_to_date(&mut fleet, 1);
    rogue.log = whole_log(&mut fleet, rogue.id);
    let now = fleet.now;
    let keep = Vec::new();
    let revoke = RevokeDevices {
        devices: vec![fleet.id(lost)],
        keep,
        reason: RevokeReason::Lost,
        slots: Vec::new(),
        keep_slots: Vec::new(),
    };
    rogue.key = rogue.newest_key(&mut fleet);
    fleet.now = now.plus_millis(u64::from(u32::MAX) * 1_000);
    rogue.open_epoch(&mut fleet, Op::RevokeDevices(revoke), &[]);
    fleet.now = now;
    note(&mut fleet, 1, "typed meanwhile");
    fleet.sync(1);
    assert_eq!(fleet.idle(1), Some(&Idle::AwaitingRevoker));
    fleet.now = now.plus_millis(25 * 60 * 60 * 1000);
    is_up_to_date(&mut fleet, 1);
}
