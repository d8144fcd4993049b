//! A server that was restored from a backup is given back what it lost.

use roamkey_proto::{
    Bundle, Op,
    api::{Accepted, Heads, PullPage, PullRequest, Push, Restore, SealedRecord, SignedCommit},
    problem::Problem,
};

use crate::{account::Account, device::Device, server::TestServer};

#[test]
fn what_was_lost_comes_back() {
    let lost = Lost::new();
    let (server, token) = lost.behind();
    let heads: Heads = server.client.post(&lost.account.path("restore"), Some(&token), &lost.restore()).ok();
    assert!(heads.vault.is_some());
    let request = PullRequest { target: lost.account.head, commits_after: 0, records_after: 0, cursor: None };
    let page: PullPage = server.client.post(&lost.account.path("pull"), Some(&token), &request).ok();
    assert_eq!((page.commits.len(), page.records.len()), (3, 3));
    let again = server.client.post(&lost.account.path("restore"), Some(&token), &lost.restore());
    assert_eq!(again.problem(), Problem::Conflict);
    let next = lost.account.push(&[9]);
    let _: Accepted = server.client.post(&lost.account.path("push"), Some(&token), &next).ok();
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let lost = Lost::new();
    let (server, token) = lost.behind();
    let path = lost.account.path("restore");
    type Bend = fn(&mut Restore);
    let bent: [(&str, Bend, Problem); 8] = [
        ("a commit is missing", |restore| drop(restore.commits.remove(0)), Problem::Conflict),
        ("an entry is missing", |restore| drop(restore.bundles.remove(0)), Problem::Invalid),
        ("an entry is broken", |restore| restore.bundles[0].entry[40] ^= 1, Problem::Invalid),
        ("the newest epoch is for nobody", |restore| restore.bundles[0].wraps.clear(), Problem::Invalid),
        ("a commit is broken", |restore| restore.commits[1].0[60] ^= 1, Problem::Invalid),
        ("a record is missing", |restore| drop(restore.records.pop()), Problem::Invalid),
        ("a record is another", |restore| restore.records.swap(0, 1), Problem::Invalid),
        ("the last commit is missing", |restore| drop(restore.commits.pop()), Problem::Invalid),
    ];
    for (what, bend, problem) in bent {
        let mut restore = lost.restore();
        bend(&mut restore);
        assert_eq!(server.client.post(&path, Some(&token), &restore).problem(), problem, "{what}");
    }
    let _: Heads = server.client.post(&path, Some(&token), &lost.restore()).ok();
}

#[test]
fn restores_have_a_rate() {
    let lost = Lost::new();
    let (server, token) = lost.behind_with(1);
    let path = lost.account.path("restore");
    // Nothing is no restore, and costs none.
    let nothing = Restore { bundles: vec![], commits: vec![], records: vec![] };
    for _ in 0..3 {
        assert_eq!(server.client.post(&path, Some(&token), &nothing).problem(), Problem::Invalid);
    }
    let mut broken = lost.restore();
    broken.records.pop();
    assert_eq!(server.client.post(&path, Some(&token), &broken).problem(), Problem::Invalid);
    let refused = server.client.post(&path, Some(&token), &lost.restore());
    assert_eq!(refused.problem(), Problem::RateLimited);
    assert!(refused.retry_after.unwrap() > 60);
}

/// Each device has restores of its own: one that uses up its share keeps no other from giving back.
#[test]
fn restores_are_counted_by_device() {
    let mut lost = Lost::new();
    let (server, token) = lost.behind_with(1);
    let second = Device::new(2);
    let mut before = Account::new(1);
    let added = before.extend(second.joins(&before.log), &Device::new(1));
    let _: Accepted = server.client.post(&before.path("log"), Some(&token), &added).ok();
    let others = server.client.sign_in(before.id(), &second);
    let path = before.path("restore");
    let rubbish = Restore { bundles: vec![lost.entry.clone()], commits: vec![], records: vec![] };
    assert_eq!(server.client.post(&path, Some(&others), &rubbish).problem(), Problem::Conflict);
    assert_eq!(server.client.post(&path, Some(&others), &rubbish).problem(), Problem::RateLimited);
    lost.entry = before.bundle(Op::Rotate, &Device::new(1));
    let restore = Restore { bundles: vec![lost.entry], commits: vec![], records: vec![] };
    let _: Heads = server.client.post(&path, Some(&token), &restore).ok();
}

