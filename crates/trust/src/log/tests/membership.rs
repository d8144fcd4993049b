//! Who comes and goes.

use std::collections::BTreeSet;

use roamkey_proto::{
    DeviceId, DeviceKeys, Entry, EntryId, Genesis, IdentityPublicKey, Op, RevokeDevices, RevokeReason, WritePublicKey,
};

use super::{assert_entry_refused, assert_refused};
use crate::{
    Draft, Log, Refusal, Status, TrustError,
    fixture::{Device, NOW, extend, fleet, forge, founded, honest, revoke},
    possession::{self, Place},
};

fn unbent(_: &mut Entry) {}

#[test]
fn a_founder_has_the_name_of_its_keys() {
    let founder = Device::new(1);
    let Op::Genesis(op) = founder.genesis() else { unreachable!("it is one") };
    let empty = Log::empty(op.account_id());
    let bundle = forge(&empty, founder.genesis(), &founder, |entry| entry.author = Device::new(2).id, |_| {});
    assert_eq!(Log::open_genesis(&bundle).unwrap_err(), Refusal::Founder.into());
}

#[test]
fn a_founder_needs_usable_keys() {
    for device in unusable(&Device::new(1).keys) {
        let genesis = Genesis { device, salt: [0; 32] };
        assert_eq!(Draft::genesis(genesis, NOW).unwrap_err(), Refusal::BadKey.into());
    }
}

#[test]
fn a_newcomer_needs_usable_keys() {
    let (log, [a]) = fleet();
    let newcomer = Device::new(2);
    for keys in unusable(&newcomer.keys) {
        let Op::AddDevice(mut op) = newcomer.joins(&log) else { unreachable!("it is one") };
        op.device = keys;
        assert_entry_refused(&log, Op::AddDevice(op), &a, unbent, Refusal::BadKey);
    }
}

/// An identity off the curve, one that is not compressed, and a write key of small order.
fn unusable(keys: &DeviceKeys) -> [DeviceKeys; 3] {
    let mut off_curve = [0xff; IdentityPublicKey::LEN];
    off_curve[0] = 2;
    let mut small_order = [0; WritePublicKey::LEN];
    small_order[0] = 1;
    [
        DeviceKeys { identity: IdentityPublicKey::new(off_curve), ..keys.clone() },
        DeviceKeys { identity: IdentityPublicKey::new([0; IdentityPublicKey::LEN]), ..keys.clone() },
        DeviceKeys { write: WritePublicKey::new(small_order), ..keys.clone() },
    ]
}

#[test]
fn a_stranger_adds_nobody() {
    // Attack 25.
    let (log, [_]) = fleet();
    assert_entry_refused(&log, Device::new(2).joins(&log), &Device::new(8), unbent, Refusal::Stranger);
}

#[test]
fn a_newcomer_shows_that_it_holds_both_keys() {
    // Attack 19: nobody enrols keys that are another's.
    let (log, [a]) = fleet();
    let (newcomer, thief) = (Device::new(2), Device::new(3));
    let Device { identity, write, keys, .. } = &newcomer;
    let place = Place { account: log.account(), prev: EntryId::new(log.head().id), device: newcomer.id };
    let lies = [
        possession::sign(&place, keys, &thief.identity, write),
        possession::sign(&place, keys, identity, &thief.write),
        possession::sign(&Place { prev: EntryId::NONE, ..place }, keys, identity, write),
        possession::sign(&Place { device: a.id, ..place }, keys, identity, write),
        possession::sign(&place, &a.keys, identity, write),
    ];
    for possession in lies {
        let Op::AddDevice(mut op) = newcomer.joins(&log) else { unreachable!("it is one") };
        op.possession = possession;
        assert_entry_refused(&log, Op::AddDevice(op), &a, unbent, Refusal::Possession);
    }
}

#[test]
fn a_cancelled_addition_is_not_replayed() {
    // Attack 46: a possession names its place, so that it serves there and nowhere else.
    let (mut log, [a]) = fleet();
    let cancelled = Device::new(2).joins(&log);
    extend(Op::Rotate, &mut log, &a);
    assert_entry_refused(&log, cancelled, &a, unbent, Refusal::Possession);
}

#[test]
fn no_device_enters_twice() {
    // Attack 29: not with a member's help either.
    let (mut log, [a, b]) = fleet();
    assert_entry_refused(&log, b.joins(&log), &a, unbent, Refusal::KeySeen);
    extend(revoke(&[b.id], &[]), &mut log, &a);
    assert_entry_refused(&log, b.joins(&log), &a, unbent, Refusal::KeySeen);
}

