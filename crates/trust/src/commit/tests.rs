#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use roamkey_proto::{
    AccountId, Change, Commit, CommitId, ItemId, MerkleRoot, Op, Pin, RecordHash, VERSION, cbor, limits,
};

use super::{Chain, Tip, Verified, follows, sign, verify};
use crate::{
    CommitError, Log, SignatureError,
    fixture::{Device, commit, extend, fleet, pin, revoke},
};

fn first(log: &Log, author: &Device) -> Commit {
    commit(log, author, 1, CommitId::NONE)
}

fn refused(log: &Log, commit: &Commit, author: &Device) -> CommitError {
    verify(&sign(commit, &author.write), log).unwrap_err()
}

fn verified(log: &Log, commit: &Commit, author: &Device) -> Verified {
    verify(&sign(commit, &author.write), log).unwrap()
}

#[test]
fn an_honest_commit_verifies() {
    let (log, [a]) = fleet();
    let commit = first(&log, &a);
    let Verified { id, commit: opened } = verified(&log, &commit, &a);
    assert_eq!((id, opened), (Commit::id_of(&cbor::encode(&commit)), commit));
}

#[test]
fn a_commit_signed_by_another_is_refused() {
    let (log, [a, b]) = fleet();
    assert_eq!(refused(&log, &first(&log, &a), &b), SignatureError.into());
}

#[test]
fn a_commit_of_another_account_is_refused() {
    let (log, [a]) = fleet();
    let foreign = Commit { account: AccountId::new([1; 32]), ..first(&log, &a) };
    assert_eq!(refused(&log, &foreign, &a), CommitError::ForeignAccount);
}

#[test]
fn a_newer_version_asks_for_an_update() {
    let (log, [a]) = fleet();
    let version = VERSION + 1;
    assert_eq!(refused(&log, &Commit { version, ..first(&log, &a) }, &a), CommitError::UpdateNeeded { version });
}

#[test]
fn what_no_member_signed_is_no_newer_version() {
    let (log, [a, b]) = fleet();
    let newer = Commit { version: VERSION + 1, ..first(&log, &a) };
    assert_eq!(refused(&log, &newer, &b), SignatureError.into());
    let stranger = Device::new(9);
    let newer = Commit { author: stranger.id, ..newer };
    assert_eq!(refused(&log, &newer, &stranger), CommitError::NotAMember);
}

#[test]
fn a_commit_stands_in_this_log() {
    let (log, [a]) = fleet();
    let ahead = Commit { log: Pin { seq: 2, id: [1; 32] }, ..first(&log, &a) };
    assert_eq!(refused(&log, &ahead, &a), CommitError::LogAhead { seq: 2 });
    // Attack 17: its author was shown another log.
    let forked = Commit { log: Pin { seq: 1, id: [1; 32] }, ..first(&log, &a) };
    assert_eq!(refused(&log, &forked, &a), CommitError::ForeignLog);
    assert_eq!(refused(&log, &Commit { log: Pin::START, ..first(&log, &a) }, &a), CommitError::ForeignLog);
}

#[test]
fn only_members_commit() {
    // Attack 29: judged where the author says to stand.
    let (mut log, [a, b]) = fleet();
    let before = first(&log, &b);
    assert_eq!(refused(&log, &first(&log, &Device::new(9)), &Device::new(9)), CommitError::NotAMember);
    extend(revoke(&[b.id], &[]), &mut log, &a);
    assert_eq!(refused(&log, &first(&log, &b), &b), CommitError::NotAMember);
    assert!(verify(&sign(&before, &b.write), &log).is_ok());
}

#[test]
fn an_old_write_key_signs_nothing_new() {
    let (mut log, [a]) = fleet();
    let renewed = a.renewed(7);
    extend(renewed.renews(&log), &mut log, &a);
    assert_eq!(refused(&log, &first(&log, &a), &a), SignatureError.into());
    assert!(verify(&sign(&first(&log, &a), &renewed.write), &log).is_ok());
}

#[test]
fn a_commit_is_of_the_newest_epoch_where_it_stands() {
    let (mut log, [a]) = fleet();
    let (one, genesis) = (first(&log, &a), log.head());
    extend(Op::Rotate, &mut log, &a);
    assert_eq!(refused(&log, &Commit { epoch: 1, ..first(&log, &a) }, &a), CommitError::WrongEpoch);
    assert_eq!(refused(&log, &Commit { epoch: 2, log: genesis, ..one }, &a), CommitError::WrongEpoch);
}

