//! Claims on what is not a chain: secrets, sessions, holds, mailboxes.

#![expect(clippy::unwrap_used, reason = "claims fail by panicking")]

use roamkey_proto::Time;

use super::objects::*;
use crate::{Claimed, Hold, MailboxOpening, MailboxSend, Opened, Sent, ServerSecrets, Store};

/// A second instance gets the secrets of the first.
pub async fn the_first_secrets_stay(store: &dyn Store) {
    let secrets = |byte| ServerSecrets { receipt_seed: [byte; 32], challenge_key: [byte + 1; 32] };
    assert_eq!(store.identity(secrets(1)).await.unwrap(), secrets(1));
    assert_eq!(store.identity(secrets(5)).await.unwrap(), secrets(1));
}

/// A session is found with the state of its account, and not after its time.
pub async fn a_session_admits_until_it_expires(store: &dyn Store) {
    let heads = open_account(store, account(1)).await;
    assert_eq!(store.open(session(account(1), 1, 100)).await.unwrap(), Opened::Yes);
    let admission = store.admit(account(1), token(1), Time(99)).await.unwrap().unwrap();
    assert_eq!((admission.account, admission.member, admission.heads), (account(1), device(1), heads));
    assert_eq!(admission.expires, Time(100));
    assert_eq!(store.admit(account(1), token(1), Time(100)).await.unwrap(), None);
    assert_eq!(store.admit(account(1), token(2), Time(1)).await.unwrap(), None);
    assert_eq!(store.admit(account(2), token(1), Time(1)).await.unwrap(), None);
}

/// A replayed proof opens nothing.
pub async fn a_challenge_opens_one_session(store: &dyn Store) {
    open_account(store, account(1)).await;
    assert_eq!(store.open(session(account(1), 1, 100)).await.unwrap(), Opened::Yes);
    let mut replayed = session(account(1), 2, 100);
    replayed.challenge = session(account(1), 1, 100).challenge;
    assert_eq!(store.open(replayed).await.unwrap(), Opened::ChallengeSpent);
    assert_eq!(store.admit(account(1), token(2), Time(1)).await.unwrap(), None);
}

/// Sessions that nobody closes do not pile up.
pub async fn the_oldest_sessions_of_a_device_give_way(store: &dyn Store) {
    open_account(store, account(1)).await;
    for number in 1..=5 {
        store.open(session(account(1), number, 100 + u64::from(number))).await.unwrap();
    }
    for number in 1..=5 {
        let admitted = store.admit(account(1), token(number), Time(1)).await.unwrap().is_some();
        assert_eq!(admitted, number > 2, "session {number}");
    }
}

/// A hold comes with the admission of every device of the account.
pub async fn a_hold_is_seen_until_it_is_over(store: &dyn Store) {
    open_account(store, account(1)).await;
    store.open(session(account(1), 1, 100)).await.unwrap();
    let hold = Hold { device: device(2), until: Time(20) };
    store.hold(account(1), hold, Time(10), Time(0)).await.unwrap();
    assert_eq!(store.admit(account(1), token(1), Time(19)).await.unwrap().unwrap().holds, [hold]);
    assert!(store.admit(account(1), token(1), Time(20)).await.unwrap().unwrap().holds.is_empty());
}

/// A second hold of a device waits; one of another device does not.
pub async fn a_device_does_not_hold_again_and_again(store: &dyn Store) {
    open_account(store, account(1)).await;
    store.open(session(account(1), 1, 1_000)).await.unwrap();
    let hold = |number, until| Hold { device: device(number), until: Time(until) };
    store.hold(account(1), hold(1, 20), Time(10), Time(0)).await.unwrap();
    store.hold(account(1), hold(1, 35), Time(25), Time(5)).await.unwrap();
    assert!(store.admit(account(1), token(1), Time(30)).await.unwrap().unwrap().holds.is_empty());
    store.hold(account(1), hold(2, 35), Time(25), Time(5)).await.unwrap();
    assert_eq!(store.admit(account(1), token(1), Time(30)).await.unwrap().unwrap().holds, [hold(2, 35)]);
    store.hold(account(1), hold(1, 90), Time(80), Time(60)).await.unwrap();
    assert_eq!(store.admit(account(1), token(1), Time(85)).await.unwrap().unwrap().holds, [hold(1, 90)]);
}