#[test]
fn no_key_enters_twice() {
    let (log, [a, b]) = fleet();
    let newcomer = Device::new(3);
    for keys in [
        DeviceKeys { identity: b.keys.identity.clone(), ..newcomer.keys.clone() },
        DeviceKeys { write: b.keys.write.clone(), ..newcomer.keys.clone() },
        DeviceKeys { kem: b.keys.kem.clone(), ..newcomer.keys.clone() },
    ] {
        let Op::AddDevice(mut op) = newcomer.joins(&log) else { unreachable!("it is one") };
        op.device = keys;
        assert_entry_refused(&log, Op::AddDevice(op), &a, unbent, Refusal::KeySeen);
    }
}

#[test]
fn there_are_64_devices_at_most() {
    let (mut log, _, a) = founded();
    for number in 2..=64 {
        extend(Device::new(number).joins(&log), &mut log, &a);
    }
    assert_eq!(log.active().count(), 64);
    assert_entry_refused(&log, Device::new(65).joins(&log), &a, unbent, Refusal::TooManyDevices);
    extend(revoke(&[Device::new(9).id], &[]), &mut log, &a);
    extend(Device::new(65).joins(&log), &mut log, &a);
}

#[test]
fn a_revoked_device_does_nothing_more() {
    // Attack 29.
    let (mut log, [a, b]) = fleet();
    extend(revoke(&[b.id], &[]), &mut log, &a);
    for op in [Device::new(3).joins(&log), revoke(&[a.id], &[]), Op::Leave, Op::Rotate, b.renewed(9).renews(&log)] {
        assert_entry_refused(&log, op, &b, unbent, Refusal::Revoked);
    }
    let status = Status::Revoked { at: 3, by: a.id, reason: RevokeReason::Lost };
    assert_eq!(log.member(b.id).unwrap().status(), status);
}

#[test]
fn a_revocation_has_one_form() {
    let (log, [a, b, c]) = fleet();
    let mut descending = vec![b.id, c.id];
    descending.sort_unstable();
    descending.reverse();
    let lists = [
        (vec![], vec![]),
        (vec![b.id, b.id], vec![]),
        (descending.clone(), vec![]),
        (vec![b.id], vec![c.id, c.id]),
        (vec![b.id], descending),
    ];
    for (devices, keep) in lists {
        let op = RevokeDevices { devices, keep, reason: RevokeReason::Lost, slots: vec![], keep_slots: vec![] };
        assert_entry_refused(&log, Op::RevokeDevices(op), &a, unbent, Refusal::DeviceList);
    }
}

#[test]
fn only_active_devices_are_revoked() {
    let (mut log, [a, b]) = fleet();
    let stranger = Device::new(9).id;
    assert_entry_refused(&log, revoke(&[stranger], &[]), &a, unbent, Refusal::NotActive(stranger));
    extend(revoke(&[b.id], &[]), &mut log, &a);
    assert_entry_refused(&log, revoke(&[b.id], &[]), &a, unbent, Refusal::NotActive(b.id));
}

#[test]
fn no_device_revokes_itself() {
    // Attack 49: whoever opens an epoch knows its key.
    let (log, [a, b]) = fleet();
    assert_entry_refused(&log, revoke(&[a.id, b.id], &[]), &a, unbent, Refusal::RevokesItself);
}

#[test]
fn what_a_lost_device_planted_goes_or_is_kept_in_so_many_words() {
    // Attack 44: a adds b, b adds c, c adds d; b is lost.
    let (mut log, [a, b]) = fleet();
    let (c, d) = (Device::new(3), Device::new(4));
    extend(c.joins(&log), &mut log, &b);
    extend(d.joins(&log), &mut log, &c);
    assert_eq!(log.added_through(&[b.id].into(), &[].into()), BTreeSet::from([c.id, d.id]));

    assert_entry_refused(&log, revoke(&[b.id, c.id], &[]), &a, unbent, Refusal::Undecided(d.id));
    assert_entry_refused(&log, revoke(&[b.id], &[c.id]), &a, unbent, Refusal::Undecided(d.id));
    for (devices, keep) in
        [(vec![b.id, c.id, d.id], vec![]), (vec![b.id, c.id], vec![d.id]), (vec![b.id], vec![c.id, d.id])]
    {
        assert!(log.clone().append(&honest(&log, revoke(&devices, &keep), &a)).is_ok());
    }
}

