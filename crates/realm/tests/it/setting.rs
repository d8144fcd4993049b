//! Setting a PIN at realms, and coming back by it.

use roamkey_proto::{Blinded, ShareRegistration, limits};
use roamkey_realm::Refusal;
use roamkey_trust::SignatureError;

use crate::world::{DAY, Device, NOW, World, after, right, set_recovery, wrong};

#[test]
fn a_pin_that_was_set_at_three_realms_comes_back_with_any_two() {
    let mut world = World::new(3);
    let version = world.set(1, 2);
    let device = Device::new(9);
    let request = world.ask(&device);
    let now = after(DAY);
    assert_eq!(world.try_pin(wrong(), &[0, 1], &version, &device, request, now), Ok(None));
    let secret = world.try_pin(right(), &[2, 1], &version, &device, request, now).unwrap().unwrap();
    let authority = secret.derive_authority(world.account(), roamkey_proto::RecoverySlot::Pin);
    assert_eq!(authority.id(), version.authority.id());
    assert_eq!([0, 1, 2].map(|at| world.look(at, now).left), [Some(9), Some(8), Some(9)]);
}

#[test]
fn nothing_serves_before_the_log_says_so() {
    let mut world = World::new(1);
    let (setup, registrations) = world.deposit_all(1, 1, &[0]);
    let request = world.request(&Device::new(9), 1);
    assert_eq!(world.lodge(0, &request, NOW), Err(Refusal::NotSet));
    world.extend(set_recovery(&setup, &setup.policy(DAY, &registrations)));
    assert_eq!(world.lodge(0, &request, NOW), Err(Refusal::NotSet), "nobody has told it yet");
    world.learn(0).unwrap();
    assert!(world.lodge(0, &request, NOW).is_ok());
    // The answer to the deposit was lost: it comes again.
    assert_eq!(world.deposit(0, &registrations[0]), Ok(()));
}

#[test]
fn the_version_before_serves_until_the_log_names_the_next() {
    let mut world = World::new(1);
    let first = world.set(1, 1);
    let device = Device::new(9);
    let request = world.ask(&device);
    let now = after(DAY);
    let (setup, registrations) = world.deposit_all(2, 1, &[0]);
    assert!(world.try_pin(right(), &[0], &first, &device, request, now).unwrap().is_some());
    world.extend(set_recovery(&setup, &setup.policy(DAY, &registrations)));
    world.learn(0).unwrap();
    assert_eq!(world.release(0, request, now), Err(Refusal::UnknownRequest), "who asked for the first asks anew");
    assert_eq!(world.look(0, now).left, Some(limits::GUESSES));
}

#[test]
fn a_version_that_was_replaced_or_removed_serves_no_more() {
    let mut world = World::new(2);
    let first = world.set(1, 1);
    let device = Device::new(9);
    let now = after(DAY);
    // The second version is at the other realm alone.
    world.set_at(2, 1, &[1]);
    let request = world.request(&device, 1);
    assert_eq!(world.lodge(0, &request, NOW), Err(Refusal::NotSet));
    let request = roamkey_proto::RecoveryRequest::id_of(request.payload());
    let element = world.element();
    let guess = device.sign(&world.guess_of(0, first.number, request, element));
    assert_eq!(world.guess(0, &guess, now).unwrap_err(), Refusal::NotSet);
    world.unset();
    world.learn_everywhere();
    assert_eq!(world.lodge(1, &world.request(&device, 1), NOW), Err(Refusal::NotSet));
    assert_eq!(world.look(1, now).left, None);
}

#[test]
fn a_version_never_comes_again() {
    let mut world = World::new(1);
    let element = world.element();
    let replayed = world.owner.sign(&world.order(0, 1, element));
    world.prepare(0, &replayed).unwrap();
    world.set(2, 1);
    let refusal = Refusal::OldVersion { number: 1, newest: 2 };
    assert_eq!(world.prepare(0, &replayed).unwrap_err(), refusal);
    let (number, element) = (2, world.element());
    let again = world.owner.sign(&world.order(0, number, element));
    assert_eq!(world.prepare(0, &again).unwrap_err(), Refusal::OldVersion { number, newest: 2 });
    // What is in the making counts as well.
    let element = world.element();
    let next = world.owner.sign(&world.order(0, 5, element));
    world.prepare(0, &next).unwrap();
    let element = world.element();
    let older = world.owner.sign(&world.order(0, 4, element));
    assert_eq!(world.prepare(0, &older).unwrap_err(), Refusal::OldVersion { number: 4, newest: 5 });
}

