//! Where another device was, compared with a history that has gone on since.

use roamkey_proto::Chain;
use roamkey_sync::{Command, Distrust, Event, Idle, Pins};
use roamkey_testkit::{Deed, Fleet};

use crate::items::note;

/// Two devices of which the second is shown a history of its own from here on.
fn split(seed: u64) -> Fleet {
    let mut fleet = Fleet::new(seed);
    let victim = fleet.add_device(0);
    note(&mut fleet, 0, "shared");
    fleet.sync(0);
    fleet.sync(victim);
    let mut other = fleet.server.fork();
    let victim = fleet.id(victim);
    fleet.tap(Some(Box::new(
        move |device, request, answer, _| {
            if device == victim { other.answer(device, request) } else { answer }
        },
    )));
    fleet
}

/// Has the second device do this with its own server.
fn apart(fleet: &mut Fleet, event: Event) {
    fleet.handle(1, event).unwrap();
    while fleet.deliver(1, Deed::Deceive) {}
}

fn met(fleet: &mut Fleet, pins: Pins) -> Option<Chain> {
    apart(fleet, Event::Witness(pins));
    match fleet.idle(1) {
        Some(Idle::Distrusted(Distrust::Forked { chain, .. })) => Some(*chain),
        _ => None,
    }
}

#[test]
fn a_commit_of_another_history_is_noticed_by_who_has_gone_on() {
    let mut fleet = split(301);
    for title in ["one", "two"] {
        note(&mut fleet, 1, title);
        apart(&mut fleet, Event::Sync);
    }
    note(&mut fleet, 0, "elsewhere");
    fleet.sync(0);
    let (pins, own) = (fleet.engine(0).status().unwrap().pins, fleet.engine(1).status().unwrap().pins);
    assert!(pins.vault.seq < own.vault.seq);
    assert_eq!(met(&mut fleet, pins), Some(Chain::Vault));
}

#[test]
fn an_entry_of_another_history_is_noticed_by_who_has_gone_on() {
    let mut fleet = split(302);
    for _ in 0..2 {
        apart(&mut fleet, Event::Command(Command::Rotate));
    }
    fleet.command(0, Command::Rotate).unwrap();
    let (pins, own) = (fleet.engine(0).status().unwrap().pins, fleet.engine(1).status().unwrap().pins);
    assert!(pins.log.seq < own.log.seq && pins.vault == own.vault);
    assert_eq!(met(&mut fleet, pins), Some(Chain::Log));
}
