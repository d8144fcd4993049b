//! The guess counter of a realm: processes that die, rows that are put back, resets and versions that come again.
//!
//! The arithmetic is the realm's own [`Mark`]; what is modelled is the order of reads and writes around it, two at a time.

use std::collections::BTreeSet;

use roamkey_realm::Mark;
use stateright::{Model, Property};

/// The rules that keep guesses bounded. All hold in Roamkey; a test leaves each one out and sees the bound break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    /// A guess is written before it is evaluated.
    pub counts_first: bool,
    /// It is written in two places, of which no backup holds both.
    pub marks_by_itself: bool,
    /// Of two writers who read the same row one begins anew.
    pub one_at_a_time: bool,
    /// A reset names the guesses that it forgives.
    pub forgives_what_was: bool,
    /// A version that was there never begins again.
    pub versions_are_new: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            counts_first: true,
            marks_by_itself: true,
            one_at_a_time: true,
            forgives_what_was: true,
            versions_are_new: true,
        }
    }
}

/// How far the checker goes.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// The rules.
    pub rules: Rules,
    /// Guesses that are left at the start: few, so that every order is tried.
    pub left: u64,
    /// Guesses that anyone begins.
    pub begun: u8,
    /// Versions that a device sets.
    pub versions: u64,
    /// Resets that the person signs.
    pub resets: usize,
}

/// The realm, who asks it, and what was given away.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    row: Row,
    mark: Mark,
    backup: Option<Row>,
    /// Two guesses at once.
    runs: [Option<Run>; 2],
    /// Resets that the person signed: version, and the guesses that each forgives.
    signed: BTreeSet<(u64, u64)>,
    begun: u8,
    /// Guesses that were evaluated, by version from 1, over those that were at the start.
    evaluated: Vec<u64>,
    /// Whether a backup was put back over a row that was further.
    is_put_back: bool,
}

/// What lies in the realm's database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Row {
    revision: u64,
    mark: Mark,
    /// The version whose share is here.
    live: u64,
}

/// A guess on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Run {
    /// It has read this.
    Read(Row, Mark),
    /// It has written the row.
    Saved { mark: Mark, number: u64 },
    /// It has written all that it has to, and the answer is to be given.
    Written { number: u64 },
}

/// Something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// A guess begins.
    Begin(usize),
    /// A guess goes a step further.
    Step(usize),
    /// The process dies.
    Crash,
    /// The operator copies the rows.
    Backup,
    /// The operator puts the copy back, and starts the process.
    Restore,
    /// The person came back, and signs that the guesses so far are forgiven.
    Sign,
    /// Somebody brings a signed reset, again or for the first time.
    Reset(u64, u64),
    /// A device sets a version; who replays an order sets one that was there.
    Register(u64),
}

impl Model for Bounds {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let used = u64::from(Mark::default().left()).saturating_sub(self.left);
        let mark = Mark { number: 1, evaluated: used, forgiven: 0 };
        vec![World {
            row: Row { revision: 1, mark, live: 1 },
            mark,
            backup: None,
            runs: [None, None],
            signed: BTreeSet::new(),
            begun: 0,
            evaluated: vec![used],
            is_put_back: false,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        for (at, run) in world.runs.iter().enumerate() {
            match run {
                Some(_) => actions.push(Action::Step(at)),
                None if world.begun < self.begun => actions.push(Action::Begin(at)),
                None => {}
            }
        }
        if world.runs.iter().any(Option::is_some) {
            actions.push(Action::Crash);
        }
        if world.backup != Some(world.row) {
            actions.push(Action::Backup);
            actions.extend(world.backup.map(|_| Action::Restore));
        }
        if world.signed.len() < self.resets {
            actions.push(Action::Sign);
        }
        actions.extend(world.signed.iter().map(|(number, evaluated)| Action::Reset(*number, *evaluated)));
        actions.extend((1..=self.versions).map(Action::Register));
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        match action {
            Action::Begin(at) => {
                next.begun += 1;
                *next.runs.get_mut(at)? = Some(Run::Read(world.row, world.mark));
            }
            Action::Step(at) => {
                let run = next.runs.get_mut(at)?.take()?;
                let after = self.step(run, &mut next);
                *next.runs.get_mut(at)? = after;
            }
            Action::Crash => next.runs = [None, None],
            Action::Backup => next.backup = Some(world.row),
            Action::Restore => {
                next.runs = [None, None];
                next.row = world.backup?;
                next.is_put_back = true;
            }
            Action::Sign => {
                let mark = self.known(&world.row, world.mark);
                next.signed.insert((mark.number, mark.evaluated));
            }
            Action::Reset(number, evaluated) => self.reset(number, evaluated, &mut next)?,
            Action::Register(number) => self.register(number, &mut next)?,
        }
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(BOUND, |_, world: &World| world.is_bounded()),
            Property::always(FORGIVEN, |_, world: &World| {
                world.row.mark.forgiven <= world.signed_for(world.row.mark.number)
            }),
            Property::sometimes("all guesses are evaluated", |_, world: &World| {
                world.evaluated.first() == Some(&u64::from(Mark::default().left()))
            }),
            Property::sometimes("guesses that were forgiven are made again", |_, world: &World| {
                world.evaluated.iter().any(|evaluated| *evaluated > u64::from(Mark::default().left()))
            }),
            Property::sometimes("a row is put back, and guesses go on", |_, world: &World| {
                world.is_put_back && matches!(world.runs, [Some(Run::Written { .. }), _])
            }),
        ]
    }
}

