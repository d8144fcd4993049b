//! Recovery authorities: who sets them, what they may do, and what becomes of them.

use roamkey_proto::{AddDevice, DeviceId, Op, RecoverySlot, SetRecovery, Via, WritePublicKey, limits};

use super::{assert_entry_refused, assert_refused};
use crate::{
    Change, Log, Refusal, SignatureError,
    fixture::{Device, Kit, extend, fleet, forge, forge_recovery, pin, recover, revoke, revoke_with, unset},
};

fn unbent(_: &mut roamkey_proto::Entry) {}

fn with_kit<const N: usize>() -> (Log, [Device; N], Kit) {
    let (mut log, devices) = fleet();
    let kit = Kit::new(RecoverySlot::Kit, 1);
    extend(kit.set(), &mut log, &devices[0]);
    (log, devices, kit)
}

fn is_recipient(log: &Log, id: DeviceId) -> bool {
    log.header().recipients.iter().any(|recipient| recipient.device == id)
}

#[test]
fn an_authority_gets_each_epoch_from_the_one_on_that_sets_it() {
    let (mut log, [a], kit) = with_kit();
    assert!(is_recipient(&log, kit.id));
    assert_eq!(log.recipients()[&kit.id], kit.keys.kem);
    assert_eq!(log.entry(2).unwrap().change, Change::RecoverySet { slot: kit.slot, authority: kit.id });
    extend(Op::Rotate, &mut log, &a);
    assert!(is_recipient(&log, kit.id));

    // Replaced: the new one gets the epoch that replaces the old one, and the old one does not.
    let second = Kit::new(RecoverySlot::Kit, 2);
    extend(second.set(), &mut log, &a);
    assert!(is_recipient(&log, second.id) && !is_recipient(&log, kit.id));
    extend(unset(RecoverySlot::Kit), &mut log, &a);
    assert!(!is_recipient(&log, second.id));
    assert_eq!(log.recovery().count(), 0);
    assert_entry_refused(&log, unset(RecoverySlot::Kit), &a, unbent, Refusal::SlotEmpty(RecoverySlot::Kit));
}

#[test]
fn an_epoch_without_the_authority_is_refused() {
    // Attack 24: an omitted recipient would find the kit useless when it is needed.
    let (log, [a], kit) = with_kit();
    let omit = |header: &mut roamkey_proto::EpochHeader| header.recipients.retain(|to| to.device != kit.id);
    assert_refused(&log, &forge(&log, Op::Rotate, &a, unbent, omit), Refusal::Recipients);
}

#[test]
fn a_kit_lets_a_device_in_when_all_others_are_lost() {
    let (mut log, [a, b], kit) = with_kit();
    let back = Device::new(9);
    recover(kit.lets_in(&back, &log, None), &mut log, &kit);
    assert!(log.active_member(back.id).is_some());
    let entry = log.entry(4).unwrap();
    assert_eq!((entry.author, entry.device), (kit.id, back.id));
    assert_eq!(log.opener_of(log.epoch()), Some(back.id), "who came back answers for the epoch");

    // It takes the others out in one step, and keeps itself and the kit, which they had set.
    let op = revoke_with(&[a.id, b.id], &[back.id], &[], &[RecoverySlot::Kit]);
    extend(op, &mut log, &back);
    assert!(log.active().map(|(id, _)| id).eq([back.id]));
    assert!(log.recovery_slot(RecoverySlot::Kit).is_some());
    // A second recovery by the same kit.
    recover(kit.lets_in(&Device::new(10), &log, None), &mut log, &kit);
}

#[test]
fn an_authority_adds_and_does_nothing_else() {
    let (log, [a, b], kit) = with_kit();
    for op in [revoke(&[a.id], &[b.id]), Op::Leave, Op::Rotate, Kit::new(RecoverySlot::Pin, 3).set(), Op::CancelClose] {
        assert_refused(&log, &forge_recovery(&log, op, &kit), Refusal::AuthorityOnlyAdds);
    }
}

#[test]
fn an_entry_of_an_authority_is_by_its_key() {
    // Attack 25: neither a member's key nor another kit's makes one.
    let (log, [a], kit) = with_kit();
    let op = kit.lets_in(&Device::new(9), &log, None);
    assert_refused(&log, &forge(&log, op.clone(), &a, |entry| entry.author = kit.id, |_| {}), SignatureError);
    let other = Kit { id: kit.id, ..Kit::new(RecoverySlot::Kit, 2) };
    assert_refused(&log, &forge_recovery(&log, op, &other), SignatureError);
}

