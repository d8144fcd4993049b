//! Claims on logs and vaults.

#![expect(clippy::unwrap_used, reason = "claims fail by panicking")]

use roamkey_proto::{DeviceId, MerkleRoot, Pin};

use super::objects::*;
use crate::{Appended, Heads, NewCommit, PageLimits, Pulled, Pushed, Quota, Store};

/// The first entry makes the account; there is none before.
pub async fn a_genesis_makes_its_account(store: &dyn Store) {
    assert_eq!(store.heads(account(1)).await.unwrap(), None);
    let heads = open_account(store, account(1)).await;
    assert_eq!(heads, Heads { log: pin(1, 1), vault: Pin::START, vault_log: 0 });
    assert_eq!(store.heads(account(1)).await.unwrap(), Some(heads));
}

/// A second entry for a place changes nothing, nor does one for an account that is not there.
pub async fn an_entry_that_does_not_build_on_the_newest_is_a_conflict(store: &dyn Store) {
    assert_eq!(store.append(entry(account(1), 2)).await.unwrap(), Appended::UnknownAccount);
    let heads = open_account(store, account(1)).await;
    let mut other_genesis = entry(account(1), 1);
    other_genesis.pin = pin(1, 2);
    assert_eq!(store.append(other_genesis).await.unwrap(), Appended::Conflict(heads));
    assert_eq!(store.append(entry(account(1), 3)).await.unwrap(), Appended::Conflict(heads));
    assert_eq!(store.bundles(account(1), 0, 10, None).await.unwrap().len(), 1);
}

/// Sending again what was accepted last is no conflict, and adds nothing.
pub async fn the_newest_entry_is_accepted_again(store: &dyn Store) {
    let heads = open_account(store, account(1)).await;
    assert_eq!(store.append(entry(account(1), 1)).await.unwrap(), Appended::Accepted(heads));
    assert_eq!(store.bundles(account(1), 0, 10, None).await.unwrap().len(), 1);
}

/// An answer that was lost costs its sender nothing either when others were faster than the second try.
pub async fn what_others_built_on_is_accepted_again(store: &dyn Store) {
    open_account(store, account(1)).await;
    push(store, commit(account(1), 1, 1, &[(1, 1)])).await;
    push(store, commit(account(1), 2, 1, &[(1, 2)])).await;
    let mut second = entry(account(1), 2);
    second.bundle.entry = vec![9; 10];
    store.append(second).await.unwrap();
    let heads = store.heads(account(1)).await.unwrap().unwrap();
    assert_eq!(store.push(commit(account(1), 1, 1, &[(1, 1)])).await.unwrap(), Pushed::Accepted(heads));
    assert_eq!(store.append(entry(account(1), 1)).await.unwrap(), Appended::Accepted(heads));
    let mut other = commit(account(1), 1, 1, &[(1, 1)]);
    other.signed.push(0);
    assert_eq!(store.push(other).await.unwrap(), Pushed::Conflict(heads));
    let mut other = entry(account(1), 1);
    other.bundle.entry.push(0);
    assert_eq!(store.append(other).await.unwrap(), Appended::Conflict(heads));
}

/// Entries come whole and in order, wraps only of one device.
pub async fn bundles_carry_only_the_wraps_of_the_one_who_asks(store: &dyn Store) {
    open_account(store, account(1)).await;
    store.append(entry(account(1), 2)).await.unwrap();
    let sent = entry(account(1), 1).bundle;
    for (asker, wraps) in [(None, 0), (Some(device(2)), 1), (Some(DeviceId::new([9; 32])), 0)] {
        let bundles = store.bundles(account(1), 0, 10, asker).await.unwrap();
        assert_eq!(bundles.len(), 2);
        for bundle in bundles {
            assert_eq!((&bundle.entry, &bundle.header), (&sent.entry, &sent.header));
            assert_eq!(bundle.wraps.len(), wraps);
            assert!(bundle.wraps.iter().all(|wrap| Some(wrap.recipient) == asker));
        }
    }
    assert_eq!(store.bundles(account(1), 1, 10, None).await.unwrap().len(), 1);
    assert_eq!(store.bundles(account(1), 0, 1, None).await.unwrap().len(), 1);
    assert!(store.bundles(account(2), 0, 10, None).await.unwrap().is_empty());
}

