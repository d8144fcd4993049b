#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
use super::*;

fn keys() -> ChannelKeys {
    let key = |byte| Zeroizing::new([byte; 32]);
    ChannelKeys { to_newcomer: key(1), to_member: key(2), emoji: key(3), transcript: [4; 32] }
}

fn pair() -> (Channel, Channel) {
    (Channel::new(keys(), Side::Member), Channel::new(keys(), Side::Newcomer))
}

#[test]
fn messages_arrive_in_both_directions() {
    let (mut member, mut newcomer) = pair();
    for text in [b"one", b"two"] {
        let there = member.seal(Kind::Welcome, text).unwrap();
        assert_eq!(*newcomer.open(Kind::Welcome, &there).unwrap(), text);
        let back = newcomer.seal(Kind::Enrolment, text).unwrap();
        assert_eq!(*member.open(Kind::Enrolment, &back).unwrap(), text);
    }
}

#[test]
fn a_replayed_message_is_refused() {
    let (mut member, mut newcomer) = pair();
    let message = member.seal(Kind::Welcome, b"one").unwrap();
    newcomer.open(Kind::Welcome, &message).unwrap();
    assert_eq!(newcomer.open(Kind::Welcome, &message), Err(PairingError::Message));
}

#[test]
fn a_message_left_out_is_noticed() {
    let (mut member, mut newcomer) = pair();
    member.seal(Kind::Welcome, b"one").unwrap();
    let second = member.seal(Kind::Welcome, b"two").unwrap();
    assert_eq!(newcomer.open(Kind::Welcome, &second), Err(PairingError::Message));
}

#[test]
fn a_message_sent_back_to_its_sender_is_refused() {
    let (mut member, _) = pair();
    let message = member.seal(Kind::Welcome, b"one").unwrap();
    assert_eq!(member.open(Kind::Welcome, &message), Err(PairingError::Message));
}

#[test]
fn a_message_does_not_pass_for_another_kind() {
    let (mut member, mut newcomer) = pair();
    let mut message = member.seal(Kind::Retry, b"one").unwrap();
    assert_eq!(newcomer.open(Kind::Added, &message), Err(PairingError::Message));
    let (_, mut newcomer) = pair();
    *message.first_mut().unwrap() = Kind::Added as u8;
    assert_eq!(newcomer.open(Kind::Added, &message), Err(PairingError::Message));
}

#[test]
fn a_message_of_another_run_is_refused() {
    let (mut member, _) = pair();
    let message = member.seal(Kind::Welcome, b"one").unwrap();
    let another = ChannelKeys { transcript: [9; 32], ..keys() };
    assert_eq!(Channel::new(another, Side::Newcomer).open(Kind::Welcome, &message), Err(PairingError::Message));
}

#[test]
fn a_message_over_the_mailbox_limit_is_not_made() {
    let (mut member, _) = pair();
    let long = vec![0; limits::MAILBOX_MESSAGE_BYTES - 16];
    assert_eq!(member.seal(Kind::Welcome, &long), Err(PairingError::TooLong));
    assert!(member.seal(Kind::Welcome, long.get(1..).unwrap()).is_ok());
}
