//! Where an entry stands: account, seq, prev, version, suite, signature.

use roamkey_proto::{AccountId, Entry, EntryId, Label, Op, Pin, ReservedOp, VERSION, cbor, limits};

use super::{assert_entry_refused, assert_refused};
use crate::{
    Log, Refusal, SignatureError, TrustError,
    fixture::{Device, extend, fleet, forge, founded, genesis, honest, revoke},
    keys::tests::twin,
    sign1::{self, Sign1},
};

#[test]
fn an_honest_log_grows() {
    let (log, [a, b]) = fleet();
    assert_eq!((log.head().seq, log.epoch()), (2, 2));
    assert!(log.active_member(a.id).is_some() && log.active_member(b.id).is_some());
    assert_eq!(log.header().recipients.len(), 2);
}

#[test]
fn an_account_is_the_hash_of_its_genesis() {
    // Attack 18: a log of the server's making is another account.
    let (log, _, founder) = founded();
    let Op::Genesis(op) = founder.genesis() else { unreachable!("it is one") };
    assert_eq!(log.account(), op.account_id());

    let stranger = Device::new(9);
    let foreign = forge(&Log::empty(log.account()), stranger.genesis(), &stranger, |_| {}, |_| {});
    assert_eq!(Log::open_genesis(&foreign).unwrap_err(), Refusal::ForeignAccount.into());
}

#[test]
fn an_entry_of_another_account_is_refused() {
    let (log, [a]) = fleet();
    let foreign = AccountId::new([5; 32]);
    assert_entry_refused(&log, Op::Rotate, &a, |entry| entry.account = foreign, Refusal::ForeignAccount);
}

#[test]
fn a_gap_is_named() {
    let (log, [a]) = fleet();
    for seq in [0, 3, u64::MAX] {
        assert_entry_refused(&log, Op::Rotate, &a, |entry| entry.seq = seq, TrustError::Gap { expected: 2, seq });
    }
}

#[test]
fn an_entry_that_builds_on_another_history_is_a_conflict() {
    let (log, [a]) = fleet();
    let other = EntryId::new([5; 32]);
    assert_entry_refused(&log, Op::Rotate, &a, |entry| entry.prev = other, TrustError::Conflict { seq: 2 });
}

#[test]
fn of_two_devices_that_revoke_each_other_the_first_stays() {
    // Attack 30: the order of the server decides, and everyone who sees it comes to the same members.
    let (log, [a, b]) = fleet();
    let (by_a, by_b) = (honest(&log, revoke(&[b.id], &[]), &a), honest(&log, revoke(&[a.id], &[b.id]), &b));
    for (first, second, stays) in [(&by_a, &by_b, a.id), (&by_b, &by_a, b.id)] {
        let mut log = log.clone();
        log.append(first).unwrap();
        assert_refused(&log, second, TrustError::Conflict { seq: 3 });
        assert!(log.active().map(|(id, _)| id).eq([stays]));
    }
}

#[test]
fn a_bundle_sent_again_is_known() {
    let (mut log, [a]) = fleet();
    let bundle = extend(Op::Rotate, &mut log, &a);
    assert_refused(&log, &bundle, TrustError::Known { seq: 2 });
}

#[test]
fn a_newer_version_asks_for_an_update() {
    // Attack 3: said kindly, and never taken for what this version knows.
    let (log, [a]) = fleet();
    let version = VERSION + 1;
    assert_entry_refused(&log, Op::Rotate, &a, |entry| entry.version = version, TrustError::UpdateNeeded { version });
}

#[test]
fn what_no_member_signed_is_no_newer_version() {
    // Otherwise a server stops every device, kindly and for good, with a number.
    let (mut log, [a, b]) = fleet();
    let stranger = Device::new(9);
    let reserved = || Op::Reserved(ReservedOp { number: 8, body: vec![0xa0] });
    type Bend = fn(&mut Entry);
    let newer: [(fn() -> Op, Bend); 2] = [(|| Op::Rotate, |entry| entry.version = VERSION + 1), (reserved, |_| {})];
    for (op, bend) in newer {
        assert_entry_refused(&log, op(), &stranger, bend, Refusal::Stranger);
        let mut bundle = forge(&log, op(), &a, bend, |_| {});
        let last = bundle.entry.len() - 1;
        bundle.entry[last] ^= 1;
        assert_refused(&log, &bundle, SignatureError);
    }
    extend(revoke(&[b.id], &[]), &mut log, &a);
    assert_entry_refused(&log, Op::Rotate, &b, |entry| entry.version = VERSION + 1, Refusal::Stranger);
}

#[test]
fn every_unknown_operation_is_refused_before_anything_else() {
    let (log, [a]) = fleet();
    for number in (0..=u8::MAX).filter(|number| !matches!(number, 1..=7 | 10..=12)) {
        let op = Op::Reserved(ReservedOp { number, body: vec![0xa0] });
        // Wrong in every other way too: the number is what it is refused for.
        let bundle = forge(&log, op, &a, |entry| (entry.seq, entry.account) = (9, AccountId::new([0; 32])), |_| {});
        assert_refused(&log, &bundle, TrustError::UnknownOperation { number });
    }
}