/// Of a record only the latest stays.
pub async fn a_commit_moves_the_head_and_replaces_records(store: &dyn Store) {
    open_account(store, account(1)).await;
    push(store, commit(account(1), 1, 2, &[(1, 1), (2, 1)])).await;
    let heads = push(store, commit(account(1), 2, 2, &[(2, 5)])).await;
    assert_eq!(heads, Heads { log: pin(1, 1), vault: pin(2, 1), vault_log: 1 });
    let (commits, records) = pull_all(store, account(1), heads.vault, (0, 0), WIDE).await;
    assert_eq!(commits, [commit_bytes(1), commit_bytes(2)]);
    assert_eq!(records, [record_bytes(1, 1), record_bytes(2, 5)]);
}

/// A commit by a device that has not seen the newest entry waits for it.
pub async fn a_commit_that_names_an_older_log_entry_is_a_conflict(store: &dyn Store) {
    open_account(store, account(1)).await;
    store.append(entry(account(1), 2)).await.unwrap();
    let heads = store.heads(account(1)).await.unwrap().unwrap();
    assert_eq!(store.push(commit(account(1), 1, 1, &[(1, 1)])).await.unwrap(), Pushed::Conflict(heads));
}

/// A commit builds on the newest; sending the newest again is no conflict.
pub async fn a_commit_that_does_not_build_on_the_head_is_a_conflict(store: &dyn Store) {
    open_account(store, account(1)).await;
    let heads = push(store, commit(account(1), 1, 1, &[(1, 1)])).await;
    let mut other = commit(account(1), 1, 1, &[(1, 2)]);
    other.pin = pin(1, 2);
    assert_eq!(store.push(other).await.unwrap(), Pushed::Conflict(heads));
    assert_eq!(store.push(commit(account(1), 3, 1, &[(1, 3)])).await.unwrap(), Pushed::Conflict(heads));
    assert_eq!(store.push(commit(account(1), 1, 1, &[(1, 1)])).await.unwrap(), Pushed::Accepted(heads));
    assert_eq!(store.push(commit(account(9), 1, 1, &[(1, 1)])).await.unwrap(), Pushed::UnknownAccount);
    let (_, records) = pull_all(store, account(1), heads.vault, (0, 0), WIDE).await;
    assert_eq!(records, [record_bytes(1, 1)]);
}

/// One stale record refuses its whole commit.
pub async fn a_revision_that_does_not_rise_is_refused_whole(store: &dyn Store) {
    open_account(store, account(1)).await;
    let heads = push(store, commit(account(1), 1, 2, &[(1, 4), (2, 4)])).await;
    for revision in [3, 4] {
        let stale = commit(account(1), 2, 3, &[(1, 5), (2, revision), (3, 1)]);
        assert_eq!(store.push(stale).await.unwrap(), Pushed::StaleRevision(item(2)));
    }
    let (commits, records) = pull_all(store, account(1), heads.vault, (0, 0), WIDE).await;
    assert_eq!((commits.len(), records), (1, vec![record_bytes(1, 4), record_bytes(2, 4)]));
}

/// What the author counts is what there is.
pub async fn a_wrong_count_is_refused_whole(store: &dyn Store) {
    open_account(store, account(1)).await;
    push(store, commit(account(1), 1, 2, &[(1, 1), (2, 1)])).await;
    for count in [2, 4] {
        let wrong = commit(account(1), 2, count, &[(2, 2), (3, 1)]);
        assert_eq!(store.push(wrong).await.unwrap(), Pushed::WrongCount { records: 3 });
    }
    push(store, commit(account(1), 2, 3, &[(2, 2), (3, 1)])).await;
}

