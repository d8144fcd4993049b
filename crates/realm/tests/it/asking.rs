//! Requests, their wait, and what calls them off.

use roamkey_proto::{RecoveryRequest, RecoverySlot, limits};
use roamkey_realm::{AskedState, Refusal};
use roamkey_trust::SignatureError;

use crate::world::{DAY, Device, NOW, World, after, right};

#[test]
fn before_the_wait_is_over_the_right_pin_yields_nothing() {
    let mut world = World::new(1);
    let version = world.set(1, 1);
    let device = Device::new(9);
    let request = world.ask(&device);
    for early in [NOW, after(DAY - 1)] {
        let waits = Refusal::Waits { until: after(DAY) };
        assert_eq!(world.release(0, request, early).unwrap_err(), waits);
        let element = world.element();
        let guess = device.sign(&world.guess_of(0, version.number, request, element));
        assert_eq!(world.guess(0, &guess, early).unwrap_err(), waits);
    }
    assert!(world.try_pin(right(), &[0], &version, &device, request, after(DAY)).unwrap().is_some());
}

#[test]
fn a_day_after_the_wait_it_is_over_and_a_new_request_waits_again() {
    let mut world = World::new(1);
    world.set(1, 1);
    let device = Device::new(9);
    let request = world.ask(&device);
    assert!(world.release(0, request, after(2 * DAY - 1)).is_ok());
    assert_eq!(world.release(0, request, after(2 * DAY)).unwrap_err(), Refusal::UnknownRequest);
    let again = world.request(&device, 1);
    let (request, waiting) = world.lodge(0, &again, after(2 * DAY)).unwrap();
    assert_eq!(waiting.state, AskedState::Waits { until: after(3 * DAY) });
    assert!(world.release(0, request, after(2 * DAY)).is_err());
}

#[test]
fn the_same_request_again_waits_no_longer() {
    let mut world = World::new(1);
    world.set(1, 1);
    let request = world.request(&Device::new(9), 1);
    let (id, _) = world.lodge(0, &request, NOW).unwrap();
    let (again, waiting) = world.lodge(0, &request, after(DAY / 2)).unwrap();
    assert_eq!((id, waiting.state), (again, AskedState::Waits { until: after(DAY) }));
    assert_eq!(world.look(0, NOW).requests.len(), 1);
}

#[test]
fn a_veto_of_an_active_device_ends_a_request_for_good() {
    let mut world = World::new(2);
    let version = world.set(1, 1);
    let device = Device::new(9);
    let request = world.ask(&device);
    let (member, owner) = (Device::new(2), Device::new(1));
    world.add(&member);
    world.veto(0, &member, request).unwrap();
    // Another veto changes nothing, nor does asking again.
    world.veto(0, &owner, request).unwrap();
    let again = world.request(&device, 1);
    assert_eq!(world.lodge(0, &again, NOW).unwrap().1.state, AskedState::Vetoed { by: member.id });
    for later in [NOW, after(DAY), after(2 * DAY - 1)] {
        assert_eq!(world.release(0, request, later).unwrap_err(), Refusal::Vetoed);
        let element = world.element();
        let guess = device.sign(&world.guess_of(0, version.number, request, element));
        assert_eq!(world.guess(0, &guess, later).unwrap_err(), Refusal::Vetoed);
    }
    assert_eq!(world.look(0, NOW).requests[0].state, AskedState::Vetoed { by: member.id });
}

#[test]
fn who_is_no_active_device_calls_nothing_off() {
    let mut world = World::new(1);
    world.set(1, 1);
    let device = Device::new(9);
    let request = world.ask(&device);
    let thief = Device::new(2);
    assert_eq!(world.veto(0, &thief, request), Err(Refusal::NotAMember));
    assert_eq!(world.veto(0, &device, request), Err(Refusal::NotAMember), "who asks is no device of the account yet");
    world.add(&thief);
    world.revoke(thief.id);
    world.learn(0).unwrap();
    assert_eq!(world.veto(0, &thief, request), Err(Refusal::NotAMember));
    let unknown = roamkey_proto::RequestId::new([9; 32]);
    let owner = Device::new(1);
    assert_eq!(world.veto(0, &owner, unknown), Err(Refusal::UnknownRequest));
}

#[test]
fn only_the_device_that_asked_is_served() {
    let mut world = World::new(1);
    let version = world.set(1, 1);
    let (device, other) = (Device::new(9), Device::new(10));
    let request = world.ask(&device);
    let element = world.element();
    let guess = world.guess_of(0, version.number, request, element);
    assert_eq!(world.guess(0, &other.sign(&guess), after(DAY)).unwrap_err(), Refusal::Signature(SignatureError));
    assert!(world.guess(0, &device.sign(&guess), after(DAY)).is_ok());
}

#[test]
fn a_request_is_for_this_account_and_way_and_by_whom_it_names() {
    let mut world = World::new(1);
    world.set(1, 1);
    let (device, other) = (Device::new(9), Device::new(10));
    let honest = world.request(&device, 1).claims().clone();
    let contacts = device.sign(&RecoveryRequest { slot: RecoverySlot::Contacts, ..honest.clone() });
    assert_eq!(world.lodge(0, &contacts, NOW), Err(Refusal::ForeignRealm));
    let account = roamkey_proto::AccountId::new([9; 32]);
    let foreign = device.sign(&RecoveryRequest { account, ..honest.clone() });
    assert_eq!(world.lodge(0, &foreign, NOW), Err(Refusal::ForeignRealm));
    let stolen = other.sign(&honest);
    assert_eq!(world.lodge(0, &stolen, NOW), Err(Refusal::Signature(SignatureError)));
}

#[test]
fn a_realm_holds_so_many_requests_and_no_more() {
    let mut world = World::new(1);
    world.set(1, 1);
    let device = Device::new(9);
    for nonce in 0..16 {
        let request = world.request(&device, nonce);
        world.lodge(0, &request, NOW).unwrap();
    }
    assert_eq!(limits::RECOVERY_REQUESTS, 16);
    let more = world.request(&device, 16);
    assert_eq!(world.lodge(0, &more, NOW), Err(Refusal::TooMany));
    assert!(world.lodge(0, &more, after(2 * DAY)).is_ok(), "those before are over");
}

#[test]
fn devices_see_each_attempt_with_what_is_left() {
    let mut world = World::new(1);
    let version = world.set(1, 1);
    let device = Device::new(9);
    let request = world.ask(&device);
    let now = after(DAY);
    world.try_pin(crate::world::wrong(), &[0], &version, &device, request, now).unwrap();
    let seen = world.look(0, now);
    assert_eq!(seen.left, Some(limits::GUESSES - 1));
    let asked = &seen.requests[0];
    assert_eq!((asked.request, asked.device, asked.guesses, asked.last), (request, device.id, 1, Some(now)));
    assert_eq!(asked.state, AskedState::Served { until: after(2 * DAY) });
}
