//! What an author drafts is what everyone accepts, and what a log tells of itself.

use roamkey_proto::{Op, Pin, ReservedOp, RevokeReason};

use crate::{
    Change, CommitError, Refusal, TrustError,
    fixture::{Device, NOW, extend, fleet, pin, revoke},
};

#[test]
fn a_draft_is_judged_before_it_is_signed() {
    let (log, [a, b]) = fleet();
    let draft = |op, author: &Device| log.draft(op, author.id, NOW).unwrap_err();
    assert_eq!(draft(revoke(&[a.id], &[]), &b), Refusal::Undecided(b.id).into());
    assert_eq!(draft(Op::Rotate, &Device::new(9)), Refusal::Stranger.into());
    let reserved = Op::Reserved(ReservedOp { number: 8, body: vec![0xa0] });
    assert_eq!(draft(reserved, &a), TrustError::UnknownOperation { number: 8 });
}

#[test]
fn a_draft_names_the_recipients_with_their_newest_keys() {
    let (log, [a, b]) = fleet();
    let (c, renewed) = (Device::new(3), a.renewed(7));
    let recipients = |op| log.draft(op, a.id, NOW).unwrap().next_epoch().unwrap().recipients.clone();
    let mut all = [a.id, b.id, c.id];
    all.sort_unstable();
    assert!(recipients(c.joins(&log)).into_keys().eq(all));
    assert!(recipients(revoke(&[b.id], &[])).into_keys().eq([a.id]));
    assert_eq!(recipients(renewed.renews(&log))[&a.id], renewed.keys.kem);
}

#[test]
fn a_log_remembers_what_each_entry_did() {
    let (mut log, [a, b, c]) = fleet();
    extend(Op::Leave, &mut log, &c);
    extend(Op::Rotate, &mut log, &a);
    extend(revoke(&[b.id], &[]), &mut log, &a);
    let changes: Vec<_> = log.entries().iter().map(|entry| (entry.change.clone(), entry.epoch)).collect();
    let revoked = Change::Revoked {
        devices: vec![b.id],
        keep: vec![],
        reason: RevokeReason::Lost,
        slots: vec![],
        keep_slots: vec![],
    };
    assert_eq!(
        changes,
        [
            (Change::Founded, 1),
            (Change::Added(b.id), 2),
            (Change::Added(c.id), 3),
            (Change::Left, 3),
            (Change::Rotated, 4),
            (revoked, 5),
        ]
    );
    assert_eq!((log.entry(0), log.entry(7)), (None, None));
    assert!(log.extends(&log.head()) && !log.extends(&Pin::START));
}

#[test]
fn a_write_key_serves_from_its_entry_to_the_next() {
    let (mut log, [a, b]) = fleet();
    let renewed = b.renewed(7);
    extend(renewed.renews(&log), &mut log, &b);
    extend(revoke(&[b.id], &[]), &mut log, &a);
    let key = |seq| log.may_write(b.id, &pin(&log, seq)).cloned();
    assert_eq!(key(1), Err(CommitError::NotAMember));
    assert_eq!(key(2), Ok(b.keys.write.clone()));
    assert_eq!(key(3), Ok(renewed.keys.write.clone()));
    assert_eq!(key(4), Err(CommitError::NotAMember));
}

#[test]
fn who_removes_commits_next() {
    let (mut log, [a, b, c, d]) = fleet();
    extend(revoke(&[d.id], &[]), &mut log, &b);
    extend(Op::Rotate, &mut log, &c);
    extend(Op::Leave, &mut log, &b);
    // Entry 5 is the revocation, 6 the rotation by which c takes over, 7 the leaving.
    let by = |after, upto| log.removal_between(after, upto).map(|removal| (removal.entry.seq, removal.by));
    assert_eq!(by(0, 4), None);
    assert_eq!(by(4, 5), Some((5, b.id)));
    assert_eq!(by(4, 6), Some((5, c.id)));
    assert_eq!(by(5, 6), None);
    assert_eq!(by(5, 7), None, "leaving is completed by the next entry");
    extend(Op::Rotate, &mut log, &a);
    let removal = log.removal_between(4, u64::MAX).unwrap();
    assert_eq!((removal.entry, removal.by), (log.head(), a.id));
}
