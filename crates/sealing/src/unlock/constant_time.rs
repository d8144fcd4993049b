use roamkey_taint::{taint, untaint};

use super::*;

#[test]
fn local_keys_are_compared() {
    let secret = [7; 32];
    taint(&secret);
    assert!(untaint(LocalKey::from_bytes(&secret) == LocalKey::from_bytes(&[7; 32])));
    assert!(!untaint(LocalKey::from_bytes(&secret) == LocalKey::from_bytes(&[8; 32])));
}
