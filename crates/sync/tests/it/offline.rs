//! A server that is away is asked again: later each time, and not by all at once.

use std::collections::BTreeSet;

use roamkey_sync::{Event, Idle};
use roamkey_testkit::{Deed, Fleet};

#[test]
fn devices_that_lost_the_server_together_come_back_apart() {
    let mut fleet = Fleet::new(300);
    for _ in 0..7 {
        fleet.add_device(0);
    }
    let devices = 0..fleet.len();
    let waits: BTreeSet<u64> = devices.map(|device| wait_after_a_loss(&mut fleet, device)).collect();
    assert!(waits.iter().all(|wait| (2_000..3_000).contains(wait)), "{waits:?}");
    assert!(waits.len() >= 6, "{waits:?}");
}

#[test]
fn each_further_loss_waits_longer_up_to_a_bound() {
    let mut fleet = Fleet::new(301);
    let waits: Vec<u64> = (0..14).map(|_| wait_after_a_loss(&mut fleet, 0)).collect();
    assert!(waits[0] < 3_000 && waits[4] >= 32_000, "{waits:?}");
    assert!(waits.iter().all(|wait| *wait < 30 * 60 * 1000), "{waits:?}");
}

fn wait_after_a_loss(fleet: &mut Fleet, device: usize) -> u64 {
    fleet.handle(device, Event::Sync).unwrap();
    while fleet.deliver(device, Deed::LoseRequest) {}
    assert_eq!(fleet.idle(device), Some(&Idle::Offline));
    fleet.wakes_at(device).unwrap().millis_since(fleet.now)
}
