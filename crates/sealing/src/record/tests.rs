#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
use roamkey_proto::{AccountId, DecodeError};

use super::*;
use crate::primitives::testing::rng;

const ACCOUNT: AccountId = AccountId::new([1; 32]);
const ITEM: ItemId = ItemId::new([2; 16]);
const BODY: &[u8] = b"a body of no special kind";

fn key() -> EpochKey {
    EpochKey::new(ACCOUNT, 1, &[3; 32])
}

fn hedge() -> HedgeKey {
    HedgeKey::from_bytes(&[4; 32])
}

fn sealed() -> Record {
    seal(&key(), &hedge(), ITEM, 5, BODY, &mut rng()).unwrap()
}

#[test]
fn a_record_opens_to_its_body() {
    let record = sealed();
    assert_eq!(*open(&key(), ITEM, &record).unwrap(), BODY);
    assert_eq!(record.header.revision, 5);
    let carried = Record::from_bytes(&record.to_bytes()).unwrap();
    assert_eq!(*open(&key(), ITEM, &carried).unwrap(), BODY);
}

#[test]
fn every_single_bit_is_bound() {
    let bytes = sealed().to_bytes();
    for at in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        *flipped.get_mut(at / 8).unwrap() ^= 1 << (at % 8);
        // A header that is no header any more does not even parse.
        if let Ok(record) = Record::from_bytes(&flipped) {
            assert_eq!(open(&key(), ITEM, &record).unwrap_err(), OpenRecordError, "bit {at}");
        }
    }
}

#[test]
fn a_truncated_or_lengthened_record_is_refused() {
    let bytes = sealed().to_bytes();
    for length in 0..bytes.len() {
        if let Ok(record) = Record::from_bytes(bytes.get(..length).unwrap()) {
            assert_eq!(open(&key(), ITEM, &record).unwrap_err(), OpenRecordError);
        }
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(open(&key(), ITEM, &Record::from_bytes(&longer).unwrap()).is_err());
}

#[test]
fn a_record_moved_to_another_item_is_refused() {
    let another = ItemId::new([9; 16]);
    assert!(open(&key(), another, &sealed()).is_err());
    let mut relabelled = sealed();
    relabelled.header.item = another;
    assert!(open(&key(), another, &relabelled).is_err());
    assert!(open(&key(), ITEM, &relabelled).is_err());
}

#[test]
fn a_record_moved_to_another_account_is_refused() {
    let theirs = EpochKey::new(AccountId::new([9; 32]), 1, key().secret());
    let mut moved = sealed();
    assert!(open(&theirs, ITEM, &moved).is_err());
    moved.header.account = theirs.account();
    assert!(open(&theirs, ITEM, &moved).is_err());
}

#[test]
fn a_record_relabelled_to_another_epoch_is_refused() {
    let next = EpochKey::new(ACCOUNT, 2, key().secret());
    let mut moved = sealed();
    assert!(open(&next, ITEM, &moved).is_err());
    moved.header.epoch = 2;
    assert!(open(&next, ITEM, &moved).is_err());
}

#[test]
fn a_record_with_another_revision_is_refused() {
    let mut newer = sealed();
    newer.header.revision += 1;
    assert!(open(&key(), ITEM, &newer).is_err());
}

#[test]
fn an_unknown_suite_or_version_is_refused() {
    let mut record = sealed();
    record.header.suite = 2;
    assert!(open(&key(), ITEM, &record).is_err());
    let mut record = sealed();
    record.header.version = 2;
    assert!(open(&key(), ITEM, &record).is_err());
    assert_eq!(Record::from_bytes(&record.to_bytes()), Err(DecodeError::UpdateNeeded { version: 2 }));
}

#[test]
fn a_ciphertext_that_opens_under_the_key_is_refused_without_the_commitment() {
    let mut record = sealed();
    record.commitment = [0; 32];
    let once = single_use_key(&key(), &record.salt, &encode(&record.header));
    assert!(once.open(&encode(&record.header), &record.ciphertext).is_some(), "the cipher alone would take it");
    assert!(open(&key(), ITEM, &record).is_err());
}

#[test]
fn a_body_with_another_padding_is_refused() {
    let mut record = sealed();
    let header = encode(&record.header);
    let seal = |padded: &[u8]| single_use_key(&key(), &record.salt, &header).seal(&header, padded);
    let mut padded = BODY.to_vec();
    padded.push(0x80);
    let bare = seal(&padded);
    padded.resize(512, 0);
    let bucket_too_large = seal(&padded);
    for ciphertext in [bare, bucket_too_large, seal(&[0; 256])] {
        record.ciphertext = ciphertext;
        assert_eq!(open(&key(), ITEM, &record).unwrap_err(), OpenRecordError);
    }
}

#[test]
fn records_within_a_bucket_have_one_length() {
    let length = |body: usize| seal(&key(), &hedge(), ITEM, 1, &vec![7; body], &mut rng()).unwrap().to_bytes().len();
    assert_eq!(length(0), length(255));
    assert_eq!(length(256), length(511));
    assert_ne!(length(255), length(256));
}

#[test]
fn the_longest_body_fits_a_record_and_a_longer_one_none() {
    let body = vec![7; BODY_BYTES + 1];
    assert!(matches!(seal(&key(), &hedge(), ITEM, 1, &body, &mut rng()), Err(BodyTooLong)));
    let record = seal(&key(), &hedge(), ITEM, 1, body.get(1..).unwrap(), &mut rng()).unwrap();
    assert!(Record::from_bytes(&record.to_bytes()).is_ok());
}

#[test]
fn a_generator_that_repeats_itself_repeats_no_key() {
    let seal = |revision, body: &[u8], hedge: &HedgeKey| seal(&key(), hedge, ITEM, revision, body, &mut rng()).unwrap();
    let record = seal(1, b"one", &hedge());
    assert_ne!(record.salt, seal(1, b"two", &hedge()).salt, "another body");
    assert_ne!(record.salt, seal(2, b"one", &hedge()).salt, "another header");
    assert_ne!(record.salt, seal(1, b"one", &HedgeKey::from_bytes(&[9; 32])).salt, "another device");
}

#[test]
fn a_record_that_a_member_sealed_under_an_unknown_suite_is_refused() {
    for (version, suite) in [(VERSION, SUITE + 1), (VERSION + 1, SUITE), (VERSION, 0)] {
        let header = RecordHeader { version, suite, ..sealed().header };
        let (bytes, salt) = (encode(&header), [1; 32]);
        let once = single_use_key(&key(), &salt, &bytes);
        let commitment = *once.commitment();
        let ciphertext = once.seal(&bytes, &padding::pad(b"body").unwrap());
        let record = Record { header, salt, commitment, ciphertext };
        assert_eq!(open(&key(), ITEM, &record).unwrap_err(), OpenRecordError);
    }
}
