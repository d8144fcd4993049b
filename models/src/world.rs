//! Honest devices, a stolen one, what it plants, and a server on its side.

use stateright::{Model, Property};

use crate::{Chain, Device, Devices, Entry, Opened, Operation, Rules};

/// Who there is, and how long the log may get.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// Devices that keep to the rules; the first founds the account.
    pub honest: Devices,
    /// The device that is stolen, and those that it may add, of which the person knows nothing. They share what they know, with each other and with the server.
    pub thieves: Devices,
    /// Entries of the log.
    pub entries: usize,
    /// What the log is judged by.
    pub rules: Rules,
}

/// The log as the server has it, and how far each honest device has read it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    /// The log.
    pub chain: Chain,
    /// How many entries each device has read; thieves read everything.
    pub read: Vec<usize>,
    /// Since when the stolen device is out by an honest device's word.
    pub removed_at: Option<usize>,
}

/// Something happens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// An honest device reads the next entry; the server decides when.
    Read(Device),
    /// An entry reaches the server, which takes it if the rules allow it.
    Append(Entry),
}

impl Model for Bounds {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let founder = self.honest.iter().next().expect("somebody founds the account");
        let mut chain = Chain::under(self.rules);
        let fits = Devices::of([founder]);
        let founded = Entry { author: founder, operation: Operation::Found, epoch: Some(Opened { base: 0, fits }) };
        assert!(chain.append(founded), "anybody founds an account");
        vec![World { chain, read: vec![1; 16], removed_at: None }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        let active = world.chain.active();
        for device in self.honest.and(active).iter() {
            if world.has_read(device) < world.chain.entries().len() {
                actions.push(Action::Read(device));
            }
            actions.extend(self.honest_entries(world, device).into_iter().map(Action::Append));
        }
        for device in self.thieves.and(world.chain.ever()).iter() {
            actions.extend(self.thief_entries(world, device).into_iter().map(Action::Append));
        }
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        match action {
            Action::Read(device) => *next.read.get_mut(usize::from(device))? += 1,
            Action::Append(entry) => {
                let read = world.has_read(entry.author);
                let is_honest = self.honest.has(entry.author);
                // Who builds on an older head meets a conflict, reads on, and tries again.
                if (is_honest && read < world.chain.entries().len()) || !next.chain.append(entry.clone()) {
                    return None;
                }
                let len = next.chain.entries().len();
                *next.read.get_mut(usize::from(entry.author))? = len;
                if let Operation::Add(newcomer) = entry.operation {
                    *next.read.get_mut(usize::from(newcomer))? = len;
                }
                if is_honest
                    && matches!(&entry.operation, Operation::Revoke { devices, .. } if devices.has(self.stolen()))
                {
                    next.removed_at = Some(len);
                }
            }
        }
        Some(next)
    }

    fn within_boundary(&self, world: &World) -> bool {
        world.chain.entries().len() <= self.entries
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("no honest device is locked out", |bounds: &Self, world: &World| {
                bounds.nobody_is_locked_out(world)
            }),
            Property::always("who was removed opens nothing that came after", |bounds: &Self, world: &World| {
                bounds.removed_open_nothing_later(world)
            }),
            Property::always(
                "nothing planted outlives the removal of who planted it",
                |bounds: &Self, world: &World| bounds.nothing_planted_stays(world),
            ),
            Property::always(
                "an honest opener's epoch opens for every honest device",
                |bounds: &Self, world: &World| bounds.honest_epochs_open(world),
            ),
            Property::always("nobody is cut off what an honest device has made", |bounds: &Self, world: &World| {
                bounds.nothing_honest_is_skipped(world)
            }),
            Property::sometimes("a thief shuts honest devices out", |bounds: &Self, world: &World| {
                bounds.honest.and(world.chain.active()).iter().any(|device| world.is_shut_out(device))
            }),
            Property::sometimes("an epoch is skipped", |_, world: &World| {
                let newest = world.chain.entries().last().and_then(|entry| entry.epoch.as_ref());
                newest.is_some_and(|opened| opened.base + 1 < world.chain.epochs())
            }),
            Property::sometimes("the stolen device is removed after it planted one", |bounds: &Self, world: &World| {
                world.removed_at.is_some() && bounds.thieves.and(world.chain.ever()).iter().count() > 1
            }),
        ]
    }
}

impl World {
    fn has_read(&self, device: Device) -> usize {
        self.read.get(usize::from(device)).copied().unwrap_or_default()
    }

    fn is_shut_out(&self, device: Device) -> bool {
        self.chain.newest_key_of(device) < self.chain.epochs()
    }
}

impl Bounds {
    fn stolen(&self) -> Device {
        self.thieves.iter().next().expect("a device that is stolen")
    }

    /// What an honest device may want: a person adds a device of theirs (one of them is stolen later), removes every
    /// thief, leaves, or opens an epoch.
    fn honest_entries(&self, world: &World, author: Device) -> Vec<Entry> {
        let chain = &world.chain;
        let everyone = Devices::of(self.honest.iter().chain(self.thieves.iter().take(1)));
        let mut operations: Vec<_> = everyone.less(chain.ever()).iter().map(Operation::Add).collect();
        if chain.active().has(self.stolen()) {
            // As it should be, and as a person does who overlooks what the stolen device has planted.
            let named = Devices::of([self.stolen()]);
            operations.extend([removal(chain, named), Operation::Revoke { devices: named, keep: Devices::default() }]);
        }
        operations.extend([Operation::Leave, Operation::Rotate]);
        let entries = operations.into_iter().map(|operation| honest(chain, author, operation));
        entries.filter(|entry| can_make(chain, entry)).collect()
    }

