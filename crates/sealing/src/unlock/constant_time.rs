use roamkey_taint::{taint, untaint};

use super::*;

/// From where the stretch ends on: Argon2id itself reads memory by the passphrase from its second half on, by design.
#[test]
fn what_a_passphrase_comes_to_is_compared() {
    let stretched = [7; 32];
    let locked = |commitment| Locked {
        version: VERSION,
        stretch: Stretch::Argon2id64MiB,
        salt: [1; 32],
        commitment,
        key: Vec::new(),
    };
    let right = *locked([0; 32]).single_use_key(&stretched).0.commitment();
    taint(&stretched);
    for (commitment, is_right) in [(right, true), ([0; 32], false)] {
        assert_eq!(untaint(locked(commitment).single_use_key(&stretched).1), is_right);
    }
}

#[test]
fn local_keys_are_compared() {
    let secret = [7; 32];
    taint(&secret);
    assert!(untaint(LocalKey::from_bytes(&secret) == LocalKey::from_bytes(&[7; 32])));
    assert!(!untaint(LocalKey::from_bytes(&secret) == LocalKey::from_bytes(&[8; 32])));
}