/// What is promised.
pub const BOUND: &str = "no more guesses are evaluated than are allowed";

/// What is promised of resets.
pub const FORGIVEN: &str = "no guess is forgiven that the person has not signed for";

impl Bounds {
    /// What a realm knows who reads both places.
    fn known(&self, row: &Row, mark: Mark) -> Mark {
        if self.rules.marks_by_itself { row.mark.join(mark) } else { row.mark }
    }

    fn step(&self, run: Run, world: &mut World) -> Option<Run> {
        match run {
            Run::Read(row, mark) => {
                let known = self.known(&row, mark);
                if row.live != known.number {
                    return None;
                }
                let counted = known.counted()?;
                if !self.rules.counts_first {
                    world.evaluate(counted.number);
                }
                if self.rules.one_at_a_time && world.row.revision != row.revision {
                    return Some(Run::Read(world.row, world.mark));
                }
                world.row = Row { revision: row.revision + 1, mark: counted, live: row.live };
                Some(Run::Saved { mark: counted, number: counted.number })
            }
            Run::Saved { mark, number } => {
                world.mark = world.mark.join(mark);
                Some(Run::Written { number })
            }
            Run::Written { number } => {
                if self.rules.counts_first {
                    world.evaluate(number);
                }
                None
            }
        }
    }

    /// In one step: that two may come between is what guesses are for.
    fn reset(&self, number: u64, evaluated: u64, world: &mut World) -> Option<()> {
        let known = self.known(&world.row, world.mark);
        if number != known.number || world.row.live != number {
            return None;
        }
        let upto = if self.rules.forgives_what_was { evaluated } else { known.evaluated };
        let forgiven = known.forgiven_up_to(upto);
        // What changes nothing is not written.
        (forgiven != world.row.mark).then(|| world.write(forgiven, number))
    }

    fn register(&self, number: u64, world: &mut World) -> Option<()> {
        let known = self.known(&world.row, world.mark);
        if self.rules.versions_are_new && number <= known.number {
            return None;
        }
        let begun = Mark::begin(number);
        let begun = if self.rules.versions_are_new { known.join(begun) } else { begun };
        if !self.rules.versions_are_new {
            world.mark = begun;
        }
        world.write(begun, number);
        Some(())
    }
}

impl World {
    fn write(&mut self, mark: Mark, live: u64) {
        self.row = Row { revision: self.row.revision + 1, mark, live };
        self.mark = self.mark.join(mark);
    }

    fn evaluate(&mut self, number: u64) {
        let at = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        while self.evaluated.len() <= at {
            self.evaluated.push(0);
        }
        if let Some(evaluated) = self.evaluated.get_mut(at) {
            *evaluated += 1;
        }
    }

    /// Of each version, no more than what the person had forgiven, and the bound.
    fn is_bounded(&self) -> bool {
        (1u64..)
            .zip(&self.evaluated)
            .all(|(number, evaluated)| *evaluated <= self.signed_for(number) + u64::from(Mark::default().left()))
    }

    fn signed_for(&self, number: u64) -> u64 {
        let signed = self.signed.iter().filter(|(version, _)| *version == number);
        signed.map(|(_, upto)| *upto).max().unwrap_or(0)
    }
}