#[test]
fn planting_reaches_through_devices_that_are_gone() {
    let (mut log, [a, b]) = fleet();
    let (c, d) = (Device::new(3), Device::new(4));
    extend(c.joins(&log), &mut log, &b);
    extend(d.joins(&log), &mut log, &c);
    extend(revoke(&[c.id], &[d.id]), &mut log, &a);
    assert_entry_refused(&log, revoke(&[b.id], &[]), &a, unbent, Refusal::Undecided(d.id));
}

#[test]
fn nothing_is_kept_without_need() {
    let (log, [a, b, c]) = fleet();
    for needless in [c.id, b.id, DeviceId::new([0; 32])] {
        assert_entry_refused(&log, revoke(&[b.id], &[needless]), &a, unbent, Refusal::NeedlessKeep(needless));
    }
}

#[test]
fn whom_the_lost_device_had_added_keeps_itself() {
    let (mut log, [a, b]) = fleet();
    assert_entry_refused(&log, revoke(&[a.id], &[]), &b, unbent, Refusal::Undecided(b.id));
    extend(revoke(&[a.id], &[b.id]), &mut log, &b);
    assert!(log.active().map(|(id, _)| id).eq([b.id]));
}

#[test]
fn the_last_device_cannot_leave() {
    let (log, [a]) = fleet();
    assert_entry_refused(&log, Op::Leave, &a, unbent, Refusal::LastDevice);
}

#[test]
fn after_a_device_has_left_the_next_entry_opens_an_epoch() {
    // Attack 49: the one that left knows the key until then.
    let (mut log, [a, b, c]) = fleet();
    extend(Op::Leave, &mut log, &b);
    assert!(log.owes_epoch());
    assert_eq!(log.epoch(), 3, "leaving opens none");
    assert_entry_refused(&log, Op::Leave, &c, unbent, Refusal::EpochOwed);
    assert_entry_refused(&log, Op::Rotate, &b, unbent, Refusal::Left);
    extend(Op::Rotate, &mut log, &a);
    assert!(!log.owes_epoch());
    assert!(log.header().recipients.iter().all(|recipient| recipient.device != b.id));
    assert_eq!(log.member(b.id).unwrap().status(), Status::Left { at: 4 });
}

#[test]
fn renewed_keys_take_the_place_of_the_old() {
    let (mut log, [a, b]) = fleet();
    let renewed = b.renewed(7);
    extend(renewed.renews(&log), &mut log, &b);
    assert_eq!(log.member(b.id).unwrap().keys(), &renewed.keys);
    assert_eq!(log.recipients()[&b.id], renewed.keys.kem);
    for seen in [&b, &renewed] {
        assert_entry_refused(&log, seen.renews(&log), &b, unbent, Refusal::KeySeen);
    }
    let Op::RenewKeys(mut op) = b.renewed(8).renews(&log) else { unreachable!("it is one") };
    op.kem = a.keys.kem.clone();
    assert_entry_refused(&log, Op::RenewKeys(op), &b, unbent, Refusal::KeySeen);
}

#[test]
fn a_device_that_renews_shows_that_it_holds_the_new_key() {
    let (log, [a]) = fleet();
    let renewed = a.renewed(7);
    let Op::RenewKeys(mut op) = renewed.renews(&log) else { unreachable!("it is one") };
    let place = Place { account: log.account(), prev: EntryId::new(log.head().id), device: a.id };
    op.possession = possession::sign(&place, &renewed.keys, &a.identity, &a.write);
    assert_entry_refused(&log, Op::RenewKeys(op.clone()), &a, unbent, Refusal::Possession);
    op.write = WritePublicKey::new([0; WritePublicKey::LEN]);
    assert_entry_refused(&log, Op::RenewKeys(op), &a, unbent, Refusal::BadKey);
}

#[test]
fn a_full_log_takes_revocations_and_owed_epochs_alone() {
    // A thief's device cannot fill the log so that nobody can revoke it.
    let (mut log, [a, b]) = fleet();
    log.pretend_full();
    assert_entry_refused(&log, Op::Rotate, &a, unbent, Refusal::LogFull);
    assert_entry_refused(&log, Op::Leave, &a, unbent, Refusal::LogFull);
    let revocation = forge(&log, revoke(&[b.id], &[]), &a, unbent, |_| {});
    assert!(log.append(&revocation).is_ok());
    assert_refused(&log, &revocation, TrustError::Known { seq: log.head().seq });
}
