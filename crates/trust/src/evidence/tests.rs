#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use roamkey_proto::{AccountId, Bundle, Chain, Evidence, EvidenceKind, Op, Pin, Receipt, ReceiptKey, VERSION, cbor};

use super::{EvidenceError, Verdict, judge, read};
use crate::{
    Log, Refusal, SignWrite as _, TrustError, WriteKey,
    fixture::{Device, NOW, extend, forge, founded, honest, revoke},
    receipt,
};

/// A log of three entries with its bundles, as a device keeps them.
fn story() -> (Log, Vec<Bundle>, [Device; 2]) {
    let (mut log, genesis, one) = founded();
    let two = Device::new(2);
    let bundles = vec![genesis, extend(two.joins(&log), &mut log, &one), extend(Op::Rotate, &mut log, &two)];
    let bundles = bundles.into_iter().map(|bundle| Bundle { wraps: Vec::new(), ..bundle }).collect();
    (log, bundles, [one, two])
}

fn server() -> WriteKey {
    WriteKey::from_bytes(&[3; 32])
}

fn said(account: AccountId, chain: Chain, seq: u64, id: u8, key: &WriteKey) -> Vec<u8> {
    receipt::sign(&Receipt { version: VERSION, account, chain, pin: Pin { seq, id: [id; 32] } }, key)
}

fn evidence(account: AccountId, bundles: &[Bundle]) -> Evidence {
    Evidence {
        version: VERSION,
        kind: EvidenceKind::Fork,
        account,
        entries: bundles.iter().map(|bundle| cbor::encode(bundle).into()).collect(),
        objects: Vec::new(),
        receipts: Vec::new(),
        receipt_key: ReceiptKey(*server().public().as_bytes()),
        seen: NOW,
        said: "two histories".to_owned(),
    }
}

#[test]
fn a_server_that_signed_two_histories_is_guilty() {
    let (log, bundles, _) = story();
    let account = log.account();
    let mut evidence = evidence(account, &bundles);
    let key = server();
    evidence.receipts =
        [said(account, Chain::Vault, 7, 1, &key), said(account, Chain::Vault, 7, 2, &key)].map(Into::into).to_vec();
    let guilty = Verdict::ServerEquivocated { chain: Chain::Vault, seq: 7, ids: [[1; 32], [2; 32]] };
    assert_eq!(judge(&evidence), Ok(guilty.clone()));
    // Through a file, and without any log.
    evidence.entries.clear();
    assert_eq!(judge(&read(&cbor::encode(&evidence)).unwrap()), Ok(guilty));
}

#[test]
fn receipts_that_do_not_contradict_each_other_accuse_nobody() {
    let (log, bundles, _) = story();
    let account = log.account();
    let key = server();
    let first = said(account, Chain::Vault, 7, 1, &key);
    for other in [
        first.clone(),
        said(account, Chain::Log, 7, 2, &key),
        said(account, Chain::Vault, 6, 2, &key),
        said(AccountId::new([9; 32]), Chain::Vault, 7, 2, &key),
        said(account, Chain::Vault, 7, 2, &WriteKey::from_bytes(&[4; 32])),
        b"rubbish".to_vec(),
    ] {
        let receipts = vec![first.clone().into(), other.into()];
        assert_eq!(judge(&Evidence { receipts, ..evidence(account, &bundles) }), Ok(Verdict::Divergence));
    }
}

#[test]
fn a_device_that_signed_two_entries_for_one_place_is_guilty() {
    let (log, bundles, [one, two]) = story();
    let before = Log::replay(&bundles[..2]).unwrap();
    let twice = honest(&before, revoke(&[one.id], &[two.id]), &two).entry;
    let mut evidence = evidence(log.account(), &bundles);
    evidence.objects = vec![twice.into()];
    assert_eq!(judge(&evidence), Ok(Verdict::DeviceEquivocated { device: two.id, seq: 3 }));
}

#[test]
fn a_device_that_wrote_in_two_histories_of_a_server_is_not_blamed_for_it() {
    let (mut log, mut bundles, [one, _]) = story();
    // Another branch, on which the server showed it its own entry as the third, and not the other device's.
    let mut branch = Log::replay(&bundles[..2]).unwrap();
    extend(Op::Rotate, &mut branch, &one);
    let there = honest(&branch, Op::Rotate, &one).entry;
    bundles.push(extend(Op::Rotate, &mut log, &one));
    let mut evidence = evidence(log.account(), &bundles);
    evidence.objects = vec![there.into()];
    assert_eq!(judge(&evidence), Ok(Verdict::Divergence));
}

#[test]
fn another_devices_entry_for_that_place_is_a_race_and_nobodys_guilt() {
    let (log, bundles, [one, _]) = story();
    let before = Log::replay(&bundles[..2]).unwrap();
    let mut evidence = evidence(log.account(), &bundles);
    evidence.objects = vec![honest(&before, Op::Rotate, &one).entry.into()];
    assert_eq!(judge(&evidence), Ok(Verdict::Divergence));
}

#[test]
fn an_entry_that_somebody_else_signed_in_a_devices_name_proves_nothing() {
    let (log, bundles, [one, two]) = story();
    let before = Log::replay(&bundles[..2]).unwrap();
    let forged = forge(&before, Op::Rotate, &one, |entry| entry.author = two.id, |_| {}).entry;
    let mut evidence = evidence(log.account(), &bundles);
    evidence.objects = vec![forged.into(), b"rubbish".to_vec().into()];
    assert_eq!(judge(&evidence), Ok(Verdict::Divergence));
}

#[test]
fn a_device_that_signed_what_the_log_forbids_is_named() {
    let (log, bundles, [one, two]) = story();
    let itself = forge(&log, revoke(&[one.id], &[two.id]), &one, |_| {}, |_| {}).entry;
    let mut evidence = evidence(log.account(), &bundles);
    evidence.objects = vec![itself.into()];
    let cause = TrustError::Refused(Refusal::RevokesItself);
    assert_eq!(judge(&evidence), Ok(Verdict::DeviceBrokeRule { device: one.id, seq: 4, cause }));
    // A good entry whose header was withheld is not its author's doing.
    evidence.objects = vec![honest(&log, Op::Rotate, &one).entry.into()];
    assert_eq!(judge(&evidence), Ok(Verdict::Divergence));
}

#[test]
fn evidence_with_another_or_a_broken_log_is_not_judged() {
    let (log, bundles, _) = story();
    let foreign = evidence(AccountId::new([5; 32]), &bundles);
    assert!(matches!(judge(&foreign), Err(EvidenceError::Log(_))));
    let cut = evidence(log.account(), &bundles[1..]);
    assert!(matches!(judge(&cut), Err(EvidenceError::Log(_))));
    let newer = Evidence { version: 2, ..evidence(log.account(), &bundles) };
    assert_eq!(read(&cbor::encode(&newer)), Err(EvidenceError::UpdateNeeded { version: 2 }));
    assert!(matches!(read(b"rubbish"), Err(EvidenceError::Malformed(_))));
}
