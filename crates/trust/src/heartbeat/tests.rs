use roamkey_proto::{AccountId, Commit, Heartbeat, Label, Pin, VERSION, cbor};

use super::{sign, verify};
use crate::{
    Log, Refusal, SignatureError, TrustError,
    fixture::{Device, NOW, commit, extend, fleet, pin, revoke},
    sign1::sign_by_write,
};

fn heartbeat(log: &Log, device: &Device) -> Heartbeat {
    Heartbeat {
        version: VERSION,
        account: log.account(),
        device: device.id,
        time: NOW,
        log: log.head(),
        vault: Pin::START,
        epoch: log.epoch(),
        log_receipt: None,
        vault_receipt: None,
    }
}

#[test]
fn a_member_says_where_it_is() {
    let (log, [_, two]) = fleet();
    let said = heartbeat(&log, &two);
    assert_eq!(verify(&sign(&said, &two.write), &log), Ok(said));
}

#[test]
fn nobody_speaks_for_another_device_or_account() {
    let (log, [one, two]) = fleet();
    let said = heartbeat(&log, &two);
    assert_eq!(verify(&sign(&said, &one.write), &log), Err(SignatureError.into()));
    let foreign = Heartbeat { account: AccountId::new([3; 32]), ..said.clone() };
    assert_eq!(verify(&sign(&foreign, &two.write), &log), Err(Refusal::ForeignAccount.into()));
    let stranger = Device::new(9);
    assert_eq!(verify(&sign(&heartbeat(&log, &stranger), &stranger.write), &log), Err(Refusal::Stranger.into()));
    let newer = Heartbeat { version: 2, ..said };
    assert_eq!(verify(&sign(&newer, &two.write), &log), Err(TrustError::UpdateNeeded { version: 2 }));
}

#[test]
fn a_signature_for_another_purpose_is_no_heartbeat() {
    let (log, [_, two]) = fleet();
    let said = heartbeat(&log, &two);
    let misused = sign_by_write(Label::Commit, *two.id.as_bytes(), cbor::encode(&said), &two.write);
    assert_eq!(verify(&misused, &log), Err(SignatureError.into()));
    let commit: Commit = commit(&log, &two, 1, roamkey_proto::CommitId::NONE);
    assert!(verify(&crate::commit::sign(&commit, &two.write), &log).is_err());
}

#[test]
fn a_revoked_device_is_heard_no_more() {
    let (mut log, [one, two]) = fleet();
    let said = sign(&heartbeat(&log, &two), &two.write);
    extend(revoke(&[two.id], &[]), &mut log, &one);
    assert_eq!(verify(&said, &log), Err(Refusal::NotActive(two.id).into()));
}

#[test]
fn the_key_of_the_place_signs_and_on_another_branch_any_that_it_had() {
    let (mut log, [_, two]) = fleet();
    let renewed = two.renewed(7);
    let before = log.head();
    extend(renewed.renews(&log), &mut log, &two);

    let now = heartbeat(&log, &two);
    assert_eq!(verify(&sign(&now, &two.write), &log), Err(SignatureError.into()));
    assert!(verify(&sign(&now, &renewed.write), &log).is_ok());
    let earlier = Heartbeat { log: pin(&log, before.seq), ..now.clone() };
    assert!(verify(&sign(&earlier, &two.write), &log).is_ok());

    let elsewhere = Heartbeat { log: Pin { seq: now.log.seq, id: [5; 32] }, ..now };
    assert!(verify(&sign(&elsewhere, &two.write), &log).is_ok());
    assert!(verify(&sign(&elsewhere, &renewed.write), &log).is_ok());
    assert_eq!(verify(&sign(&elsewhere, &Device::new(8).write), &log), Err(SignatureError.into()));
}
