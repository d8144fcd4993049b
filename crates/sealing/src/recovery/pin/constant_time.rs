use roamkey_taint::{taint, untaint};

use super::share::{Share, combine};

/// From the unmasked shares on: nothing of them decides where memory is read, or which way is taken.
#[test]
fn shares_become_a_secret() {
    let (one, two) = ([7; 32], [9; 32]);
    taint(&one);
    taint(&two);
    let secret = combine(&[Share::from_bytes(1, one), Share::from_bytes(2, two)], 2).expect("two shares of two");
    let same = combine(&[Share::from_bytes(2, two), Share::from_bytes(1, one)], 2).expect("two shares of two");
    assert!(untaint(bool::from(subtle::ConstantTimeEq::ct_eq(secret.bytes().as_slice(), same.bytes().as_slice()))));
}