/// What a device signs today that is gone cannot be told from what was lost: only who removed it gives that back.
#[test]
fn what_a_removed_device_signed_comes_back_by_its_remover() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let (founder, gone, third) = (Device::new(1), Device::new(2), Device::new(3));
    for newcomer in [&gone, &third] {
        let added = account.extend(newcomer.joins(&account.log), &founder);
        let _: Accepted = server.client.post(&account.path("log"), Some(&token), &added).ok();
    }
    let thirds = server.client.sign_in(account.id(), &third);
    let backdated = account.push_by(&gone, &[1], |_| {});
    let revoked = account.extend(Device::revokes(&[&gone]), &founder);
    let _: Accepted = server.client.post(&account.path("log"), Some(&token), &revoked).ok();
    let commits = vec![SignedCommit(backdated.commit)];
    let restore = Restore { bundles: vec![], commits, records: backdated.records };
    let refused = server.client.post(&account.path("restore"), Some(&thirds), &restore);
    assert_eq!(refused.problem(), Problem::Held);
    let _: Heads = server.client.post(&account.path("restore"), Some(&token), &restore).ok();
}

/// A history grows no faster by restores than by what whoever removed a device may push.
#[test]
fn what_is_restored_counts_as_growth() {
    let lost = Lost::new();
    let server = TestServer::start_with(|config| {
        config.limits.history_bytes_per_day = 1;
        config.limits.history_burst_bytes = 60;
    });
    let (_, token) = server.account(1);
    let restore = Restore {
        bundles: vec![],
        commits: vec![SignedCommit(lost.before.commit.clone())],
        records: lost.before.records.clone(),
    };
    let _: Heads = server.client.post(&lost.account.path("restore"), Some(&token), &restore).ok();
    let refused = server.client.post(&lost.account.path("restore"), Some(&token), &lost.restore());
    assert_eq!(refused.problem(), Problem::RateLimited);
}

/// An account with what came after a backup: an entry, and two commits that change three items.
struct Lost {
    account: Account,
    before: Push,
    entry: Bundle,
    after: Vec<Push>,
}

impl Lost {
    fn new() -> Self {
        let mut account = Account::new(1);
        let before = account.push(&[1]);
        account.accepted(&before);
        let entry = account.extend(Op::Rotate, &Device::new(1));
        let after = [&[2, 3][..], &[1, 3]].map(|items| {
            let push = account.push(items);
            account.accepted(&push);
            push
        });
        Self { account, before, entry, after: after.into() }
    }

    /// The newest record of each item: 1 and 3 by the last commit, 2 by the one before.
    fn restore(&self) -> Restore {
        let record = |push: usize, index: usize| -> SealedRecord { self.after[push].records[index].clone() };
        Restore {
            bundles: vec![self.entry.clone()],
            commits: self.after.iter().map(|push| SignedCommit(push.commit.clone())).collect(),
            records: vec![record(1, 0), record(0, 0), record(1, 1)],
        }
    }

    fn behind(&self) -> (TestServer, String) {
        self.behind_with(16)
    }

    /// A server as of the backup.
    fn behind_with(&self, restores: u32) -> (TestServer, String) {
        let server = TestServer::start_with(|config| config.limits.restore_burst = restores);
        let (_, token) = server.account(1);
        let _: Accepted = server.client.post(&self.account.path("push"), Some(&token), &self.before).ok();
        (server, token)
    }
}