/// Each side reads what the other left, numbered from 1.
pub async fn a_mailbox_joins_two_sides(store: &dyn Store) {
    open_account(store, account(1)).await;
    assert_eq!(store.open_mailbox(opening(&[5], 0)).await.unwrap(), Some(5));
    let read = |side, after| store.messages(5, token(side), after, Time(1));
    assert!(!read(1, 0).await.unwrap().unwrap().claimed);
    assert_eq!(store.claim_mailbox(5, token(2), Time(1)).await.unwrap(), Claimed::Yes);
    for body in [b"a", b"b"] {
        assert_eq!(store.send(message(1, body, 10)).await.unwrap(), Sent::Yes);
    }
    let at_newcomer = read(2, 0).await.unwrap().unwrap();
    assert!(at_newcomer.claimed);
    assert_eq!(bodies(&at_newcomer.messages), [b"a", b"b"]);
    assert_eq!(bodies(&read(2, 1).await.unwrap().unwrap().messages), [b"b"]);
    assert!(read(1, 0).await.unwrap().unwrap().messages.is_empty());
    assert!(store.close_mailbox(5, token(2), Time(1)).await.unwrap());
    assert_eq!(read(1, 0).await.unwrap(), None);
}

/// The second newcomer is turned away.
pub async fn a_mailbox_is_claimed_once(store: &dyn Store) {
    open_account(store, account(1)).await;
    store.open_mailbox(opening(&[5], 0)).await.unwrap();
    assert_eq!(store.claim_mailbox(6, token(2), Time(1)).await.unwrap(), Claimed::Gone);
    assert_eq!(store.claim_mailbox(5, token(2), Time(1)).await.unwrap(), Claimed::Yes);
    assert_eq!(store.claim_mailbox(5, token(3), Time(1)).await.unwrap(), Claimed::Gone);
    assert_eq!(store.messages(5, token(3), 0, Time(1)).await.unwrap(), None);
}

/// Both directions count.
pub async fn a_full_mailbox_takes_no_more(store: &dyn Store) {
    open_account(store, account(1)).await;
    store.open_mailbox(opening(&[5], 0)).await.unwrap();
    store.claim_mailbox(5, token(2), Time(1)).await.unwrap();
    assert_eq!(store.send(message(1, b"a", 2)).await.unwrap(), Sent::Yes);
    assert_eq!(store.send(message(2, b"b", 2)).await.unwrap(), Sent::Yes);
    assert_eq!(store.send(message(1, b"c", 2)).await.unwrap(), Sent::Full);
    assert_eq!(store.send(message(1, b"8 bytes.", 9)).await.unwrap(), Sent::Full);
    assert_eq!(store.send(message(1, b"7 bytes", 9)).await.unwrap(), Sent::Yes);
}

/// Only a side's token opens a mailbox.
pub async fn a_stranger_reads_writes_and_closes_no_mailbox(store: &dyn Store) {
    open_account(store, account(1)).await;
    store.open_mailbox(opening(&[5], 0)).await.unwrap();
    assert_eq!(store.messages(5, token(9), 0, Time(1)).await.unwrap(), None);
    assert_eq!(store.send(message(9, b"a", 9)).await.unwrap(), Sent::Gone);
    assert!(!store.close_mailbox(5, token(9), Time(1)).await.unwrap());
    assert!(store.messages(5, token(1), 0, Time(1)).await.unwrap().is_some());
}

