use roamkey_taint::{taint, untaint};

use super::*;

fn key(number: u64, secret: &[u8; 32]) -> EpochKey {
    EpochKey::new(AccountId::new([1; 32]), number, secret)
}

fn header() -> EpochHeader {
    EpochHeader {
        version: VERSION,
        account: AccountId::new([1; 32]),
        epoch: 2,
        seq: 2,
        prev: EntryId::new([1; 32]),
        commitment: [0; 32],
        base: None,
        previous: None,
        tie: Some(vec![0; 32]),
        recipients: Vec::new(),
    }
}

#[test]
fn the_commitment_of_an_epoch_is_compared() {
    let secret = [7; 32];
    let right = commitment(&key(2, &secret));
    taint(&secret);
    for (commitment, is_right) in [(right, true), ([0; 32], false)] {
        let header = EpochHeader { commitment, ..header() };
        assert_eq!(untaint(commits_to(&header, &key(2, &secret))), is_right);
    }
}

#[test]
fn the_tie_to_the_key_before_is_compared() {
    let secret = [7; 32];
    let right = tie(&key(1, &secret), &header());
    taint(&secret);
    for (tie, is_right) in [(right, true), ([0; 32], false)] {
        let header = EpochHeader { tie: Some(tie.to_vec()), ..header() };
        assert_eq!(untaint(is_tied(&header, &key(1, &secret))), is_right);
    }
}

#[test]
fn two_keys_of_an_epoch_are_compared() {
    let secret = [7; 32];
    taint(&secret);
    assert!(untaint(key(1, &secret) == key(1, &[7; 32])));
    assert!(!untaint(key(1, &secret) == key(1, &[8; 32])));
}
