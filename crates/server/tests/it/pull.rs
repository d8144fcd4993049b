use roamkey_proto::{
    ItemId, Pin, Record,
    api::{Accepted, PullPage, PullRequest},
    limits,
    problem::Problem,
};

use crate::{account::Account, server::TestServer};

#[test]
fn a_pull_brings_commits_and_the_latest_records() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    let mut commits = Vec::new();
    for items in [&[1, 2, 3][..], &[2], &[3]] {
        let pushed = account.push(items);
        let _: Accepted = server.client.post(&account.path("push"), Some(&token), &pushed).ok();
        account.accepted(&pushed);
        commits.push(pushed.commit);
    }
    let page = pull(&server, &account, &token, (1, 1));
    assert!(page.commits.iter().map(|commit| &commit.0).eq(&commits[1..]));
    let items: Vec<_> = page.records.iter().map(|record| Record::header_of(&record.0).unwrap()).collect();
    assert_eq!(
        items.iter().map(|header| (header.item, header.revision)).collect::<Vec<_>>(),
        [(ItemId::new([2; 16]), 2), (ItemId::new([3; 16]), 2)]
    );
    assert_eq!(pull(&server, &account, &token, (3, 0)).records.len(), 3);
}

#[test]
fn a_pull_of_another_head_is_refused() {
    let server = TestServer::start();
    let (account, token) = server.account(1);
    let request = PullRequest { target: Pin { seq: 1, id: [1; 32] }, ..whole(Pin::START) };
    assert_eq!(server.client.post(&account.path("pull"), Some(&token), &request).problem(), Problem::HeadMoved);
    assert_eq!(pull(&server, &account, &token, (0, 0)), PullPage { commits: vec![], records: vec![], next: None });
}

#[test]
fn a_large_vault_comes_in_pages_that_fit() {
    let server = TestServer::start();
    let (mut account, token) = server.account(1);
    for push in 0..6_u8 {
        let items: Vec<_> = (0..40).map(|number| ItemId::new([push * 40 + number; 16])).collect();
        let pushed = account.push_items(&account.founder, &items, 20_000, |_| {});
        let _: Accepted = server.client.post(&account.path("push"), Some(&token), &pushed).ok();
        account.accepted(&pushed);
    }
    let mut request = whole(account.head);
    let (mut records, mut commits, mut pages) = (0, 0, 0);
    loop {
        let page: PullPage = server.client.post(&account.path("pull"), Some(&token), &request).ok();
        assert!(page.records.iter().map(|record| record.0.len()).sum::<usize>() <= limits::PULL_PAGE_BYTES);
        (records, commits, pages) = (records + page.records.len(), commits + page.commits.len(), pages + 1);
        request.cursor = page.next;
        if page.next.is_none() {
            break;
        }
    }
    assert_eq!((records, commits, pages), (240, 6, 3));
}

fn pull(server: &TestServer, account: &Account, token: &str, (commits_after, records_after): (u64, u64)) -> PullPage {
    let request = PullRequest { commits_after, records_after, ..whole(account.head) };
    server.client.post(&account.path("pull"), Some(token), &request).ok()
}

fn whole(target: Pin) -> PullRequest {
    PullRequest { target, commits_after: 0, records_after: 0, cursor: None }
}
