#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use roamkey_proto::{Close, Entry, EntryId, EpochHeader, Op, Time, VERSION, limits};

use super::suite;
use crate::{
    Change, Log, Refusal, TrustError,
    fixture::{Device, NOW, extend, fleet, forge, revoke},
};

fn close(after: u64) -> Op {
    Op::Close(Close { not_before: NOW.plus_millis(after) })
}

fn refusal(log: &Log, op: Op, author: &Device, base: Option<u64>) -> Option<Refusal> {
    let bundle = forge(log, op, author, |_| {}, |header: &mut EpochHeader| header.base = base);
    match log.clone().append_whole(&bundle) {
        Ok(_) => None,
        Err(TrustError::Refused(refusal)) => Some(refusal),
        Err(other) => unreachable!("{other}"),
    }
}

#[test]
fn the_suite_rises_by_its_own_operation_within_the_list_and_never_falls() {
    let entry = |op: Op, min_suite| Entry {
        version: VERSION,
        account: fleet::<1>().0.account(),
        seq: 2,
        prev: EntryId::NONE,
        author: Device::new(1).id,
        time: NOW,
        min_suite,
        op,
        epoch: None,
    };
    let known = [1, 2];
    assert_eq!(suite(1, &entry(Op::SetMinSuite, 2), &known), Ok(()));
    assert_eq!(suite(2, &entry(Op::Rotate, 2), &known), Ok(()));
    let refused = |refusal: Refusal| Err(TrustError::Refused(refusal));
    assert_eq!(suite(1, &entry(Op::SetMinSuite, 1), &known), refused(Refusal::SuiteRaise));
    assert_eq!(suite(1, &entry(Op::Rotate, 2), &known), refused(Refusal::SuiteRaise));
    assert_eq!(suite(2, &entry(Op::SetMinSuite, 1), &known), refused(Refusal::SuiteFell));
    assert_eq!(suite(1, &entry(Op::Rotate, 3), &known), refused(Refusal::UnknownSuite));
    assert_eq!(suite(1, &entry(Op::SetMinSuite, 3), &known), Err(TrustError::UnknownOperation { number: 10 }));
}

#[test]
fn a_closing_waits_a_week_at_least_and_is_one_at_a_time() {
    let (mut log, [one, two]) = fleet();
    assert_eq!(refusal(&log, close(limits::CLOSE_WAIT_MS - 1), &one, None), Some(Refusal::CloseTooSoon));
    assert_eq!(refusal(&log, Op::CancelClose, &one, None), Some(Refusal::NotClosing));

    extend(close(limits::CLOSE_WAIT_MS + 60_000), &mut log, &one);
    let closing = *log.closing().unwrap();
    assert_eq!((closing.by, closing.entry), (one.id, log.head()));
    assert_eq!(refusal(&log, close(limits::CLOSE_WAIT_MS * 2), &two, None), Some(Refusal::Closing));

    extend(Op::CancelClose, &mut log, &two);
    assert_eq!(log.closing(), None);
    assert_eq!(log.entries().last().unwrap().change, Change::CloseCancelled);
}

#[test]
fn what_a_thief_asked_to_close_ends_with_its_device_and_with_no_other() {
    let (mut log, [one, two, three]) = fleet();
    extend(close(limits::CLOSE_WAIT_MS * 2), &mut log, &two);
    extend(revoke(&[three.id], &[]), &mut log, &one);
    assert_eq!(log.closing().map(|closing| closing.by), Some(two.id));
    extend(revoke(&[two.id], &[]), &mut log, &one);
    assert_eq!(log.closing(), None);
}

#[test]
fn a_time_that_overflows_is_no_closing() {
    let (log, [one]) = fleet();
    let op = Op::Close(Close { not_before: Time(0) });
    assert_eq!(refusal(&log, op, &one, None), Some(Refusal::CloseTooSoon));
}

#[test]
fn an_epoch_is_skipped_only_with_whoever_opened_it() {
    // Epochs: 1 to 3 by device 1 (genesis and two additions), 4 by 2, 5 by 3.
    let (mut log, [one, two, three]) = fleet();
    extend(Op::Rotate, &mut log, &two);
    extend(Op::Rotate, &mut log, &three);
    assert_eq!(log.epoch(), 5);

    let both = revoke(&[two.id, three.id], &[]);
    assert_eq!(refusal(&log, both.clone(), &one, Some(3)), None);
    assert_eq!(refusal(&log, both.clone(), &one, Some(4)), None);
    assert_eq!(refusal(&log, both.clone(), &one, Some(2)), Some(Refusal::SkipsEpoch));
    assert_eq!(refusal(&log, revoke(&[three.id], &[]), &one, Some(4)), None);
    assert_eq!(refusal(&log, revoke(&[three.id], &[]), &one, Some(3)), Some(Refusal::SkipsEpoch));
    assert_eq!(refusal(&log, revoke(&[two.id], &[]), &one, Some(3)), Some(Refusal::SkipsEpoch));
    assert_eq!(refusal(&log, Op::Rotate, &one, Some(4)), Some(Refusal::SkipsEpoch));

    // Whoever is gone already answers for it as well: then a rotation will do.
    extend(revoke(&[three.id], &[]), &mut log, &two);
    extend(revoke(&[two.id], &[]), &mut log, &one);
    assert_eq!(refusal(&log, Op::Rotate, &one, Some(6)), Some(Refusal::SkipsEpoch));
}

#[test]
fn a_base_has_one_form_and_is_not_for_every_operation() {
    let (mut log, [one, two]) = fleet();
    extend(Op::Rotate, &mut log, &two);
    let gone = revoke(&[two.id], &[]);
    assert_eq!(refusal(&log, gone.clone(), &one, Some(0)), Some(Refusal::Base));
    // The epoch before is never named.
    assert_eq!(refusal(&log, gone.clone(), &one, Some(log.epoch())), Some(Refusal::Base));
    assert_eq!(refusal(&log, gone, &one, Some(log.epoch() + 7)), Some(Refusal::Base));
    let newcomer = Device::new(9).joins(&log);
    assert_eq!(refusal(&log, newcomer, &one, Some(2)), Some(Refusal::Base));
}

#[test]
fn a_draft_says_how_far_back_its_epoch_may_tie() {
    let (mut log, [one, two]) = fleet();
    extend(Op::Rotate, &mut log, &two);
    extend(Op::Rotate, &mut log, &two);
    let oldest = |op: Op| log.draft(op, one.id, NOW).unwrap().next_epoch().unwrap().oldest_base;
    assert_eq!(log.epoch(), 4);
    assert_eq!(oldest(Op::Rotate), 4);
    assert_eq!(oldest(revoke(&[two.id], &[])), 2);
}
