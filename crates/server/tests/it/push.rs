use roamkey_proto::{
    CommitId, MerkleRoot, Op,
    api::{Accepted, Push, SealedRecord},
    problem::Problem,
};

use crate::{account::Account, device::Device, http::Answer, server::TestServer};

#[test]
fn a_history_grows_by_what_a_day_gives() {
    let server = TestServer::start_with(|config| {
        config.limits.history_bytes_per_day = 1;
        config.limits.history_burst_bytes = 600;
    });
    let (mut account, token) = server.account(1);
    let grown = (1..=9_u8).take_while(|&item| {
        let push = account.push(&[item]);
        let answer = server.client.post(&account.path("push"), Some(&token), &push);
        if answer.status != 200 {
            assert_eq!(answer.problem(), Problem::RateLimited);
            assert!(answer.retry_after.unwrap() > 60);
            return false;
        }
        account.accepted(&push);
        true
    });
    assert!((1..9).contains(&grown.count()));
}

#[test]
fn whoever_removes_a_device_pushes_whatever_that_one_used_up() {
    let server = TestServer::start_with(|config| {
        config.limits.history_bytes_per_day = 1;
        config.limits.history_burst_bytes = 600;
    });
    let (mut account, token) = server.account(1);
    let (founder, thief) = (Device::new(1), Device::new(2));
    let added = account.extend(thief.joins(&account.log), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &added).ok();
    let stolen = server.client.sign_in(account.id(), &thief);
    let used_up = (1..=9_u8).any(|item| {
        let push = account.push_by(&thief, &[item], |_| {});
        let answer = server.client.post(&account.path("push"), Some(&stolen), &push);
        if answer.status == 200 {
            account.accepted(&push);
        }
        answer.status == 429
    });
    assert!(used_up);
    assert_eq!(
        server.client.post(&account.path("push"), Some(&token), &account.push(&[50])).problem(),
        Problem::RateLimited
    );
    let removed = account.extend(Device::revokes(&[&thief]), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &removed).ok();
    for item in 50..60 {
        let push = account.push(&[item]);
        let _: Accepted = server.client.post(&account.path("push"), Some(&token), &push).ok();
        account.accepted(&push);
    }
    // A thief removes devices too, its own: it is no way to grow without end.
    let slowed = (60..=120_u8).any(|item| {
        let push = account.push(&[item]);
        let answer = server.client.post(&account.path("push"), Some(&token), &push);
        if answer.status == 200 {
            account.accepted(&push);
        }
        answer.status == 429
    });
    assert!(slowed);
}

#[test]
fn a_push_is_taken_and_the_next_builds_on_it() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    for items in [&[1, 2][..], &[2], &[3, 4, 5], &[]] {
        let pushed = account.push(items);
        let _: Accepted = push(&server, &account, &token, &pushed).ok();
        account.accepted(&pushed);
    }
}

#[test]
fn the_newest_push_sent_again_is_accepted_again() {
    let server = TestServer::start();
    let (account, token) = server.account(1);
    let pushed = account.push(&[1]);
    let first: Accepted = push(&server, &account, &token, &pushed).ok();
    assert_eq!(push(&server, &account, &token, &pushed).ok::<Accepted>(), first);
}

#[test]
fn a_push_that_does_not_build_on_the_head_is_a_conflict() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let beside = account.push(&[2]);
    let pushed = account.push(&[1]);
    let _: Accepted = push(&server, &account, &token, &pushed).ok();
    assert_eq!(push(&server, &account, &token, &beside).problem(), Problem::Conflict);
    account.accepted(&pushed);
    let ahead = account.push_by(&account.founder, &[3], |commit| commit.seq += 1);
    assert_eq!(push(&server, &account, &token, &ahead).problem(), Problem::Conflict);
    let beside = account.push_by(&account.founder, &[3], |commit| commit.prev = CommitId::new([9; 32]));
    assert_eq!(push(&server, &account, &token, &beside).problem(), Problem::Conflict);
}

#[test]
fn a_push_that_names_an_older_log_entry_is_a_conflict() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let before = account.push(&[1]);
    let rotated = account.extend(Op::Rotate, &Device::new(1));
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &rotated).ok();
    assert_eq!(push(&server, &account, &token, &before).problem(), Problem::Conflict);
    let after = account.push(&[1]);
    let _: Accepted = push(&server, &account, &token, &after).ok();
}

#[test]
fn a_commit_that_is_not_right_is_refused() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let pushed = account.push(&[1, 2]);
    let _: Accepted = push(&server, &account, &token, &pushed).ok();
    account.accepted(&pushed);
    let bends: [fn(&mut roamkey_proto::Commit); 6] = [
        |commit| commit.count += 1,
        |commit| commit.root = MerkleRoot::new([1; 32]),
        |commit| commit.epoch += 1,
        |commit| commit.changed.reverse(),
        |commit| commit.changed.truncate(1),
        |commit| commit.author = Device::new(9).id,
    ];
    for bend in bends {
        let bent = account.push_by(&account.founder, &[3, 4], bend);
        assert_eq!(push(&server, &account, &token, &bent).problem(), Problem::Invalid);
    }
    let mut unsigned = account.push(&[3]);
    let last = unsigned.commit.len() - 1;
    unsigned.commit[last] ^= 1;
    assert_eq!(push(&server, &account, &token, &unsigned).problem(), Problem::Invalid);
}

