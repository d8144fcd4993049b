#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use roamkey_proto::{AccountId, Chain, Label, Pin, Receipt, ReceiptKey, VERSION, cbor};

use super::{contradict, sign, verify};
use crate::{SignWrite as _, SignatureError, TrustError, WriteKey, sign1};

const RECEIPT: Receipt = Receipt {
    version: VERSION,
    account: AccountId::new([1; 32]),
    chain: Chain::Vault,
    pin: Pin { seq: 5, id: [2; 32] },
};

fn key() -> (WriteKey, ReceiptKey) {
    let key = WriteKey::from_bytes(&[3; 32]);
    let public = ReceiptKey(*key.public().as_bytes());
    (key, public)
}

#[test]
fn a_receipt_verifies_by_the_pinned_key_alone() {
    let (key, public) = key();
    let bytes = sign(&RECEIPT, &key);
    assert_eq!(verify(&bytes, &public), Ok(RECEIPT));
    let other = ReceiptKey(*WriteKey::from_bytes(&[4; 32]).public().as_bytes());
    assert_eq!(verify(&bytes, &other), Err(SignatureError.into()));
}

#[test]
fn a_signature_of_another_purpose_is_no_receipt() {
    let (key, public) = key();
    let bytes = sign1::sign_by_write(Label::Session, public.0, cbor::encode(&RECEIPT), &key);
    assert_eq!(verify(&bytes, &public), Err(SignatureError.into()));
}

#[test]
fn a_newer_receipt_asks_for_an_update() {
    let (key, public) = key();
    let version = VERSION + 1;
    let bytes = sign(&Receipt { version, ..RECEIPT }, &key);
    assert_eq!(verify(&bytes, &public).unwrap_err(), TrustError::UpdateNeeded { version });
}

#[test]
fn two_receipts_for_one_place_contradict() {
    // Attack 17: proof that the server showed two histories.
    let elsewhere = |bend: fn(&mut Receipt)| {
        let mut other = RECEIPT;
        bend(&mut other);
        contradict(&RECEIPT, &other)
    };
    assert!(elsewhere(|r| r.pin.id = [9; 32]));
    assert!(!elsewhere(|_| {}));
    assert!(!elsewhere(|r| (r.pin.seq, r.pin.id) = (6, [9; 32])));
    assert!(!elsewhere(|r| (r.chain, r.pin.id) = (Chain::Log, [9; 32])));
    assert!(!elsewhere(|r| (r.account, r.pin.id) = (AccountId::new([7; 32]), [9; 32])));
}
