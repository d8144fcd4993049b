//! Claims on accounts as a whole: how they start by invitation, stay in touch, and end.

#![expect(clippy::unwrap_used, clippy::panic, reason = "claims fail by panicking")]

use roamkey_proto::{Pin, Time};

use super::objects::*;
use crate::{
    Appended, Closing, Deleted, Heads, Heartbeat, HistoryCharge, MailboxOpening, NewInvitation, NewRestore, Pushed,
    Restored, Store,
};

/// An invitation starts one account, however often that one asks.
pub async fn an_invitation_serves_one_account(store: &dyn Store) {
    store.invite(NewInvitation { token: token(1), expires: Time(100) }).await.unwrap();
    assert!(!store.redeem(token(2), account(1), Time(1)).await.unwrap());
    assert!(store.redeem(token(1), account(1), Time(1)).await.unwrap());
    assert!(store.redeem(token(1), account(1), Time(200)).await.unwrap());
    assert!(!store.redeem(token(1), account(2), Time(1)).await.unwrap());
    assert!(!store.withdraw(token(1)).await.unwrap());
}

/// An invitation that is over or was taken back serves nobody.
pub async fn an_invitation_ends(store: &dyn Store) {
    for number in [1, 2, 3] {
        store.invite(NewInvitation { token: token(number), expires: Time(100) }).await.unwrap();
    }
    assert!(!store.redeem(token(1), account(1), Time(100)).await.unwrap());
    assert!(store.withdraw(token(2)).await.unwrap());
    assert!(!store.redeem(token(2), account(1), Time(1)).await.unwrap());
    store.sweep(Time(100)).await.unwrap();
    assert!(!store.redeem(token(3), account(1), Time(1)).await.unwrap());
}

/// Of each device the latest heartbeat is kept.
pub async fn the_latest_heartbeat_of_a_device_stays(store: &dyn Store) {
    for number in [1, 2] {
        open_account(store, account(number)).await;
    }
    let heartbeat = |number, beat: u8| Heartbeat { device: device(number), signed: vec![number, beat] };
    for (owner, number, beat) in [(1, 2, 5), (1, 1, 6), (1, 1, 7), (1, 2, 9), (2, 1, 8)] {
        store.beat(account(owner), heartbeat(number, beat)).await.unwrap();
    }
    assert_eq!(store.heartbeats(account(1)).await.unwrap(), [heartbeat(1, 7), heartbeat(2, 9)]);
}

/// Every wrap is there for the export, those of other entries and accounts are not in it.
pub async fn an_export_sees_every_wrap(store: &dyn Store) {
    open_account(store, account(1)).await;
    open_account(store, account(2)).await;
    for seq in [2, 3] {
        store.append(entry(account(1), seq)).await.unwrap();
    }
    let sent = entry(account(1), 1).bundle.wraps;
    let expected: Vec<_> =
        [2, 3].into_iter().flat_map(|seq| sent.iter().map(move |wrap| (seq, wrap.clone()))).collect();
    assert_eq!(store.wraps(account(1), 1, 3).await.unwrap(), expected);
    assert_eq!(store.wraps(account(1), 3, 9).await.unwrap(), []);
}

/// Pages of a list add up to all accounts, in order.
pub async fn every_account_is_listed_once(store: &dyn Store) {
    for number in [3, 1, 2] {
        open_account(store, account(number)).await;
    }
    assert_eq!(store.list(None, 2).await.unwrap(), [account(1), account(2)]);
    assert_eq!(store.list(Some(account(2)), 2).await.unwrap(), [account(3)]);
    assert_eq!(store.list(Some(account(3)), 2).await.unwrap(), []);
}

/// Only the log says when an account ends, and may take it back.
pub async fn an_account_is_due_when_its_log_says_so(store: &dyn Store) {
    open_account(store, account(1)).await;
    open_account(store, account(2)).await;
    let closing = |seq, closing| crate::NewEntry { closing, ..entry(account(1), seq) };
    store.append(closing(2, Closing::DeletesAt(Time(100)))).await.unwrap();
    assert_eq!(store.due(Time(99), 10).await.unwrap(), []);
    assert_eq!(store.due(Time(100), 10).await.unwrap(), [account(1)]);
    assert_eq!(store.delete(account(1), Time(99), 10).await.unwrap(), Deleted::NotDue);
    store.append(closing(3, Closing::Unchanged)).await.unwrap();
    assert_eq!(store.due(Time(100), 10).await.unwrap(), [account(1)]);
    store.append(closing(4, Closing::Cancelled)).await.unwrap();
    assert_eq!(store.due(Time(1_000), 10).await.unwrap(), []);
    for number in [1, 2, 3] {
        assert_eq!(store.delete(account(number), Time(1_000), 10).await.unwrap(), Deleted::NotDue);
    }
}