#[test]
fn nobody_commits_while_an_epoch_is_owed() {
    // Attack 49: the device that left could read it.
    let (mut log, [a, b]) = fleet();
    extend(Op::Leave, &mut log, &b);
    assert_eq!(refused(&log, &first(&log, &a), &a), CommitError::EpochOwed);
}

#[test]
fn a_commit_has_one_form() {
    let (log, [a]) = fleet();
    let change = |n| Change { item: ItemId::new([n; 16]), record: RecordHash::new([0; 32]) };
    let root = MerkleRoot::new([1; 32]);
    let honest = Commit { root, count: 2, changed: vec![change(1), change(2)], ..first(&log, &a) };
    assert!(verify(&sign(&honest, &a.write), &log).is_ok());
    for bent in [
        Commit { changed: vec![change(2), change(1)], ..honest.clone() },
        Commit { changed: vec![change(1), change(1)], ..honest.clone() },
        Commit { count: 0, ..honest.clone() },
        Commit { root: MerkleRoot::EMPTY, ..honest.clone() },
        Commit { count: limits::RECORDS + 1, ..honest.clone() },
        Commit { prev: CommitId::new([1; 32]), ..honest.clone() },
        Commit { seq: 2, ..honest.clone() },
        Commit { seq: 0, ..honest.clone() },
    ] {
        assert_eq!(refused(&log, &bent, &a), CommitError::Form, "{bent:?}");
    }
}

#[test]
fn a_commit_changes_500_records_at_most() {
    let (log, [a]) = fleet();
    let changed = |n: u16| {
        let item = |n: u16| ItemId::new(u128::from(n).to_be_bytes());
        (0..n).map(|n| Change { item: item(n), record: RecordHash::new([0; 32]) }).collect()
    };
    let of = |n| Commit { root: MerkleRoot::new([1; 32]), count: 9, changed: changed(n), ..first(&log, &a) };
    assert!(verify(&sign(&of(500), &a.write), &log).is_ok());
    assert_eq!(refused(&log, &of(501), &a), CommitError::Form);
}

#[test]
fn a_commit_follows_the_one_before() {
    let (log, [a]) = fleet();
    let one = verified(&log, &first(&log, &a), &a);
    let two = commit(&log, &a, 2, one.id);
    assert_eq!(follows(&two, Some(&one), &log), Ok(()));
    assert_eq!(follows(&two, None, &log), Err(CommitError::DoesNotFollow));
    let skipped = Commit { seq: 3, ..two.clone() };
    let foreign = Commit { prev: CommitId::new([1; 32]), ..two };
    for bent in [skipped, foreign] {
        assert_eq!(follows(&bent, Some(&one), &log), Err(CommitError::DoesNotFollow));
    }
}

#[test]
fn commits_do_not_go_back_in_the_log() {
    let (mut log, [a]) = fleet();
    let genesis = log.head();
    extend(Op::Rotate, &mut log, &a);
    let one = verified(&log, &first(&log, &a), &a);
    let back = Commit { log: genesis, epoch: 1, ..commit(&log, &a, 2, one.id) };
    assert_eq!(follows(&back, Some(&one), &log), Err(CommitError::LogRegressed));
}

#[test]
fn the_first_commit_after_a_removal_is_by_the_remover() {
    // Attack 45.
    let (mut log, [a, b, c]) = fleet();
    let one = verified(&log, &first(&log, &b), &b);
    extend(revoke(&[b.id], &[]), &mut log, &a);
    let by_c = commit(&log, &c, 2, one.id);
    assert_eq!(follows(&by_c, Some(&one), &log), Err(CommitError::NotByRemover { by: a.id }));
    let two = verified(&log, &commit(&log, &a, 2, one.id), &a);
    assert_eq!(follows(&two.commit, Some(&one), &log), Ok(()));
    assert_eq!(follows(&commit(&log, &c, 3, two.id), Some(&two), &log), Ok(()));
}

#[test]
fn a_backdated_commit_does_not_follow_the_removers() {
    // Attack 45: standing before the removal, behind a commit that stands after it.
    let (mut log, [a, b]) = fleet();
    let (before, epoch) = (log.head(), log.epoch());
    let one = verified(&log, &first(&log, &b), &b);
    extend(revoke(&[b.id], &[]), &mut log, &a);
    let two = verified(&log, &commit(&log, &a, 2, one.id), &a);
    let backdated = Commit { log: before, epoch, ..commit(&log, &b, 3, two.id) };
    assert!(verify(&sign(&backdated, &b.write), &log).is_ok(), "by itself it looks honest");
    assert_eq!(follows(&backdated, Some(&two), &log), Err(CommitError::LogRegressed));
}