#[test]
fn a_replaced_authority_lets_nobody_in() {
    // Attack 16: an old kit is worthless.
    let (mut log, [a], kit) = with_kit();
    extend(Kit::new(RecoverySlot::Kit, 2).set(), &mut log, &a);
    let op = kit.lets_in(&Device::new(9), &log, None);
    assert_refused(&log, &forge_recovery(&log, op, &kit), Refusal::AuthorityGone);
}

#[test]
fn no_key_of_an_authority_enters_twice() {
    let (mut log, [a], kit) = with_kit();
    assert_entry_refused(&log, kit.set(), &a, unbent, Refusal::KeySeen);
    extend(unset(RecoverySlot::Kit), &mut log, &a);
    assert_entry_refused(&log, kit.set(), &a, unbent, Refusal::KeySeen);
    let mut keys = Kit::new(RecoverySlot::Kit, 2).keys;
    keys.kem = a.keys.kem.clone();
    let op = Op::SetRecovery(SetRecovery { slot: RecoverySlot::Kit, keys: Some(keys.clone()), policy: None });
    assert_entry_refused(&log, op, &a, unbent, Refusal::KeySeen);
    keys.sign = WritePublicKey::new([0; WritePublicKey::LEN]);
    let op = Op::SetRecovery(SetRecovery { slot: RecoverySlot::Kit, keys: Some(keys), policy: None });
    assert_entry_refused(&log, op, &a, unbent, Refusal::BadKey);
}

#[test]
fn each_way_in_is_its_authors() {
    let (mut log, [a], kit) = with_kit();
    let (pin, back) = (Kit::new(RecoverySlot::Pin, 2), Device::new(9));
    extend(pin.set(), &mut log, &a);
    let Op::AddDevice(pairing) = back.joins(&log) else { unreachable!("it is one") };
    let by_kit = |op: &AddDevice| forge_recovery(&log, Op::AddDevice(op.clone()), &kit);
    assert_refused(&log, &by_kit(&pairing), Refusal::Via);
    let Op::AddDevice(asked) = kit.lets_in(&back, &log, Some(1)) else { unreachable!("it is one") };
    assert_refused(&log, &by_kit(&asked), Refusal::Via);
    // A PIN's recovery answers a request, and a member's pairing is none.
    assert_refused(&log, &forge_recovery(&log, pin.lets_in(&back, &log, None), &pin), Refusal::Via);
    let claimed = AddDevice { via: Via::Recovery, ..pairing };
    assert_entry_refused(&log, Op::AddDevice(claimed), &a, unbent, Refusal::Via);
}

#[test]
fn a_request_lets_one_device_in() {
    // Attack 36: what was waited for once serves once.
    let (mut log, [a]) = fleet();
    let pin = Kit::new(RecoverySlot::Pin, 2);
    extend(pin.set(), &mut log, &a);
    recover(pin.lets_in(&Device::new(9), &log, Some(1)), &mut log, &pin);
    let again = pin.lets_in(&Device::new(10), &log, Some(1));
    assert_refused(&log, &forge_recovery(&log, again, &pin), Refusal::RequestSeen);
    recover(pin.lets_in(&Device::new(10), &log, Some(2)), &mut log, &pin);
}

#[test]
fn a_policy_is_where_others_help_and_nowhere_else() {
    let (log, [a]) = fleet();
    let Op::SetRecovery(pin) = Kit::new(RecoverySlot::Pin, 2).set() else { unreachable!("it is one") };
    let Op::SetRecovery(kit) = Kit::new(RecoverySlot::Kit, 2).set() else { unreachable!("it is one") };
    let policy = pin.policy.clone().unwrap();
    let mut bent =
        vec![SetRecovery { policy: None, ..pin.clone() }, SetRecovery { policy: Some(policy.clone()), ..kit }];
    for bend in [
        |policy: &mut roamkey_proto::RecoveryPolicy| policy.threshold = 0,
        |policy: &mut roamkey_proto::RecoveryPolicy| policy.threshold = 4,
        |policy: &mut roamkey_proto::RecoveryPolicy| policy.wait_ms = limits::RECOVERY_WAIT_MS + 1,
        |policy: &mut roamkey_proto::RecoveryPolicy| {
            policy.shares = vec![policy.shares[0]; limits::RECOVERY_SHARES + 1]
        },
    ] {
        let mut policy = policy.clone();
        bend(&mut policy);
        bent.push(SetRecovery { policy: Some(policy), ..pin.clone() });
    }
    for op in bent {
        assert_entry_refused(&log, Op::SetRecovery(op), &a, unbent, Refusal::RecoveryPolicy);
    }
}