/// A number is taken until its mailbox is over, and its messages do not reach the next one.
pub async fn a_mailbox_that_is_over_frees_its_number(store: &dyn Store) {
    open_account(store, account(1)).await;
    store.open_mailbox(opening(&[5], 0)).await.unwrap();
    store.send(message(1, b"a", 9)).await.unwrap();
    assert_eq!(store.open_mailbox(opening(&[5], 0)).await.unwrap(), None);
    assert_eq!(store.open_mailbox(opening(&[5, 6], 0)).await.unwrap(), Some(6));
    assert_eq!(store.messages(5, token(1), 0, Time(50)).await.unwrap(), None);
    assert_eq!(store.claim_mailbox(5, token(2), Time(50)).await.unwrap(), Claimed::Gone);
    assert_eq!(store.open_mailbox(opening(&[5], 50)).await.unwrap(), Some(5));
    assert_eq!(store.claim_mailbox(5, token(2), Time(51)).await.unwrap(), Claimed::Yes);
    assert!(store.messages(5, token(2), 0, Time(51)).await.unwrap().unwrap().messages.is_empty());
}

/// Who opens one mailbox after another gives up the oldest, and nobody else's.
pub async fn the_oldest_mailboxes_of_an_account_give_way(store: &dyn Store) {
    for number in [1, 2] {
        open_account(store, account(number)).await;
    }
    let others = MailboxOpening { account: account(2), ..opening(&[9], 0) };
    store.open_mailbox(others).await.unwrap();
    for number in 1..=6_u32 {
        assert_eq!(store.open_mailbox(opening(&[number], u64::from(number))).await.unwrap(), Some(number));
    }
    for number in (1..=6).chain([9]) {
        let is_open = store.messages(number, token(1), 0, Time(20)).await.unwrap().is_some();
        assert_eq!(is_open, number > 2, "mailbox {number}");
    }
}

/// A sweep frees what is over, and that only.
pub async fn a_sweep_leaves_what_is_alive(store: &dyn Store) {
    open_account(store, account(1)).await;
    store.open(session(account(1), 1, 10)).await.unwrap();
    store.open(session(account(1), 2, 100)).await.unwrap();
    store.open_mailbox(opening(&[5], 0)).await.unwrap();
    store.open_mailbox(opening(&[6], 20)).await.unwrap();
    store.sweep(Time(50)).await.unwrap();
    assert_eq!(store.admit(account(1), token(1), Time(1)).await.unwrap(), None);
    assert!(store.admit(account(1), token(2), Time(1)).await.unwrap().is_some());
    assert_eq!(store.messages(5, token(1), 0, Time(1)).await.unwrap(), None);
    assert!(store.messages(6, token(1), 0, Time(1)).await.unwrap().is_some());
    let replayed = session(account(1), 2, 100);
    assert_eq!(store.open(replayed).await.unwrap(), Opened::ChallengeSpent);
}

/// An open store with its secrets is ready.
pub async fn a_fresh_store_passes_its_check(store: &dyn Store) {
    store.identity(ServerSecrets { receipt_seed: [1; 32], challenge_key: [2; 32] }).await.unwrap();
    store.check().await.unwrap();
}

/// A mailbox whose member holds token 1, and that lives 50 ms.
fn opening(numbers: &[u32], now: u64) -> MailboxOpening {
    MailboxOpening {
        account: account(1),
        keep: 4,
        numbers: numbers.to_vec(),
        member: token(1),
        now: Time(now),
        expires: Time(now + 50),
    }
}

fn message(side: u8, body: &[u8], at_most: usize) -> MailboxSend {
    MailboxSend { number: 5, token: token(side), body: body.to_vec(), now: Time(1), at_most, at_most_bytes: 9 }
}

fn bodies(messages: &[roamkey_proto::api::MailboxMessage]) -> Vec<&[u8]> {
    messages.iter().map(|message| message.body.as_slice()).collect()
}
