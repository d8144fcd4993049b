#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
use roamkey_proto::DecodeError;

use super::*;
use crate::primitives::testing::rng;

fn passphrase(typed: &str) -> Passphrase {
    Passphrase::new(typed).unwrap()
}

fn locked() -> Vec<u8> {
    let local = LocalKey::from_bytes(&[1; 32]);
    seal_local_key(&local, &passphrase("correct horse"), Stretch::Argon2id64MiB, &mut rng())
}

#[test]
fn the_passphrase_releases_the_local_key_and_another_does_not() {
    let blob = locked();
    assert_eq!(open_local_key(&blob, &passphrase("correct horse")).unwrap(), LocalKey::from_bytes(&[1; 32]));
    assert_eq!(open_local_key(&blob, &passphrase("correct house")).unwrap_err(), UnlockError::WrongPassphrase);
}

#[test]
fn the_stretch_is_argon2id_with_64_mib_and_three_passes_whatever_lies_beside_it() {
    for salt in [[0; 32], [1; 32], [0xff; 32]] {
        let params = Params::new(64 * 1024, 3, 1, Some(32)).unwrap();
        let mut expected = [0; 32];
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon2.hash_password_into(b"correct horse", &salt, &mut expected).unwrap();
        assert_eq!(*stretched(&passphrase("correct horse"), Stretch::Argon2id64MiB, &salt), expected);
    }
}

#[test]
fn an_empty_passphrase_is_none() {
    assert_eq!(Passphrase::new("").unwrap_err(), PassphraseError::Empty);
    assert_eq!(Passphrase::new(&"a".repeat(PASSPHRASE_BYTES + 1)).unwrap_err(), PassphraseError::TooLong);
}

#[test]
fn a_letter_is_the_same_however_a_keyboard_spells_it() {
    let composed = passphrase("caf\u{e9}");
    assert_eq!(*composed.0, *passphrase("cafe\u{301}").0);
    assert_ne!(*composed.0, *passphrase("cafe").0);
}

#[test]
fn a_stretch_that_is_not_on_the_list_is_refused_before_any_work() {
    let mut blob = locked();
    // Key 1 of the map: the stretch.
    let at = blob.windows(2).position(|pair| pair == [1, 1]).unwrap() + 1;
    *blob.get_mut(at).unwrap() = 2;
    let result = open_local_key(&blob, &passphrase("correct horse"));
    assert_eq!(result.unwrap_err(), UnlockError::Blob(DecodeError::Malformed));
}

#[test]
fn a_changed_blob_does_not_unlock() {
    let mut blob = locked();
    *blob.last_mut().unwrap() ^= 1;
    assert_eq!(open_local_key(&blob, &passphrase("correct horse")).unwrap_err(), UnlockError::WrongPassphrase);
}

#[test]
fn a_blob_of_a_newer_version_says_so() {
    let mut blob = locked();
    *blob.get_mut(2).unwrap() = 2;
    let result = open_local_key(&blob, &passphrase("correct horse"));
    assert_eq!(result.unwrap_err(), UnlockError::Blob(DecodeError::UpdateNeeded { version: 2 }));
}

#[test]
fn a_passphrase_does_not_show_when_printed() {
    assert_eq!(format!("{:?}", passphrase("correct horse")), "Passphrase(redacted)");
}

/// What libargon2, the reference, makes of the same passphrase, salt and parameters.
#[test]
fn a_passphrase_is_stretched_as_the_reference_does() {
    let salt = core::array::from_fn(|i| u8::try_from(i).unwrap());
    let key = stretched(&passphrase("cafe\u{301}"), Stretch::Argon2id64MiB, &salt);
    assert_eq!(hex::encode(key.as_slice()), "daad432eb53b1b02dd2cc67af8de4f645d7a3546c1e21251b49f383d5a61bd5c");
}