#[test]
fn a_new_commit_of_a_removed_device_awaits_the_removers() {
    // Attack 45: the server shows it in time, and the removal as well; only the remover can tell.
    let (mut log, [a, b, c]) = fleet();
    let one = first(&log, &b);
    let signed = sign(&one, &b.write);
    extend(revoke(&[b.id], &[]), &mut log, &a);

    let mut chain = Chain::resume(&log, Tip::START);
    let one = chain.follow(&signed).unwrap();
    assert_eq!(chain.clone().finish(c.id), Err(CommitError::Unsealed { by: a.id }));
    assert!(chain.clone().finish(a.id).is_ok(), "its own next commit is the one that seals it");
    let two = chain.follow(&sign(&commit(&log, &a, 2, one.id), &a.write)).unwrap();
    let tip = Tip { seq: 2, id: two.id, log_seq: log.head().seq };
    assert_eq!(chain.finish(c.id), Ok(tip));

    // What a device held before it learnt of the removal stays held.
    let held = Tip { seq: 1, id: one.id, log_seq: pin(&log, 3).seq };
    assert_eq!(Chain::resume(&log, held).finish(c.id), Ok(held));
}

#[test]
fn two_removals_await_the_newer_remover() {
    let (mut log, [a, b, c, d]) = fleet();
    let one = verified(&log, &first(&log, &d), &d);
    extend(revoke(&[d.id], &[]), &mut log, &b);
    extend(revoke(&[b.id], &[]), &mut log, &c);
    assert_eq!(follows(&commit(&log, &a, 2, one.id), Some(&one), &log), Err(CommitError::NotByRemover { by: c.id }));
    assert_eq!(follows(&commit(&log, &c, 2, one.id), Some(&one), &log), Ok(()));
}

#[test]
fn after_a_device_has_left_whoever_opens_the_epoch_commits_next() {
    let (mut log, [a, b, c]) = fleet();
    extend(Op::Leave, &mut log, &b);
    extend(Op::Rotate, &mut log, &c);
    assert_eq!(follows(&first(&log, &a), None, &log), Err(CommitError::NotByRemover { by: c.id }));
    assert_eq!(follows(&first(&log, &c), None, &log), Ok(()));
}

#[test]
fn whoever_rotates_takes_over_from_a_remover_that_fell_silent() {
    let (mut log, [a, b, c, d]) = fleet();
    let one = verified(&log, &first(&log, &d), &d);
    extend(revoke(&[d.id], &[]), &mut log, &a);
    let removal = log.head();
    extend(Op::Rotate, &mut log, &b);
    let next = |author| commit(&log, author, 2, one.id);
    assert_eq!(follows(&next(&a), Some(&one), &log), Err(CommitError::NotByRemover { by: b.id }));
    assert_eq!(follows(&next(&c), Some(&one), &log), Err(CommitError::NotByRemover { by: b.id }));
    assert_eq!(follows(&next(&b), Some(&one), &log), Ok(()));
    let found = log.removal_between(one.commit.log.seq, log.head().seq).unwrap();
    assert_eq!((found.entry, found.by), (removal, b.id));

    // The newest rotation counts, so that the one who took over may fall silent as well.
    extend(Op::Rotate, &mut log, &c);
    assert_eq!(follows(&commit(&log, &c, 2, one.id), Some(&one), &log), Ok(()));
}

#[test]
fn a_rotation_before_a_removal_or_after_its_first_commit_takes_nothing_over() {
    let (mut log, [a, b, c]) = fleet();
    extend(Op::Rotate, &mut log, &b);
    extend(revoke(&[c.id], &[]), &mut log, &a);
    assert_eq!(follows(&first(&log, &b), None, &log), Err(CommitError::NotByRemover { by: a.id }));
    let sealed = verified(&log, &first(&log, &a), &a);
    extend(Op::Rotate, &mut log, &b);
    assert_eq!(follows(&commit(&log, &a, 2, sealed.id), Some(&sealed), &log), Ok(()));
}

#[test]
fn a_silent_remover_that_is_revoked_stops_nobody() {
    let (mut log, [a, b, c, d]) = fleet();
    extend(revoke(&[d.id], &[]), &mut log, &b);
    assert_eq!(follows(&first(&log, &c), None, &log), Err(CommitError::NotByRemover { by: b.id }));
    extend(revoke(&[b.id], &[]), &mut log, &a);
    assert_eq!(follows(&first(&log, &a), None, &log), Ok(()));
}