/// Nothing of a deleted account is left but its identifier, and nothing of another's is touched.
pub async fn a_deleted_account_is_gone_for_good(store: &dyn Store) {
    for number in [1, 2] {
        let owner = account(number);
        open_account(store, owner).await;
        push(store, commit(owner, 1, 3, &[(1, 1), (2, 1), (3, 1)])).await;
        store.open(session(owner, number, 1_000)).await.unwrap();
        store.beat(owner, Heartbeat { device: device(1), signed: vec![number] }).await.unwrap();
        let opening = MailboxOpening {
            account: owner,
            keep: 1,
            numbers: vec![number.into()],
            member: token(number),
            now: Time(0),
            expires: Time(1_000),
        };
        store.open_mailbox(opening).await.unwrap();
    }
    let end = crate::NewEntry { closing: Closing::DeletesAt(Time(100)), ..entry(account(1), 2) };
    store.append(end).await.unwrap();
    assert_eq!(store.delete(account(1), Time(100), 2).await.unwrap(), Deleted::More);
    assert_eq!(store.admit(account(1), token(1), Time(1)).await.unwrap(), None);
    assert!(store.was_deleted(account(1)).await.unwrap());
    let mut slices = 0;
    while store.delete(account(1), Time(100), 2).await.unwrap() == Deleted::More {
        slices += 1;
    }
    assert!(slices > 0, "{slices} slices");
    assert_eq!(store.heads(account(1)).await.unwrap(), None);
    assert_eq!(store.bundles(account(1), 0, 10, None).await.unwrap().len(), 0);
    assert_eq!(store.admit(account(1), token(1), Time(1)).await.unwrap(), None);
    assert_eq!(store.heartbeats(account(1)).await.unwrap(), []);
    assert_eq!(store.messages(1, token(1), 0, Time(1)).await.unwrap(), None);
    for seq in [1, 2] {
        assert_eq!(store.append(entry(account(1), seq)).await.unwrap(), Appended::Deleted);
    }
    assert!(store.was_deleted(account(1)).await.unwrap());
    assert!(!store.was_deleted(account(2)).await.unwrap());
    assert!(!store.was_deleted(account(3)).await.unwrap());

    let heads = store.heads(account(2)).await.unwrap().unwrap();
    assert_eq!(pull_all(store, account(2), heads.vault, (0, 0), WIDE).await.1.len(), 3);
    assert!(store.admit(account(2), token(2), Time(1)).await.unwrap().is_some());
    assert_eq!(store.heartbeats(account(2)).await.unwrap().len(), 1);
    assert!(store.messages(2, token(2), 0, Time(1)).await.unwrap().is_some());
}

/// Whoever calls the end off between two slices is too late: half an account would be left.
pub async fn a_deletion_that_has_begun_is_not_called_off(store: &dyn Store) {
    open_account(store, account(1)).await;
    push(store, commit(account(1), 1, 3, &[(1, 1), (2, 1), (3, 1)])).await;
    store.append(crate::NewEntry { closing: Closing::DeletesAt(Time(100)), ..entry(account(1), 2) }).await.unwrap();
    assert_eq!(store.delete(account(1), Time(100), 1).await.unwrap(), Deleted::More);
    let stays = crate::NewEntry { closing: Closing::Cancelled, ..entry(account(1), 3) };
    assert_eq!(store.append(stays.clone()).await.unwrap(), Appended::Deleted);
    let restore = NewRestore {
        account: account(1),
        log: pin(2, 1),
        entries: vec![stays],
        vault: pin(1, 1),
        commits: Vec::new(),
        history: None,
    };
    assert_eq!(store.restore(restore).await.unwrap(), Restored::UnknownAccount);
    // Nor does a clock that was set back leave a half.
    while store.delete(account(1), Time(0), 1).await.unwrap() == Deleted::More {}
    assert_eq!(store.heads(account(1)).await.unwrap(), None);
}

/// What a server lost comes back in one piece.
pub async fn what_was_lost_comes_back_whole(store: &dyn Store) {
    open_account(store, account(1)).await;
    push(store, commit(account(1), 1, 2, &[(1, 1), (2, 1)])).await;
    let wrong = crate::NewRestore { commits: rootless(), ..lost(store).await };
    assert_eq!(store.restore(wrong).await.unwrap(), Restored::WrongRoot);
    let lost = lost(store).await;
    let heads = restored(store.restore(lost.clone()).await.unwrap());
    assert_eq!(heads, Heads { log: pin(3, 1), vault: pin(3, 1), vault_log: 3 });
    assert_eq!(store.heads(account(1)).await.unwrap(), Some(heads));
    let (commits, records) = pull_all(store, account(1), heads.vault, (0, 0), WIDE).await;
    assert_eq!(commits, [commit_bytes(1), commit_bytes(2), commit_bytes(3)]);
    assert_eq!(records, [record_bytes(1, 3), record_bytes(2, 1), record_bytes(3, 2)]);
    assert_eq!(store.bundles(account(1), 0, 10, None).await.unwrap().len(), 3);
    assert_eq!(store.restore(lost).await.unwrap(), Restored::Conflict(heads));
    // The counts are right: the next push finds them so.
    let next = crate::NewCommit { log: pin(3, 1), ..commit(account(1), 4, 3, &[(2, 4)]) };
    push(store, next).await;
}

