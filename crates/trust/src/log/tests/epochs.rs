//! The header of an epoch and its wraps, as far as no secret is needed.

use roamkey_proto::{AccountId, EntryId, EpochHeader, HeaderHash, Op, Recipient, WrapHash, limits};

use super::{assert_entry_refused, assert_header_refused, assert_refused};
use crate::{
    Log, Refusal,
    fixture::{Device, NOW, fleet, forge, founded, honest, revoke},
};

#[test]
fn every_operation_but_leave_opens_an_epoch() {
    let (log, [a, b]) = fleet();
    for op in [Device::new(3).joins(&log), Op::Rotate, a.renewed(9).renews(&log), revoke(&[b.id], &[])] {
        let draft = log.draft(op, a.id, NOW).unwrap();
        let next = draft.next_epoch().unwrap();
        assert_eq!((next.epoch, next.seq, next.author), (3, 3, a.id));
    }
    assert!(log.draft(Op::Leave, a.id, NOW).unwrap().next_epoch().is_none());
}

#[test]
fn an_entry_without_its_header_is_refused() {
    // Attack 46.
    let (log, [a]) = fleet();
    let mut bundle = honest(&log, Op::Rotate, &a);
    bundle.header = None;
    assert_refused(&log, &bundle, Refusal::HeaderMissing);
    assert_entry_refused(&log, Op::Rotate, &a, |entry| entry.epoch = None, Refusal::HeaderMissing);
}

#[test]
fn a_header_without_an_epoch_is_refused() {
    let (log, [a, _b]) = fleet();
    let mut bundle = honest(&log, Op::Leave, &a);
    bundle.header = honest(&log, Op::Rotate, &a).header;
    assert_refused(&log, &bundle, Refusal::HeaderUnexpected);
    let hash = HeaderHash::new([1; 32]);
    assert_entry_refused(&log, Op::Leave, &a, |entry| entry.epoch = Some(hash), Refusal::HeaderUnexpected);
}

#[test]
fn another_header_than_the_signed_one_is_refused() {
    // Attack 46: two headers for one entry.
    let (log, [a]) = fleet();
    let mut bundle = honest(&log, Op::Rotate, &a);
    bundle.header = forge(&log, Op::Rotate, &a, |_| {}, |header| header.commitment = [1; 32]).header;
    assert_refused(&log, &bundle, Refusal::HeaderHash);
}

#[test]
fn a_header_of_another_place_is_refused() {
    let (log, [a]) = fleet();
    assert_header_refused(&log, |header| header.account = AccountId::new([1; 32]), &a, Refusal::HeaderPlace);
    assert_header_refused(&log, |header| header.epoch += 1, &a, Refusal::HeaderPlace);
    assert_header_refused(&log, |header| header.epoch -= 1, &a, Refusal::HeaderPlace);
    assert_header_refused(&log, |header| header.seq += 1, &a, Refusal::HeaderPlace);
    assert_header_refused(&log, |header| header.prev = EntryId::NONE, &a, Refusal::HeaderPlace);
}

#[test]
fn a_later_epoch_is_tied_to_the_one_before() {
    let (log, [a]) = fleet();
    assert_header_refused(&log, |header| header.previous = None, &a, Refusal::HeaderTie);
    assert_header_refused(&log, |header| header.tie = None, &a, Refusal::HeaderTie);
}

#[test]
fn a_first_epoch_has_no_past() {
    let (log, _, founder) = founded();
    let pasts: [fn(&mut EpochHeader); 2] = [|h| h.previous = Some(vec![0; 48]), |h| h.tie = Some(vec![0; 32])];
    for bend in pasts {
        let bundle = forge(&Log::empty(log.account()), founder.genesis(), &founder, |_| {}, bend);
        assert_eq!(Log::open_genesis(&bundle).unwrap_err(), Refusal::HeaderTie.into());
    }
}

#[test]
fn a_ghost_recipient_is_refused() {
    // Attacks 21 and 24.
    let (log, [a]) = fleet();
    assert_header_refused(&log, slip_in(Device::new(9)), &a, Refusal::Recipients);
}

#[test]
fn a_removed_device_is_no_recipient() {
    let (log, [a, b]) = fleet();
    let bundle = forge(&log, revoke(&[b.id], &[]), &a, |_| {}, slip_in(b));
    assert_refused(&log, &bundle, Refusal::Recipients);
}

fn slip_in(ghost: Device) -> impl FnOnce(&mut EpochHeader) {
    move |header| {
        header.recipients.push(Recipient { device: ghost.id, wrap: WrapHash::new([0; 32]) });
        header.recipients.sort_by_key(|recipient| recipient.device);
    }
}

#[test]
fn an_omitted_recipient_is_refused() {
    // Attack 24.
    let (log, [a, _b]) = fleet();
    assert_header_refused(&log, |header| _ = header.recipients.pop(), &a, Refusal::Recipients);
}

#[test]
fn a_recipient_named_twice_or_out_of_order_is_refused() {
    let (log, [a, _b]) = fleet();
    assert_header_refused(&log, |header| header.recipients.reverse(), &a, Refusal::Recipients);
    assert_header_refused(&log, |header| header.recipients.push(header.recipients[1]), &a, Refusal::Recipients);
}

#[test]
fn a_wrap_is_the_signed_one() {
    let (log, [a, _b]) = fleet();
    let mut bundle = honest(&log, Op::Rotate, &a);
    bundle.wraps[1].wrap[0] ^= 1;
    assert_refused(&log, &bundle, Refusal::WrapHash);
}

#[test]
fn an_oversized_wrap_is_refused() {
    let (log, [a]) = fleet();
    let long = vec![0; limits::WRAP_BYTES + 1];
    let hash = Recipient::hash_of(&long);
    let mut bundle = forge(&log, Op::Rotate, &a, |_| {}, |header| header.recipients[0].wrap = hash);
    bundle.wraps[0].wrap = long;
    assert_refused(&log, &bundle, Refusal::WrapHash);
}

#[test]
fn a_wrap_for_nobody_is_refused() {
    let (log, [a, _b]) = fleet();
    let due = honest(&log, Op::Rotate, &a);
    let mut ghost = due.clone();
    ghost.wraps[1].recipient = Device::new(9).id;
    let mut swapped = due.clone();
    swapped.wraps.reverse();
    let mut twice = due.clone();
    twice.wraps.insert(0, due.wraps[0].clone());
    let mut none_due = honest(&log, Op::Leave, &a);
    none_due.wraps = due.wraps;
    for bundle in [ghost, swapped, twice, none_due] {
        assert_refused(&log, &bundle, Refusal::WrapUnexpected);
    }
}

#[test]
fn an_author_sends_every_wrap_and_a_server_may_answer_with_one() {
    let (log, [a, _b]) = fleet();
    let mut bundle = honest(&log, Op::Rotate, &a);
    bundle.wraps.remove(0);
    assert_eq!(log.clone().append_whole(&bundle).unwrap_err(), Refusal::WrapMissing.into());
    assert!(log.clone().append(&bundle).is_ok());

    let (_, mut genesis, _) = founded();
    genesis.wraps.clear();
    assert_eq!(Log::open_whole_genesis(&genesis).unwrap_err(), Refusal::WrapMissing.into());
    assert!(Log::open_genesis(&genesis).is_ok());
}
