#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use roamkey_proto::{AccountId, DecodeError, Label, Nonce, SessionProof, VERSION, cbor, limits};

use super::{UnverifiedProof, sign};
use crate::{SignatureError, fixture::Device, sign1};

fn proof(device: &Device) -> SessionProof {
    SessionProof {
        version: VERSION,
        origin: "https://sync.example".into(),
        account: AccountId::new([1; 32]),
        member: device.id,
        challenge: Nonce::new([2; 32]),
    }
}

#[test]
fn a_proof_verifies_by_the_write_key_alone() {
    let (a, b) = (Device::new(1), Device::new(2));
    let unverified = UnverifiedProof::parse(&sign(&proof(&a), &a.write)).unwrap();
    assert_eq!(unverified.claims(), &proof(&a));
    assert_eq!(unverified.clone().verify(&b.keys.write), Err(SignatureError.into()));
    assert_eq!(unverified.verify(&a.keys.write), Ok(proof(&a)));
}

#[test]
fn a_proof_names_its_signer() {
    let (a, b) = (Device::new(1), Device::new(2));
    let bytes = sign1::sign_by_write(Label::Session, *b.id.as_bytes(), cbor::encode(&proof(&a)), &a.write);
    assert_eq!(UnverifiedProof::parse(&bytes).unwrap().verify(&a.keys.write), Err(SignatureError.into()));
}

#[test]
fn a_signature_of_another_purpose_is_no_proof() {
    let a = Device::new(1);
    let bytes = sign1::sign_by_write(Label::Commit, *a.id.as_bytes(), cbor::encode(&proof(&a)), &a.write);
    assert_eq!(UnverifiedProof::parse(&bytes).unwrap().verify(&a.keys.write), Err(SignatureError.into()));
}

#[test]
fn a_long_origin_is_refused() {
    let a = Device::new(1);
    let long = SessionProof { origin: "x".repeat(limits::ORIGIN_BYTES + 1), ..proof(&a) };
    let error = UnverifiedProof::parse(&sign(&long, &a.write)).unwrap_err();
    assert_eq!(error, DecodeError::TooLong { limit: limits::ORIGIN_BYTES });
}

#[test]
fn a_newer_proof_asks_for_an_update() {
    let a = Device::new(1);
    let version = VERSION + 1;
    let error = UnverifiedProof::parse(&sign(&SessionProof { version, ..proof(&a) }, &a.write)).unwrap_err();
    assert_eq!(error, DecodeError::UpdateNeeded { version });
}
