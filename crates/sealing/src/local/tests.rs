#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
use super::*;
use crate::primitives::testing::rng;

const PLACE: &[u8] = b"place";

fn key() -> LocalKey {
    LocalKey::from_bytes(&[1; 32])
}

#[test]
fn what_rests_opens_again() {
    let sealed = key().seal(Purpose::Pending, PLACE, b"operation", &mut rng());
    assert_eq!(*key().open(Purpose::Pending, PLACE, &sealed).unwrap(), b"operation");
}

#[test]
fn a_blob_in_anothers_place_does_not_open() {
    let sealed = key().seal(Purpose::Pending, PLACE, b"operation", &mut rng());
    assert_eq!(key().open(Purpose::Outbox, PLACE, &sealed), Err(OpenLocalError));
    assert_eq!(key().open(Purpose::Pending, b"another", &sealed), Err(OpenLocalError));
}

#[test]
fn another_devices_key_does_not_open_it() {
    let sealed = key().seal(Purpose::Pending, PLACE, b"operation", &mut rng());
    assert_eq!(LocalKey::from_bytes(&[2; 32]).open(Purpose::Pending, PLACE, &sealed), Err(OpenLocalError));
}

#[test]
fn every_byte_at_rest_is_bound() {
    let sealed = key().seal(Purpose::Cache, PLACE, b"cache", &mut rng());
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        *changed.get_mut(at).unwrap() ^= 1;
        assert_eq!(key().open(Purpose::Cache, PLACE, &changed), Err(OpenLocalError), "byte {at}");
        assert_eq!(key().open(Purpose::Cache, PLACE, sealed.get(..at).unwrap()), Err(OpenLocalError));
    }
}

#[test]
fn an_epoch_key_rests_as_that_of_its_account_and_number() {
    let account = AccountId::new([3; 32]);
    let epoch = EpochKey::new(account, 7, &[4; 32]);
    let sealed = key().seal_epoch_key(&epoch, &mut rng());
    assert_eq!(key().open_epoch_key(account, 7, &sealed).unwrap(), epoch);
    assert_eq!(key().open_epoch_key(account, 8, &sealed), Err(OpenLocalError));
    assert_eq!(key().open_epoch_key(AccountId::new([5; 32]), 7, &sealed), Err(OpenLocalError));
}

#[test]
fn the_index_depends_on_key_kind_and_bytes() {
    let entry = key().index(1, b"example.com");
    assert_eq!(entry, key().index(1, b"example.com"));
    assert_ne!(entry, key().index(2, b"example.com"));
    assert_ne!(entry, key().index(1, b"example.org"));
    assert_ne!(entry, LocalKey::from_bytes(&[2; 32]).index(1, b"example.com"));
}

#[test]
fn a_generator_that_repeats_itself_repeats_no_salt() {
    let salt = |plaintext: &[u8]| key().seal(Purpose::Cache, PLACE, plaintext, &mut rng()).get(..32).unwrap().to_vec();
    assert_ne!(salt(b"one"), salt(b"two"));
}

#[test]
fn a_local_key_does_not_show_when_printed() {
    assert_eq!(format!("{:?}", key()), "LocalKey(redacted)");
}