/// What the author signed is the root over all records that there are after it: nobody else could go on from another one.
pub async fn a_wrong_root_is_refused_whole(store: &dyn Store) {
    open_account(store, account(1)).await;
    let heads = push(store, commit(account(1), 1, 2, &[(1, 1), (2, 1)])).await;
    let right = rooted(store, commit(account(1), 2, 3, &[(2, 2), (3, 1)])).await;
    let before = root_after(store, account(1), &[]).await;
    for root in [MerkleRoot::EMPTY, MerkleRoot::new([7; 32]), before] {
        assert_eq!(store.push(NewCommit { root, ..right.clone() }).await.unwrap(), Pushed::WrongRoot);
    }
    assert_eq!(store.heads(account(1)).await.unwrap(), Some(heads));
    push(store, right).await;
    // A commit of nothing is over what there is as well.
    let nothing = NewCommit { root: before, ..commit(account(1), 3, 3, &[]) };
    assert_eq!(store.push(nothing).await.unwrap(), Pushed::WrongRoot);
    push(store, commit(account(1), 3, 3, &[])).await;
}

/// However a vault grew, its root is that of all its records.
pub async fn a_root_is_over_every_record(store: &dyn Store) {
    open_account(store, account(1)).await;
    let steps = [(1, 1..=1, 1), (2, 1..=40, 40), (3, 30..=240, 240), (4, 7..=7, 240), (5, 1..=240, 240)];
    for (seq, records, count) in steps {
        let put: Vec<_> = records.map(|number| (number, seq)).collect();
        let next = rooted(store, commit(account(1), seq, count, &put)).await;
        let wrong = NewCommit { root: root_after(store, account(1), &[]).await, ..next.clone() };
        assert_eq!(store.push(wrong).await.unwrap(), Pushed::WrongRoot);
        push(store, next).await;
    }
}

/// What a backend calls with a way to take the tree away: an account from before there was one gets it, of all its records.
pub async fn a_vault_that_lost_its_tree_goes_on(store: &dyn Store, lose: impl FnOnce()) {
    open_account(store, account(1)).await;
    let put: Vec<_> = (1..=90).map(|number| (number, 1)).collect();
    push(store, commit(account(1), 1, 90, &put)).await;
    lose();
    let next = rooted(store, commit(account(1), 2, 91, &[(5, 2), (91, 1)])).await;
    let wrong = NewCommit { root: MerkleRoot::new([7; 32]), ..next.clone() };
    assert_eq!(store.push(wrong).await.unwrap(), Pushed::WrongRoot);
    push(store, next).await;
    push(store, commit(account(1), 3, 91, &[(90, 2)])).await;
}

/// Quotas count records and bytes; a replaced record frees its own.
pub async fn a_full_quota_is_an_outcome(store: &dyn Store) {
    open_account(store, account(1)).await;
    push(store, commit(account(1), 1, 2, &[(1, 1), (2, 1)])).await;
    let bytes = record_bytes(1, 1).len() as u64;
    for quota in [Quota { records: 2, bytes: 1_000 }, Quota { records: 10, bytes: 3 * bytes - 1 }] {
        let mut over = commit(account(1), 2, 3, &[(3, 1)]);
        over.quota = quota;
        assert_eq!(store.push(over).await.unwrap(), Pushed::OverQuota);
    }
    let mut within = commit(account(1), 2, 2, &[(1, 2)]);
    within.quota = Quota { records: 2, bytes: 2 * bytes };
    push(store, within).await;
}

