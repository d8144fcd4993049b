//! Identifiers as text, and as hashes.

use std::collections::BTreeSet;

use super::sample::{Sample, Source};
use crate::{problem::Problem, *};

macro_rules! for_each_id {
    ($test:ident) => {
        $test!(
            AccountId,
            DeviceId,
            EntryId,
            CommitId,
            HeaderHash,
            WrapHash,
            RecordHash,
            MerkleRoot,
            ItemId,
            Nonce,
            SessionToken,
            MailboxToken,
            InvitationToken
        )
    };
}

#[test]
fn every_id_reads_what_it_writes() {
    macro_rules! test {
        ($($name:ident),+) => {$(
            let id = $name::sample(&mut Source(3));
            let text = id.to_string();
            assert_eq!(text.len(), 2 * $name::LEN);
            assert_eq!(text.parse(), Ok(id));
            assert_eq!($name::try_from(&id.as_bytes()[..]), Ok(id));
        )+};
    }
    for_each_id!(test);
}

#[test]
fn every_id_refuses_other_spellings() {
    macro_rules! test {
        ($($name:ident),+) => {$(
            let text = "ab".repeat($name::LEN);
            let other = |text: &str| text.parse::<$name>().unwrap_err();
            assert_eq!(other(&text.to_uppercase()), IdError::Hex);
            assert_eq!(other(&text.replacen('a', "g", 1)), IdError::Hex);
            assert_eq!(other(&text[2..]), IdError::Length);
            assert_eq!(other(&text[1..]), IdError::Length);
            assert_eq!(other(&format!("{text}ab")), IdError::Length);
            assert_eq!(other(""), IdError::Length);
            assert_eq!($name::try_from(&[0; $name::LEN + 1][..]), Err(IdError::Length));
            assert_eq!($name::try_from(&[0; $name::LEN - 1][..]), Err(IdError::Length));
        )+};
    }
    for_each_id!(test);
}

#[test]
fn tokens_are_not_printed_for_debugging() {
    let (session, mailbox) = (SessionToken::new([0xab; 32]), MailboxToken::new([0xab; 32]));
    assert_eq!(format!("{:?}", InvitationToken::new([0xab; 16])), "InvitationToken(redacted)");
    assert_eq!(format!("{session:?} {mailbox:?}"), "SessionToken(redacted) MailboxToken(redacted)");
}

#[test]
fn every_label_has_a_tag_of_its_own() {
    let tags: BTreeSet<_> = Label::ALL.iter().map(|label| label.tag()).collect();
    assert_eq!(tags.len(), Label::ALL.len());
    assert!(tags.iter().all(|tag| tag.starts_with("roamkey/1/") && tag.is_ascii() && tag.len() < 256));
}

#[test]
fn a_device_is_named_by_each_of_its_keys() {
    let keys = DeviceKeys::sample(&mut Source(1));
    let other = DeviceKeys::sample(&mut Source(2));
    for changed in [
        DeviceKeys { identity: other.identity.clone(), ..keys.clone() },
        DeviceKeys { write: other.write.clone(), ..keys.clone() },
        DeviceKeys { kem: other.kem.clone(), ..keys.clone() },
    ] {
        assert_ne!(changed.device_id(), keys.device_id());
    }
}

#[test]
fn an_account_is_named_by_its_salt_as_well() {
    let genesis = Genesis::sample(&mut Source(1));
    let salted = Genesis { salt: [0; 32], ..genesis.clone() };
    assert_ne!(genesis.account_id(), salted.account_id());
}

#[test]
fn every_problem_is_found_by_its_kind() {
    for problem in Problem::ALL {
        assert_eq!(Problem::from_kind(problem.kind()), Some(problem));
        assert!((400..600).contains(&problem.status()));
    }
    assert_eq!(Problem::from_kind("about:blank"), None);
}

#[test]
fn a_time_never_wraps() {
    assert_eq!(Time(u64::MAX).plus_millis(1), Time(u64::MAX));
    assert_eq!((Time(5).millis_since(Time(3)), Time(3).millis_since(Time(5))), (2, 0));
}