    /// What a thief may want: anything that the rules allow, with epochs that fit whomever it likes.
    fn thief_entries(&self, world: &World, author: Device) -> Vec<Entry> {
        let chain = &world.chain;
        let mut operations: Vec<_> = self.thieves.less(chain.ever()).iter().map(Operation::Add).collect();
        let others = chain.active().less(Devices::of([author]));
        operations.extend(others.iter().map(|device| removal(chain, Devices::of([device]))));
        operations.extend([Operation::Leave, Operation::Rotate]);
        let known = if self.rules.ties { chain.keys_of(self.thieves) } else { (1..=chain.epochs()).collect() };
        let mut entries = Vec::new();
        for operation in operations {
            if operation == Operation::Leave {
                entries.push(Entry { author, operation, epoch: None });
                continue;
            }
            // For every choice of the honest devices whom it shuts out, tied to any key that it knows.
            for fits in subsets(self.honest) {
                for &base in &known {
                    let fits = Devices::of(fits.iter().chain(self.thieves.iter()));
                    let epoch = Some(Opened { base, fits });
                    entries.push(Entry { author, operation: operation.clone(), epoch });
                }
            }
        }
        entries.into_iter().filter(|entry| chain.allows(entry)).map(|entry| to_members(chain, entry)).collect()
    }

    /// Whoever is honest and in can end this once it has read everything: by removing the stolen device with what it
    /// planted, or where that is out by an epoch of its own.
    fn nobody_is_locked_out(&self, world: &World) -> bool {
        let chain = &world.chain;
        let thieves = self.thieves.and(chain.active());
        self.honest.and(chain.active()).iter().all(|device| {
            let way_out = if thieves.is_empty() { Operation::Rotate } else { removal(chain, thieves) };
            can_make(chain, &honest(chain, device, way_out))
        })
    }

    /// After an honest device has removed the stolen one, thieves hold no key of an epoch that was opened since.
    fn removed_open_nothing_later(&self, world: &World) -> bool {
        let Some(at) = world.removed_at else { return true };
        let before = world.chain.up_to(at - 1).epochs();
        world.chain.keys_of(self.thieves).into_iter().all(|epoch| epoch <= before)
    }

    /// What an honest device that is still in has opened is open to every honest device that is not shut out, newcomers
    /// included: nobody cuts them off.
    fn nothing_honest_is_skipped(&self, world: &World) -> bool {
        let chain = &world.chain;
        let honest = self.honest.and(chain.active());
        let openers = chain.entries().iter().filter(|entry| entry.epoch.is_some()).map(|entry| entry.author);
        let kept: Vec<u8> =
            (1..).zip(openers).filter(|(_, opener)| honest.has(*opener)).map(|(epoch, _)| epoch).collect();
        honest.iter().filter(|device| !world.is_shut_out(*device)).all(|device| {
            let keys = chain.keys_of(Devices::of([device]));
            kept.iter().all(|epoch| keys.contains(epoch))
        })
    }

    fn nothing_planted_stays(&self, world: &World) -> bool {
        world.removed_at.is_none() || self.thieves.and(world.chain.active()).is_empty()
    }

    fn honest_epochs_open(&self, world: &World) -> bool {
        let newest = world.chain.entries().iter().rev().find(|entry| entry.epoch.is_some());
        let by_honest = newest.is_some_and(|entry| self.honest.has(entry.author));
        !by_honest || self.honest.and(world.chain.active()).iter().all(|device| !world.is_shut_out(device))
    }
}

/// A removal that leaves nothing behind which those who go have added.
fn removal(chain: &Chain, devices: Devices) -> Operation {
    let planted = chain.added_through(devices);
    let all = Devices::of(devices.iter().chain(planted.iter()));
    Operation::Revoke { devices: all, keep: Devices::default() }
}

/// The entry of an honest author: tied to the newest key that it holds, right for everyone who is in.
fn honest(chain: &Chain, author: Device, operation: Operation) -> Entry {
    let base = chain.newest_key_of(author);
    let everyone = Devices::of(0..16);
    let epoch = (operation != Operation::Leave).then_some(Opened { base, fits: everyone });
    to_members(chain, Entry { author, operation, epoch })
}

/// Wraps are for the members after the entry and nobody else: the log refuses others.
fn to_members(chain: &Chain, mut entry: Entry) -> Entry {
    let mut after = chain.clone();
    if after.append(entry.clone())
        && let Some(opened) = &mut entry.epoch
    {
        opened.fits = opened.fits.and(after.active());
    }
    entry
}

/// Who starts an epoch must know the key that it ties to, or no receiver takes it.
fn can_make(chain: &Chain, entry: &Entry) -> bool {
    let ties = entry.epoch.as_ref().is_none_or(|opened| opened.base > 0);
    ties && chain.allows(entry)
}

fn subsets(devices: Devices) -> Vec<Devices> {
    devices.iter().fold(vec![Devices::default()], |subsets, device| {
        subsets.iter().flat_map(|subset| [*subset, subset.with(device)]).collect()
    })
}
