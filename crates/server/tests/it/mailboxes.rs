use roamkey_proto::{
    api::{MailboxClaimed, MailboxMessage, MailboxMessages, MailboxOpened},
    limits,
    problem::Problem,
};

use crate::server::TestServer;

#[test]
fn two_sides_meet_in_a_mailbox() {
    let server = TestServer::start();
    let (path, member) = open(&server);
    let newcomer: MailboxClaimed = server.client.post_bytes(&format!("{path}/claim"), None, b"").ok();
    let newcomer = newcomer.token.to_string();
    assert_eq!(send(&server, &path, &member, b"one").status, 204);
    assert_eq!(send(&server, &path, &newcomer, b"two").status, 204);
    assert_eq!(send(&server, &path, &member, b"three").status, 204);
    assert_eq!(read(&server, &path, &newcomer, 0), [b"one".to_vec(), b"three".to_vec()]);
    assert_eq!(read(&server, &path, &newcomer, 1), [b"three".to_vec()]);
    assert_eq!(read(&server, &path, &member, 0), [b"two".to_vec()]);
    assert_eq!(server.client.delete(&path, Some(&newcomer)).status, 204);
    assert_eq!(server.client.get(&format!("{path}/messages"), Some(&member)).problem(), Problem::MailboxGone);
}

#[test]
fn only_a_member_opens_a_mailbox() {
    let server = TestServer::start();
    let (account, _) = server.account(1);
    let (_, others) = server.account(2);
    for token in [None, Some(others.as_str())] {
        let answer = server.client.post_bytes(&account.path("mailboxes"), token, b"");
        assert_eq!(answer.problem(), Problem::Unauthorized);
    }
}

#[test]
fn an_account_has_a_few_mailboxes_and_the_oldest_give_way() {
    let server = TestServer::start_with(|config| config.limits.mailboxes = 2);
    let opened: Vec<_> = (0..3).map(|_| open(&server)).collect();
    let statuses =
        opened.iter().map(|(path, token)| server.client.get(&format!("{path}/messages"), Some(token)).status);
    assert_eq!(statuses.collect::<Vec<_>>(), [410, 200, 200]);
}

#[test]
fn the_second_newcomer_is_turned_away() {
    let server = TestServer::start();
    let (path, _) = open(&server);
    let _: MailboxClaimed = server.client.post_bytes(&format!("{path}/claim"), None, b"").ok();
    assert_eq!(server.client.post_bytes(&format!("{path}/claim"), None, b"").problem(), Problem::MailboxGone);
}

#[test]
fn without_its_token_a_mailbox_is_shut() {
    let server = TestServer::start();
    let (path, _) = open(&server);
    let (_, others) = open(&server);
    let message = MailboxMessage { body: b"x".to_vec() };
    for (token, problem) in [(None, Problem::Unauthorized), (Some(others.as_str()), Problem::MailboxGone)] {
        assert_eq!(server.client.get(&format!("{path}/messages"), token).problem(), problem);
        assert_eq!(server.client.post(&format!("{path}/messages"), token, &message).problem(), problem);
        assert_eq!(server.client.delete(&path, token).problem(), problem);
    }
}

#[test]
fn a_mailbox_takes_sixteen_messages_of_a_bounded_size() {
    let server = TestServer::start();
    let (path, member) = open(&server);
    let longest = vec![7; limits::MAILBOX_MESSAGE_BYTES];
    assert_eq!(send(&server, &path, &member, &[longest.as_slice(), b"x"].concat()).problem(), Problem::TooLarge);
    for _ in 0..limits::MAILBOX_MESSAGES {
        assert_eq!(send(&server, &path, &member, b"x").status, 204);
    }
    assert_eq!(send(&server, &path, &member, b"x").problem(), Problem::MailboxGone);
    let (path, member) = open(&server);
    for _ in 0..limits::MAILBOX_BYTES / limits::MAILBOX_MESSAGE_BYTES {
        assert_eq!(send(&server, &path, &member, &longest).status, 204);
    }
    assert_eq!(send(&server, &path, &member, b"x").problem(), Problem::MailboxGone);
}

#[test]
fn an_address_that_tries_numbers_is_soon_slowed() {
    let server = TestServer::start_with(|config| {
        config.limits.mailbox_burst = 20;
        config.limits.mailboxes_per_minute = 1;
    });
    let claim = |number: u32| server.client.post_bytes(&format!("/v1/mailboxes/{number}/claim"), None, b"").problem();
    let tried = (10_001..).take_while(|&number| claim(number) == Problem::MailboxGone).count();
    assert_eq!(tried, 4, "each miss counts for five");
}

#[test]
fn a_message_beyond_the_rate_is_refused_before_its_body_is_read() {
    let server = TestServer::start_with(|config| config.limits.message_burst = 1);
    let (path, member) = open(&server);
    assert_eq!(send(&server, &path, &member, b"x").status, 204);
    let malformed = server.client.post_bytes(&format!("{path}/messages"), Some(&member), b"no message");
    assert_eq!(malformed.problem(), Problem::RateLimited);
}

#[test]
fn numbers_that_name_no_mailbox_are_gone_or_malformed() {
    let server = TestServer::start();
    for (number, problem) in [
        ("77", Problem::MailboxGone),
        ("4294967295", Problem::MailboxGone),
        ("4294967296", Problem::BadRequest),
        ("-1", Problem::BadRequest),
        ("x", Problem::BadRequest),
    ] {
        let path = format!("/v1/mailboxes/{number}/claim");
        assert_eq!(server.client.post_bytes(&path, None, b"").problem(), problem, "{number}");
    }
}

#[test]
fn an_address_cannot_open_or_guess_mailboxes_without_end() {
    let server = TestServer::start_with(|config| config.limits.mailbox_burst = 3);
    open(&server);
    open(&server);
    assert_eq!(server.client.post_bytes("/v1/mailboxes/1/claim", None, b"").status % 10, 0);
    assert_eq!(server.client.post_bytes("/v1/mailboxes/2/claim", None, b"").problem(), Problem::RateLimited);
    let (account, session) = server.account(1);
    assert_eq!(
        server.client.post_bytes(&account.path("mailboxes"), Some(&session), b"").problem(),
        Problem::RateLimited
    );
}

fn open(server: &TestServer) -> (String, String) {
    let (account, session) = server.account(1);
    let opened: MailboxOpened = server.client.post_bytes(&account.path("mailboxes"), Some(&session), b"").ok();
    assert!((1..limits::MAILBOX_NUMBERS).contains(&opened.number));
    (format!("/v1/mailboxes/{}", opened.number), opened.token.to_string())
}

fn send(server: &TestServer, path: &str, token: &str, body: &[u8]) -> crate::http::Answer {
    server.client.post(&format!("{path}/messages"), Some(token), &MailboxMessage { body: body.to_vec() })
}

fn read(server: &TestServer, path: &str, token: &str, after: u64) -> Vec<Vec<u8>> {
    let messages: MailboxMessages = server.client.get(&format!("{path}/messages?after={after}"), Some(token)).ok();
    messages.messages.into_iter().map(|message| message.body).collect()
}
