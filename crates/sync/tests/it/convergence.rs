//! Random deeds of several devices in random order over a bad wire: in the end all hold the same.

use std::collections::BTreeSet;

use roamkey_proto::{ItemId, RevokeReason};
use roamkey_sync::{Command, Event, Idle, replica::Entry};
use roamkey_testkit::{Deed, Fleet};
use roamkey_vault::{Content, Item, Operation};

use crate::items::{note, rename};

/// What was typed, by whom, on which item.
type Typed = BTreeSet<(usize, ItemId, String)>;

/// What is gone because someone wanted it so.
#[derive(Default)]
struct GivenUp {
    purged: BTreeSet<ItemId>,
    /// Titles that someone saw and typed another one for.
    replaced: BTreeSet<(ItemId, String)>,
}

#[test]
fn all_devices_end_in_the_same_state_and_nothing_typed_is_lost() {
    let mut reached = Reached::default();
    for seed in 0..24 {
        let mut fleet = Fleet::new(1_000 + seed);
        fleet.server.page_by(3, 4);
        let (mut typed, mut given_up) = (Typed::new(), GivenUp::default());
        for step in 0..120 {
            act(&mut fleet, step, &mut typed, &mut given_up);
            for _ in 0..3 {
                disturb(&mut fleet);
            }
        }
        calm(&mut fleet);
        agree(&fleet, seed, &typed, &given_up);
        reached.note(&fleet);
    }
    assert!(reached.removals >= 3 && reached.epochs >= 48 && reached.late >= 10, "too tame: {reached:?}");
}

/// What the random deeds came to over all seeds, so that nobody tames them by oversight.
#[derive(Debug, Default)]
struct Reached {
    removals: usize,
    epochs: u64,
    commits: usize,
    late: usize,
}

impl Reached {
    fn note(&mut self, fleet: &Fleet) {
        let log = fleet.engine(0).log().unwrap();
        self.removals += log.members().len() - log.active().count();
        self.epochs += log.epoch();
        self.commits += fleet.server.commits(fleet.account()).len();
        self.late +=
            fleet.items(0).iter().flat_map(|entry| &entry.item.history).filter(|replaced| replaced.late).count();
    }
}

/// One device does something.
fn act(fleet: &mut Fleet, step: usize, typed: &mut Typed, given_up: &mut GivenUp) {
    let device = fleet.below(fleet.len());
    let items = fleet.items(device);
    let deed = fleet.below(40);
    let Some(entry) = pick(fleet, &items).filter(|_| deed >= 8) else {
        let title = format!("note {step}");
        typed.insert((device, note(fleet, device, &title), title));
        return;
    };
    let item = entry.id;
    match deed {
        8..=21 => {
            let title = format!("title {step}");
            rename(fleet, device, item, &title);
            given_up.replaced.insert((item, title_of(&entry.item)));
            typed.insert((device, item, title));
        }
        22..=25 => fleet.edit(device, Operation::trash(item, &entry.item, fleet.now)),
        26..=28 => fleet.edit(device, Operation::restore(item, fleet.now)),
        29 => {
            fleet.edit(device, Operation::purge(item, &entry.item, fleet.now));
            given_up.purged.insert(item);
        }
        30..=33 => fleet.crash(device),
        34 | 35 if fleet.len() < 5 => _ = fleet.join(device),
        36 if fleet.len() > 3 => {
            let victim = fleet.id(fleet.len() - 1);
            let command = Command::Revoke {
                devices: vec![victim],
                keep: Vec::new(),
                reason: RevokeReason::Lost,
                keep_slots: Vec::new(),
            };
            fleet.handle(device, Event::Command(command)).unwrap();
        }
        37 => fleet.handle(device, Event::Command(Command::Rotate)).unwrap(),
        _ => fleet.handle(device, Event::Sync).unwrap(),
    }
}

fn pick<'a>(fleet: &mut Fleet, items: &'a [Entry]) -> Option<&'a Entry> {
    items.get(fleet.below(items.len()))
}

/// The wire does something.
fn disturb(fleet: &mut Fleet) {
    let device = fleet.below(fleet.len());
    let deed = match fleet.below(10) {
        0 => Deed::LoseRequest,
        1 => Deed::LoseAnswer,
        2 => Deed::Duplicate,
        _ => Deed::Deliver,
    };
    fleet.deliver(device, deed);
}

/// The wire is good again, until nobody has anything to do.
fn calm(fleet: &mut Fleet) {
    for _ in 0..6 {
        for device in 0..fleet.len() {
            while fleet.deliver(device, Deed::Deliver) {}
            fleet.sync(device);
        }
    }
}

fn agree(fleet: &Fleet, seed: u64, typed: &Typed, given_up: &GivenUp) {
    let log = fleet.engine(0).log().unwrap();
    let is_member = |device: &usize| log.active_member(fleet.id(*device)).is_some();
    let members: Vec<_> = (0..fleet.len()).filter(is_member).collect();
    let head = fleet.server.vault_head(fleet.account());
    for &device in &members {
        let status = fleet.engine(device).status().unwrap();
        assert_eq!(fleet.idle(device), Some(&Idle::UpToDate), "seed {seed}, device {device}");
        assert_eq!((status.pins.vault, status.pending), (head, 0), "seed {seed}, device {device}");
        assert_eq!(status.reseal_pages, 0, "seed {seed}, device {device}");
        assert_eq!(states(fleet, device), states(fleet, 0), "seed {seed}, device {device}");
    }
    for device in (0..fleet.len()).filter(|device| !is_member(device)) {
        assert_ne!(fleet.idle(device), Some(&Idle::UpToDate), "seed {seed}: a stranger goes on");
    }
    let items = fleet.items(0);
    let is_purged = |item: &ItemId| given_up.purged.contains(item);
    for (device, item, title) in typed.iter().filter(|(device, item, _)| is_member(device) && !is_purged(item)) {
        let Some(entry) = items.iter().find(|entry| entry.id == *item) else {
            // Another device made it, and was revoked before it could push.
            assert!(fleet.unapplied(*device).iter().any(|operation| operation.item == *item), "seed {seed}");
            continue;
        };
        let is_kept = entry.item.history.iter().any(|replaced| replaced.expose_text() == Some(title));
        let is_given_up = given_up.replaced.contains(&(*item, title.clone()));
        assert!(title_of(&entry.item) == *title || is_kept || is_given_up, "seed {seed}: {title} is lost");
    }
}

fn title_of(item: &Item) -> String {
    let Content::Note(note) = &item.content else { panic!("not a note") };
    note.title.clone()
}

fn states(fleet: &Fleet, device: usize) -> Vec<(ItemId, [u8; 32], bool)> {
    let items = fleet.items(device);
    items.iter().map(|entry| (entry.id, entry.item.state_hash(), entry.item.trashed.is_some())).collect()
}
