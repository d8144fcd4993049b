//! Fleets of devices that do anything, on a server that does anything: the same for the same seed.
//!
//! Two to six devices type, sync, pair, revoke, renew, leave, crash, lose touch and have wrong clocks, while the server loses,
//! delays, repeats, replays, swaps, edits, forks, goes back and lies about the time. After each deed a device shows what honest
//! devices wrote and nothing else. In the end the server is honest; then whoever is a member carries on at one history, nothing
//! typed is lost, and no key went to a stranger. Only where the server did show two histories may a device go on saying so.

mod deeds;
mod dice;
mod ending;
mod rules;
mod tricks;

use std::{collections::BTreeSet, fmt};

use roamkey_client::{Error, Synced};
use roamkey_proto::ItemId;

use self::dice::Dice;
use super::{Snapshot, World};

/// Plays a fleet from its seed for so many deeds, and tells what happens as it does.
///
/// # Panics
/// When anything is not as it must be. The same seed and number of deeds come to the same.
pub fn play(seed: u64, deeds: usize, tell: &mut dyn FnMut(&str)) -> Tally {
    let mut fleet = Fleet::new(seed, tell);
    for _ in 0..deeds {
        fleet.rule();
        fleet.deed();
    }
    fleet.end()
}

/// What a fleet came to, so that nobody tames it by oversight.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// How many devices there were.
    pub devices: usize,
    /// Texts that were typed.
    pub typed: usize,
    /// Meetings with the server that went well.
    pub synced: usize,
    /// Meetings in which the server was caught.
    pub caught: usize,
    /// Meetings that came to nothing else: no answer, a refusal.
    pub failed: usize,
    /// Entries of the log in the end.
    pub entries: u64,
    /// Commits in the end.
    pub commits: u64,
    /// Devices that were revoked.
    pub revoked: usize,
    /// Texts that somebody typed too late, found in the history of their items.
    pub late: usize,
    /// Devices that hold in the end what contradicts the server.
    pub apart: usize,
}

impl Tally {
    /// Adds up what several fleets came to.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            devices: self.devices + other.devices,
            typed: self.typed + other.typed,
            synced: self.synced + other.synced,
            caught: self.caught + other.caught,
            failed: self.failed + other.failed,
            entries: self.entries + other.entries,
            commits: self.commits + other.commits,
            revoked: self.revoked + other.revoked,
            late: self.late + other.late,
            apart: self.apart + other.apart,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { devices, typed, synced, caught, failed, entries, commits, revoked, late, apart } = self;
        write!(
            f,
            "{devices} devices, {typed} texts, {synced} syncs, {caught} lies caught, {failed} failures, {entries} entries, \
             {commits} commits, {revoked} revoked, {late} late, {apart} apart"
        )
    }
}

struct Fleet<'t> {
    world: World,
    dice: Dice,
    tell: &'t mut dyn FnMut(&str),
    tally: Tally,
    typed: Vec<Typed>,
    /// Titles that somebody saw and typed another one for.
    replaced: BTreeSet<(ItemId, String)>,
    purged: BTreeSet<ItemId>,
    /// Devices that signed themselves out.
    gone: BTreeSet<usize>,
    /// Devices whose keys the adversary has.
    lost: BTreeSet<usize>,
    /// Devices that drew new keys: a history from before, which the server goes back to, does not know them.
    renewed: BTreeSet<usize>,
    /// Whether this server may show two histories, or go back: then a device may hold that against it for good.
    twists: bool,
    has_twisted: bool,
    forks: usize,
    past: Vec<Snapshot>,
}

/// What was typed, by whom, into which item.
struct Typed {
    device: usize,
    item: ItemId,
    title: String,
}

impl<'t> Fleet<'t> {
    fn new(seed: u64, tell: &'t mut dyn FnMut(&str)) -> Self {
        let mut dice = Dice::new(seed);
        let devices = 2 + dice.below(3);
        let twists = dice.percent(40);
        tell(&format!("seed {seed}: {devices} devices{}", if twists { ", a server with two faces" } else { "" }));
        Self {
            world: World::of(devices, seed),
            dice,
            tell,
            tally: Tally::default(),
            typed: Vec::new(),
            replaced: BTreeSet::new(),
            purged: BTreeSet::new(),
            gone: BTreeSet::new(),
            lost: BTreeSet::new(),
            renewed: BTreeSet::new(),
            twists,
            has_twisted: false,
            forks: 0,
            past: Vec::new(),
        }
    }

    /// Devices that still hold a vault.
    fn present(&self) -> Vec<usize> {
        (0..self.world.len()).filter(|device| !self.gone.contains(device)).collect()
    }

    fn say(&mut self, what: &str) {
        (self.tell)(what);
    }

    fn sync(&mut self, device: usize) -> Result<Synced, Error> {
        self.world.server.allow(EXCHANGES);
        let synced = self.world.sync(device);
        match &synced {
            Ok(_) => self.tally.synced += 1,
            Err(Error::Distrust(_)) => self.tally.caught += 1,
            Err(_) => self.tally.failed += 1,
        }
        let outcome = match &synced {
            Ok(synced) => format!("at {}, {} pending, {:?}", synced.head.seq, synced.pending, synced.waiting),
            Err(error) => error.to_string(),
        };
        self.say(&format!("device {device} syncs: {outcome}"));
        synced
    }
}

/// Exchanges that any one deed takes at most: more is a device that never comes to an end.
const EXCHANGES: u64 = 400;