#[test]
fn the_same_order_gives_the_same_key_and_another_element_is_not_evaluated() {
    let mut world = World::new(1);
    let element = world.element();
    let order = world.owner.sign(&world.order(0, 1, element));
    let first = world.prepare(0, &order).unwrap();
    let second = world.prepare(0, &order).unwrap();
    assert_eq!((first.public_key, first.evaluation.element), (second.public_key, second.evaluation.element));
    let element = world.element();
    let other = world.owner.sign(&world.order(0, 1, element));
    assert_eq!(world.prepare(0, &other).unwrap_err(), Refusal::OldVersion { number: 1, newest: 1 });
}

#[test]
fn only_an_active_device_has_a_key_made_or_a_share_kept() {
    let mut world = World::new(1);
    let stranger = Device::new(2);
    let element = world.element();
    let order = roamkey_proto::PrepareRealm { device: stranger.id, ..world.order(0, 1, element) };
    let order = stranger.sign(&order);
    assert_eq!(world.prepare(0, &order).unwrap_err(), Refusal::NotAMember);
    world.add(&stranger);
    world.prepare(0, &order).unwrap();
    world.revoke(stranger.id);
    world.learn(0).unwrap();
    assert_eq!(world.prepare(0, &order).unwrap_err(), Refusal::NotAMember);
    // By the owner's name, and another's key.
    let order = stranger.sign(&world.order(0, 7, element));
    assert_eq!(world.prepare(0, &order).unwrap_err(), Refusal::Signature(SignatureError));
}

#[test]
fn what_is_for_another_realm_or_account_is_refused() {
    let mut world = World::new(2);
    let element = world.element();
    let elsewhere = world.owner.sign(&world.order(1, 1, element));
    assert_eq!(world.prepare(0, &elsewhere).unwrap_err(), Refusal::ForeignRealm);
    let (_, registrations) = world.deposit_all(1, 1, &[0]);
    let elsewhere = ShareRegistration { realm: crate::world::origin(1), ..registrations[0].clone() };
    assert_eq!(world.deposit(0, &elsewhere), Err(Refusal::ForeignRealm));
    let account = roamkey_proto::AccountId::new([9; 32]);
    let foreign = world.owner.sign(&roamkey_proto::PrepareRealm { account, ..world.order(0, 2, element) });
    assert_eq!(world.prepare(0, &foreign).unwrap_err(), Refusal::ForeignRealm);
}

#[test]
fn a_registration_is_of_the_key_that_was_made_for_it() {
    let mut world = World::new(1);
    let (_, registrations) = world.deposit_all(3, 1, &[0]);
    let kept = &registrations[0];
    for bent in [
        ShareRegistration { number: 2, ..kept.clone() },
        ShareRegistration { public_key: roamkey_proto::OprfPublicKey([1; 32]), ..kept.clone() },
        ShareRegistration { index: 0, ..kept.clone() },
        ShareRegistration { threshold: 0, ..kept.clone() },
    ] {
        assert_eq!(world.deposit(0, &bent), Err(Refusal::NotPrepared), "{bent:?}");
    }
}

#[test]
fn what_is_no_element_makes_no_key_and_costs_no_guess() {
    let mut world = World::new(1);
    let none = Blinded([0xff; 32]);
    let order = world.owner.sign(&world.order(0, 1, none));
    assert_eq!(world.prepare(0, &order).unwrap_err(), Refusal::NoElement);
    let version = world.set(1, 1);
    let device = Device::new(9);
    let request = world.ask(&device);
    let guess = device.sign(&world.guess_of(0, version.number, request, none));
    assert_eq!(world.guess(0, &guess, after(DAY)).unwrap_err(), Refusal::NoElement);
    assert_eq!(world.look(0, after(DAY)).left, Some(limits::GUESSES));
}