#[test]
fn the_least_suite_never_falls() {
    // Attack 3.
    let (log, [a]) = fleet();
    assert_entry_refused(&log, Op::Rotate, &a, |entry| entry.min_suite = 0, Refusal::SuiteFell);
}

#[test]
fn an_unknown_suite_is_refused() {
    // Attack 4: the list is closed.
    let (log, [a]) = fleet();
    assert_entry_refused(&log, Op::Rotate, &a, |entry| entry.min_suite = 2, Refusal::UnknownSuite);
}

#[test]
fn an_entry_signed_by_another_is_refused() {
    // Attack 25: the server adds nothing, whomever it writes down as the author.
    let (log, [a, b]) = fleet();
    assert_entry_refused(&log, Op::Rotate, &b, |entry| entry.author = a.id, SignatureError);
}

#[test]
fn an_entry_signed_under_another_name_is_refused() {
    let (log, [a, b]) = fleet();
    let mut bundle = honest(&log, Op::Rotate, &a);
    bundle.entry = sign1::sign_by_identity(Label::Entry, b.id, payload(&bundle.entry), &a.identity);
    assert_refused(&log, &bundle, SignatureError);
}

#[test]
fn a_signature_of_another_purpose_is_refused() {
    let (log, [a]) = fleet();
    let mut bundle = honest(&log, Op::Rotate, &a);
    bundle.entry = sign1::sign_by_identity(Label::Commit, a.id, payload(&bundle.entry), &a.identity);
    assert_refused(&log, &bundle, SignatureError);
}

#[test]
fn an_entry_signed_by_a_write_key_is_refused() {
    let (log, [a]) = fleet();
    let mut bundle = honest(&log, Op::Rotate, &a);
    bundle.entry = sign1::sign_by_write(Label::Entry, *a.id.as_bytes(), payload(&bundle.entry), &a.write);
    assert_refused(&log, &bundle, SignatureError);
}

#[test]
fn a_genesis_signed_by_another_key_is_refused() {
    let founder = Device::new(1);
    let mut bundle = genesis(&founder);
    let other = Device::new(2).identity;
    bundle.entry = sign1::sign_by_identity(Label::Entry, founder.id, payload(&bundle.entry), &other);
    assert_eq!(Log::open_genesis(&bundle).unwrap_err(), SignatureError.into());
}

#[test]
fn a_malleable_twin_of_a_signature_does_not_fork_the_log() {
    // Attack 31: ids exclude signatures, so that both bundles are the same entry.
    let (mut log, [a]) = fleet();
    let bundle = honest(&log, Op::Rotate, &a);
    let mirrored = roamkey_proto::Bundle { entry: twin(&bundle.entry), ..bundle.clone() };
    assert_ne!(mirrored.entry, bundle.entry);
    let mut other = log.clone();
    other.append(&mirrored).unwrap();
    log.append(&bundle).unwrap();
    assert_eq!(other, log);
    assert_refused(&log, &mirrored, TrustError::Known { seq: 2 });
}

#[test]
fn a_log_resumes_at_its_pin_and_nowhere_else() {
    let (mut log, genesis, a) = founded();
    let bundles = [genesis, extend(Op::Rotate, &mut log, &a), extend(Op::Rotate, &mut log, &a)];
    assert_eq!(Log::resume(&bundles, &log.head()).unwrap(), log);
    // Attack 16: an older end is not the pinned one.
    assert_eq!(Log::resume(&bundles[..2], &log.head()).unwrap_err(), TrustError::Conflict { seq: 3 });
    let other = Pin { seq: 3, id: [1; 32] };
    assert_eq!(Log::resume(&bundles, &other).unwrap_err(), TrustError::Conflict { seq: 3 });
    assert_eq!(Log::resume(&[], &other).unwrap_err(), Refusal::NoGenesis.into());
}

#[test]
fn a_forged_entry_leads_to_another_pin() {
    // Resuming verifies no signature: what stops a forgery is its identifier.
    let (mut log, genesis, a) = founded();
    let mut forged = extend(Op::Rotate, &mut log, &a);
    let mut entry: Entry = cbor::decode(&payload(&forged.entry), limits::ENTRY_BYTES).unwrap();
    entry.time = entry.time.plus_millis(1);
    forged.entry = sign1::sign_by_identity(Label::Entry, a.id, cbor::encode(&entry), &Device::new(5).identity);
    assert_eq!(Log::resume(&[genesis, forged], &log.head()).unwrap_err(), TrustError::Conflict { seq: 2 });
}

fn payload(signed: &[u8]) -> Vec<u8> {
    Sign1::parse(signed, limits::ENTRY_BYTES).unwrap().unverified_payload().to_vec()
}
