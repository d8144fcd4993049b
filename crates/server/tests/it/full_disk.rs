use roamkey_proto::{
    ItemId,
    api::{Accepted, PullPage, PullRequest},
    problem::Problem,
};

use crate::server::TestServer;

#[test]
fn a_full_database_refuses_and_goes_on_reading() {
    let server = TestServer::start_with(|config| config.limits.database_bytes = 600 * 1024);
    let (mut account, token) = server.account(1);
    let full = (0..200_u8).find_map(|number| {
        let item = [ItemId::new([number; 16])];
        let pushed = account.push_items(&account.founder, &item, 10_000, |_| {});
        let answer = server.client.post(&account.path("push"), Some(&token), &pushed);
        if answer.status == 200 {
            account.accepted(&pushed);
            return None;
        }
        Some(answer.problem())
    });
    assert_eq!(full, Some(Problem::Unavailable));
    let request = PullRequest { target: account.head, commits_after: 0, records_after: 0, cursor: None };
    let page: PullPage = server.client.post(&account.path("pull"), Some(&token), &request).ok();
    assert_eq!(page.records.len(), account.revisions.len());
    // What fits is taken again: a smaller record in the place of a large one.
    let first = account.revisions.keys().next().copied().unwrap();
    let smaller = account.push_items(&account.founder, &[first], 64, |_| {});
    let _: Accepted = server.client.post(&account.path("push"), Some(&token), &smaller).ok();
}