/// What does not fit in one part changes nothing in the others.
pub async fn a_restore_that_does_not_fit_changes_nothing(store: &dyn Store) {
    assert_eq!(store.restore(lost(store).await).await.unwrap(), Restored::UnknownAccount);
    let start = open_account(store, account(1)).await;
    assert_eq!(store.restore(lost(store).await).await.unwrap(), Restored::Conflict(start));
    let heads = push(store, commit(account(1), 1, 2, &[(1, 1), (2, 1)])).await;
    let lost = lost(store).await;
    let bent = |bend: &dyn Fn(&mut crate::NewCommit)| {
        let mut restore = lost.clone();
        restore.commits.iter_mut().for_each(bend);
        restore
    };
    let stale = bent(&|commit| {
        commit.records.iter_mut().filter(|record| record.item == item(1)).for_each(|record| record.revision = 1);
    });
    assert_eq!(store.restore(stale).await.unwrap(), Restored::StaleRevision(item(1)));
    let miscounted = bent(&|commit| commit.count = 9);
    assert_eq!(store.restore(miscounted).await.unwrap(), Restored::WrongCount { records: 3 });
    let too_much = bent(&|commit| commit.quota.records = 2);
    assert_eq!(store.restore(too_much).await.unwrap(), Restored::OverQuota);
    let history = Some(HistoryCharge { now: Time(1_000), cost_ms: 30, depth_ms: 25 });
    let too_fast = NewRestore { history, ..lost.clone() };
    assert_eq!(store.restore(too_fast).await.unwrap(), Restored::OverHistory { wait_ms: 5 });
    assert_eq!(store.heads(account(1)).await.unwrap(), Some(heads));
    assert_eq!(store.bundles(account(1), 0, 10, None).await.unwrap().len(), 1);
    assert_eq!(pull_all(store, account(1), heads.vault, (0, 0), WIDE).await.1.len(), 2);
}

/// Two entries and two commits after the first of each; the second commit replaces a record.
async fn lost(store: &dyn Store) -> NewRestore {
    let mut commits = rootless();
    let root = root_after(store, account(1), &commits.iter().collect::<Vec<_>>()).await;
    commits.iter_mut().for_each(|commit| commit.root = root);
    NewRestore {
        account: account(1),
        log: pin(1, 1),
        entries: vec![entry(account(1), 2), entry(account(1), 3)],
        vault: pin(1, 1),
        commits,
        history: None,
    }
}

fn rootless() -> Vec<crate::NewCommit> {
    let at =
        |seq, log, count, records| crate::NewCommit { log: pin(log, 1), ..commit(account(1), seq, count, records) };
    vec![at(2, 2, 3, &[(3, 2)]), at(3, 3, 3, &[(1, 3)])]
}

fn restored(restored: Restored) -> Heads {
    match restored {
        Restored::Accepted(heads) => heads,
        other => panic!("what was lost was not taken: {other:?}"),
    }
}

/// A history grows by what time gives, except for who must get in.
pub async fn a_history_that_grows_too_fast_waits(store: &dyn Store) {
    open_account(store, account(1)).await;
    let at = |seq: u64, now| crate::NewCommit {
        history: Some(HistoryCharge { now: Time(now), cost_ms: 10, depth_ms: 25 }),
        ..commit(account(1), seq, 1, &[(1, seq)])
    };
    push(store, at(1, 1_000)).await;
    push(store, at(2, 1_000)).await;
    assert_eq!(store.push(at(3, 1_000)).await.unwrap(), Pushed::OverHistory { wait_ms: 5 });
    assert_eq!(store.heads(account(1)).await.unwrap().unwrap().vault, pin(2, 1));
    push(store, crate::NewCommit { history: None, ..at(3, 1_000) }).await;
    assert_eq!(store.push(at(4, 1_004)).await.unwrap(), Pushed::OverHistory { wait_ms: 1 });
    push(store, at(4, 1_005)).await;
    assert_eq!(store.push(at(5, 1_006)).await.unwrap(), Pushed::OverHistory { wait_ms: 9 });
    assert_ne!(store.heads(account(1)).await.unwrap().unwrap().vault, Pin::START);
    // A clock that was ahead, by much or little, keeps nobody waiting for where it was once it is set back.
    push(store, at(5, 9_000_000)).await;
    push(store, at(6, 8_999_990)).await;
    assert_eq!(store.push(at(7, 8_940_000)).await.unwrap(), Pushed::OverHistory { wait_ms: 5 });
    push(store, at(7, 8_939_989)).await;
    push(store, at(8, 2_000)).await;
}