#[test]
fn records_that_are_not_the_commits_are_refused() {
    let server = TestServer::start();
    let (account, token) = server.account(1);
    let bends: [fn(&mut Push); 6] = [
        |push| drop(push.records.pop()),
        |push| push.records.push(SealedRecord(vec![0; 200])),
        |push| push.records.reverse(),
        |push| push.records[0].0.push(0),
        |push| push.records[0].0.truncate(40),
        |push| push.records[0].0.clear(),
    ];
    for bend in bends {
        let mut bent = account.push(&[1, 2]);
        bend(&mut bent);
        assert_eq!(push(&server, &account, &token, &bent).problem(), Problem::Invalid);
    }
}

#[test]
fn a_record_of_another_place_is_refused() {
    let server = TestServer::start();
    let (account, token) = server.account(1);
    let stranger = Account::new(2);
    let mut foreign = stranger.push(&[1]);
    foreign.commit = account
        .push_by(&account.founder, &[1], |commit| {
            commit.changed[0].record = roamkey_proto::Record::hash_of(&foreign.records[0].0);
        })
        .commit;
    assert_eq!(push(&server, &account, &token, &foreign).problem(), Problem::Invalid);
}

#[test]
fn a_revision_that_does_not_rise_is_refused() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let pushed = account.push(&[1]);
    let _: Accepted = push(&server, &account, &token, &pushed).ok();
    account.accepted(&pushed);
    for revision in account.revisions.values_mut() {
        *revision = 0;
    }
    let stale = account.push(&[1]);
    assert_eq!(push(&server, &account, &token, &stale).problem(), Problem::Invalid);
}

#[test]
fn a_revision_above_the_number_of_commits_is_refused() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let first = account.push(&[1]);
    for revision in [1, u64::MAX - 1] {
        account.revisions.insert(roamkey_proto::ItemId::new([1; 16]), revision);
        let high = account.push_by(&account.founder, &[1], |commit| commit.count = 1);
        assert_eq!(push(&server, &account, &token, &high).problem(), Problem::Invalid, "{revision}");
    }
    let _: Accepted = push(&server, &account, &token, &first).ok();
}

#[test]
fn the_first_commit_after_a_revocation_is_by_the_one_who_revoked() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let (founder, second, third) = (Device::new(1), Device::new(2), Device::new(3));
    for newcomer in [&second, &third] {
        let added = account.extend(newcomer.joins(&account.log), &founder);
        let _: Accepted = server.client.post(&account.path("log"), Some(&token), &added).ok();
    }
    let thirds = server.client.sign_in(account.id(), &third);
    let revoked = account.extend(Device::revokes(&[&second]), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &revoked).ok();
    let early = account.push_by(&third, &[1], |_| {});
    assert_eq!(push(&server, &account, &thirds, &early).problem(), Problem::Held);
    let pushed = account.push(&[]);
    let first = account.push_by(&founder, &[2], |_| {});
    assert_ne!(pushed, first);
    let _: Accepted = push(&server, &account, &token, &first).ok();
    account.accepted(&first);
    let pushed = account.push_by(&third, &[1], |_| {});
    let _: Accepted = push(&server, &account, &thirds, &pushed).ok();
}

#[test]
fn nobody_pushes_while_an_epoch_is_owed() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let (founder, second) = (Device::new(1), Device::new(2));
    let added = account.extend(second.joins(&account.log), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &added).ok();
    let others = server.client.sign_in(account.id(), &second);
    let left = account.extend(Op::Leave, &second);
    let _: Accepted = server.client.post(&account.path("log"), Some(&others), &left).ok();
    let pushed = account.push(&[1]);
    assert_eq!(push(&server, &account, &token, &pushed).problem(), Problem::Conflict);
    let rotated = account.extend(Op::Rotate, &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &rotated).ok();
    let _: Accepted = push(&server, &account, &token, &account.push(&[1])).ok();
}

#[test]
fn a_full_account_takes_no_more_records() {
    let server = TestServer::start_with(|config| config.limits.records = 2);
    let (mut account, token) = server.account(1);
    assert_eq!(push(&server, &account, &token, &account.push(&[1, 2, 3])).problem(), Problem::QuotaExceeded);
    let pushed = account.push(&[1, 2]);
    let _: Accepted = push(&server, &account, &token, &pushed).ok();
    account.accepted(&pushed);
    let _: Accepted = push(&server, &account, &token, &account.push(&[2])).ok();
}

#[test]
fn someone_elses_session_pushes_nothing() {
    let server = TestServer::start();
    let (account, _) = server.account(1);
    let (_, others) = server.account(2);
    assert_eq!(push(&server, &account, &others, &account.push(&[1])).problem(), Problem::Unauthorized);
}

fn push(server: &TestServer, account: &Account, token: &str, push: &Push) -> Answer {
    server.client.post(&account.path("push"), Some(token), push)
}