#[test]
fn what_a_lost_device_set_goes_or_is_kept_in_so_many_words() {
    // Attack 44: b plants a kit, and comes back by it.
    let (mut log, [a, b]) = fleet();
    let (kit, back) = (Kit::new(RecoverySlot::Kit, 1), Device::new(9));
    extend(kit.set(), &mut log, &b);
    recover(kit.lets_in(&back, &log, None), &mut log, &kit);

    let refuse = |op, refusal| assert_entry_refused(&log, op, &a, unbent, refusal);
    refuse(revoke(&[b.id], &[]), Refusal::Undecided(back.id));
    refuse(revoke(&[b.id, back.id], &[]), Refusal::UndecidedSlot(RecoverySlot::Kit));
    let slots = [RecoverySlot::Kit];
    refuse(revoke_with(&[b.id, back.id], &[], &slots, &slots), Refusal::NeedlessKeepSlot(RecoverySlot::Kit));
    refuse(revoke_with(&[b.id, back.id], &[], &[RecoverySlot::Pin], &[]), Refusal::SlotEmpty(RecoverySlot::Pin));

    let mut gone = log.clone();
    extend(revoke_with(&[b.id, back.id], &[], &slots, &[]), &mut gone, &a);
    assert!(!is_recipient(&gone, kit.id));
    assert_refused(
        &gone,
        &forge_recovery(&gone, kit.lets_in(&Device::new(10), &gone, None), &kit),
        Refusal::AuthorityGone,
    );
    extend(revoke_with(&[b.id], &[back.id], &[], &slots), &mut log, &a);
    assert!(is_recipient(&log, kit.id));
}

#[test]
fn a_slot_that_is_named_takes_along_who_came_by_it() {
    // Attack 44: a's own kit was stolen, and c is the thief's; the kit is named with b.
    let (mut log, [a, b], kit) = with_kit();
    let c = Device::new(9);
    recover(kit.lets_in(&c, &log, None), &mut log, &kit);
    let slots = [RecoverySlot::Kit];
    let undecided = revoke_with(&[b.id], &[], &slots, &[]);
    assert_entry_refused(&log, undecided, &a, unbent, Refusal::Undecided(c.id));
    extend(revoke_with(&[b.id, c.id], &[], &slots, &[]), &mut log, &a);
    assert!(log.active().map(|(id, _)| id).eq([a.id]));
}

#[test]
fn the_last_device_leaves_only_with_a_way_back() {
    let (mut log, [a], kit) = with_kit();
    extend(Op::Leave, &mut log, &a);
    assert!(log.owes_epoch() && log.active().next().is_none());
    let back = Device::new(9);
    recover(kit.lets_in(&back, &log, None), &mut log, &kit);
    assert!(!log.owes_epoch());
    // The authority cannot commit: whoever came by it has the duty of the first commit.
    let removal = log.removal_between(3, 4).unwrap();
    assert_eq!(removal.by, back.id);
    assert!(log.may_write(back.id, &pin(&log, 4)).is_ok() && log.may_write(kit.id, &pin(&log, 4)).is_err());
}

#[test]
fn neither_a_full_log_nor_a_full_account_keeps_a_kit_out() {
    let (mut log, [a], kit) = with_kit();
    for number in 2..=64 {
        extend(Device::new(number).joins(&log), &mut log, &a);
    }
    assert_entry_refused(&log, Device::new(65).joins(&log), &a, unbent, Refusal::TooManyDevices);
    for number in 65..=72 {
        recover(kit.lets_in(&Device::new(number), &log, None), &mut log, &kit);
    }
    assert_refused(
        &log,
        &forge_recovery(&log, kit.lets_in(&Device::new(73), &log, None), &kit),
        Refusal::TooManyDevices,
    );

    let (mut log, [_], kit) = with_kit();
    log.pretend_full();
    let back = forge_recovery(&log, kit.lets_in(&Device::new(9), &log, None), &kit);
    assert!(log.append(&back).is_ok());
}

#[test]
fn the_slot_of_organisations_is_of_a_newer_version() {
    let (log, [a]) = fleet();
    let op = Kit::new(RecoverySlot::Organisation, 1).set();
    assert_entry_refused(&log, op, &a, unbent, crate::TrustError::UnknownOperation { number: 7 });
}