/// However many race, the chain stays a line.
pub async fn of_concurrent_commits_one_wins(store: &dyn Store) {
    open_account(store, account(1)).await;
    let racers = [1, 2, 3].map(|branch| {
        let mut racer = commit(account(1), 1, 1, &[(branch, 1)]);
        racer.pin = pin(1, branch);
        racer
    });
    let mut pushes = Vec::new();
    for racer in racers {
        pushes.push(store.push(rooted(store, racer).await));
    }
    let mut accepted = 0;
    for push in pushes {
        accepted += u32::from(matches!(push.await.unwrap(), Pushed::Accepted(_)));
    }
    assert_eq!(accepted, 1);
}

/// The same items and places in another account are other ones.
pub async fn accounts_do_not_meet(store: &dyn Store) {
    open_account(store, account(1)).await;
    open_account(store, account(2)).await;
    push(store, commit(account(1), 1, 1, &[(1, 1)])).await;
    let heads = push(store, commit(account(2), 1, 1, &[(1, 9)])).await;
    let (_, records) = pull_all(store, account(2), heads.vault, (0, 0), WIDE).await;
    assert_eq!(records, [record_bytes(1, 9)]);
}

/// A pull is as of its target or not at all.
pub async fn a_pull_of_another_head_is_refused(store: &dyn Store) {
    let ask = |number, target| store.pull(query(account(number), target, (0, 0), None, WIDE));
    assert_eq!(ask(1, Pin::START).await.unwrap(), Pulled::UnknownAccount);
    open_account(store, account(1)).await;
    assert!(matches!(ask(1, Pin::START).await.unwrap(), Pulled::Page(page) if page.commits.is_empty()));
    let heads = push(store, commit(account(1), 1, 1, &[(1, 1)])).await;
    for target in [Pin::START, pin(1, 2), pin(2, 1)] {
        assert_eq!(ask(1, target).await.unwrap(), Pulled::HeadMoved(heads));
    }
}

/// Commits and records have their own starting points: a device that lost its records keeps its pin.
pub async fn a_pull_gives_what_changed_since(store: &dyn Store) {
    open_account(store, account(1)).await;
    push(store, commit(account(1), 1, 3, &[(1, 1), (2, 1), (3, 1)])).await;
    push(store, commit(account(1), 2, 3, &[(3, 2)])).await;
    let heads = push(store, commit(account(1), 3, 3, &[(1, 2)])).await;
    let since = |after| pull_all(store, account(1), heads.vault, after, WIDE);
    assert_eq!(since((3, 3)).await, (vec![], vec![]));
    assert_eq!(since((2, 2)).await, (vec![commit_bytes(3)], vec![record_bytes(1, 2)]));
    assert_eq!(since((2, 1)).await.1, [record_bytes(1, 2), record_bytes(3, 2)]);
    assert_eq!(since((3, 0)).await.1, [record_bytes(1, 2), record_bytes(2, 1), record_bytes(3, 2)]);
    assert_eq!(since((900, 900)).await, (vec![], vec![]));
}

/// Whatever fits into a page, nothing is left out and nothing comes twice.
pub async fn pages_of_a_pull_add_up_to_the_whole(store: &dyn Store) {
    open_account(store, account(1)).await;
    let items: Vec<_> = (1..=9).map(|number| (number, 1)).collect();
    push(store, commit(account(1), 1, 9, &items)).await;
    push(store, commit(account(1), 2, 10, &[(4, 2), (10, 1)])).await;
    let heads = push(store, commit(account(1), 3, 10, &[(7, 2)])).await;
    for after in [(0, 0), (1, 0), (0, 1), (1, 1), (3, 2)] {
        let whole = pull_all(store, account(1), heads.vault, after, WIDE).await;
        for limits in [(1, 1_000), (2, 1), (1_000, 8), (1_000, 30), (2, 60)] {
            let limits = PageLimits { commits: limits.0, bytes: limits.1 };
            assert_eq!(pull_all(store, account(1), heads.vault, after, limits).await, whole, "{after:?} {limits:?}");
        }
    }
}
