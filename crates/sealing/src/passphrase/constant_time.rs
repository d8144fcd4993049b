use roamkey_taint::{taint, untaint};

use super::*;

/// From where the stretch ends on: Argon2id itself reads memory by the passphrase from its second half on, by design.
#[test]
fn what_a_passphrase_comes_to_is_compared() {
    let stretched = [7; 32];
    let sealed = |commitment| Sealed {
        version: VERSION,
        stretch: Stretch::Argon2id64MiB,
        salt: [1; 32],
        commitment,
        text: Vec::new(),
    };
    let right = *sealed([0; 32]).single_use_key(Label::Unlock, &stretched).0.commitment();
    taint(&stretched);
    for (commitment, is_right) in [(right, true), ([0; 32], false)] {
        assert_eq!(untaint(sealed(commitment).single_use_key(Label::Unlock, &stretched).1), is_right);
    }
}
