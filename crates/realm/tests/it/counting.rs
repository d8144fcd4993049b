//! No guess is evaluated that was not counted, whatever dies, is put back, or comes at once (attack 33).

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use roamkey_proto::{Blinded, Guess, GuessReset, PreparedRealm, RequestId, limits};
use roamkey_realm::{Effect, MakeGuess, Refusal, Run, Step};
use roamkey_trust::realm::{Unverified, sign_by_authority};

use crate::{
    disk::{Disk, Fault},
    world::{DAY, Device, Site, Version, World, after},
};

const MAX: usize = limits::GUESSES as usize;

/// A realm at which a PIN is set, and a request that has waited.
struct Served {
    world: World,
    version: Version,
    device: Device,
    request: RequestId,
}

impl Served {
    fn new() -> Self {
        let mut world = World::new(1);
        let version = world.set(1, 1);
        let device = Device::new(9);
        let request = world.ask(&device);
        Self { world, version, device, request }
    }

    fn signed(&mut self) -> Unverified<Guess> {
        let element = self.world.element();
        self.signed_for(element)
    }

    fn signed_for(&self, element: Blinded) -> Unverified<Guess> {
        self.device.sign(&self.world.guess_of(0, self.version.number, self.request, element))
    }

    fn guess(&mut self) -> Result<PreparedRealm, Refusal> {
        let guess = self.signed();
        self.world.guess(0, &guess, after(DAY))
    }

    fn disk(&mut self) -> &mut Disk {
        &mut self.world.sites[0].disk
    }

    fn left(&mut self) -> Option<u8> {
        self.world.look(0, after(DAY)).left
    }
}

#[test]
fn ten_guesses_are_evaluated_and_the_eleventh_is_not() {
    let mut served = Served::new();
    for left in (0..limits::GUESSES).rev() {
        served.guess().unwrap();
        assert_eq!(served.left(), Some(left));
    }
    for _ in 0..3 {
        assert_eq!(served.guess().unwrap_err(), Refusal::Locked);
    }
}

#[test]
fn a_guess_is_written_in_two_places_before_anything_comes_of_it() {
    let mut served = Served::new();
    let guess = served.signed();
    let account = served.world.account();
    let Site { realm, disk } = &mut served.world.sites[0];
    let mut run = Run::new(account, MakeGuess { realm, guess: &guess }, after(DAY));
    let mut written = Vec::new();
    loop {
        let effect = run.effect();
        written.push(match effect {
            Effect::Load => "load",
            Effect::Save { .. } => "save",
            Effect::Raise(mark) => {
                assert_eq!(mark.evaluated, 1);
                "raise"
            }
        });
        match run.handle(disk.apply(effect)) {
            Step::Next(next) => run = next,
            Step::Done(ticket) => break drop(ticket.unwrap()),
        }
    }
    assert_eq!(written, ["load", "save", "raise"]);
}

#[test]
fn a_lost_answer_is_given_again_for_nothing() {
    let mut served = Served::new();
    let guess = served.signed();
    let first = served.world.guess(0, &guess, after(DAY)).unwrap();
    let again = served.world.guess(0, &guess, after(DAY)).unwrap();
    assert_eq!(first.evaluation.element, again.evaluation.element);
    assert_eq!(served.left(), Some(limits::GUESSES - 1));
    // Also once nothing is left.
    for _ in 1..limits::GUESSES {
        served.guess().unwrap();
    }
    assert_eq!(served.left(), Some(0));
    assert!(served.world.guess(0, &guess, after(DAY)).is_ok());
}

#[test]
fn rows_that_are_put_back_do_not_bring_guesses_back() {
    let mut served = Served::new();
    let backup = served.disk().clone();
    for _ in 0..7 {
        served.guess().unwrap();
    }
    served.disk().restore_rows(&backup);
    assert_eq!(served.left(), Some(limits::GUESSES - 7));
    for _ in 7..limits::GUESSES {
        served.guess().unwrap();
    }
    served.disk().restore_rows(&backup);
    assert_eq!(served.guess().unwrap_err(), Refusal::Locked);
}

#[test]
fn marks_that_are_put_back_do_not_bring_guesses_back() {
    let mut served = Served::new();
    let backup = served.disk().clone();
    for _ in 0..limits::GUESSES {
        served.guess().unwrap();
    }
    served.disk().restore_marks(&backup);
    assert_eq!(served.guess().unwrap_err(), Refusal::Locked);
}

#[test]
fn rows_that_are_put_back_do_not_bring_an_old_version_back() {
    let mut served = Served::new();
    let backup = served.disk().clone();
    served.world.set(2, 1);
    served.disk().restore_rows(&backup);
    assert_eq!(served.guess().unwrap_err(), Refusal::NotSet);
    assert_eq!(served.left(), None);
}

#[test]
fn of_two_guesses_at_once_each_counts() {
    for bits in 0..64u8 {
        let mut served = Served::new();
        for _ in 1..limits::GUESSES {
            served.guess().unwrap();
        }
        let (one, two) = (served.signed(), served.signed());
        let answered = race(&mut served.world, [&one, &two], |step| bits >> (step % 6) & 1 == 1);
        let evaluated = answered.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(evaluated, 1, "one was left, schedule {bits:b}");
    }
}

#[test]
fn a_reset_is_by_the_secret_and_serves_once() {
    let mut served = Served::new();
    for _ in 0..4 {
        served.guess().unwrap();
    }
    let reset = served.world.reset_of(0, &served.version, 4);
    let thief = Device::new(3);
    let forged = sign_by_authority(reset.claims(), served.version.authority.id(), &thief.write);
    let forged = Unverified::<GuessReset>::parse(&forged).unwrap();
    assert!(matches!(served.world.forgive(0, &forged), Err(Refusal::Signature(_))));
    assert_eq!(served.world.forgive(0, &reset), Ok(limits::GUESSES));
    for _ in 0..3 {
        served.guess().unwrap();
    }
    assert_eq!(served.world.forgive(0, &reset), Ok(limits::GUESSES - 3), "it forgives what was then");
    let ahead = served.world.reset_of(0, &served.version, 1_000);
    assert_eq!(served.world.forgive(0, &ahead), Ok(limits::GUESSES));
    served.guess().unwrap();
    assert_eq!(served.left(), Some(limits::GUESSES - 1), "nothing is forgiven ahead");
}

#[test]
fn a_reset_is_for_this_realm_and_version() {
    let mut served = Served::new();
    served.guess().unwrap();
    let sign = |served: &Served, bend: fn(&mut GuessReset)| {
        let mut reset = served.world.reset_of(0, &served.version, 1).claims().clone();
        bend(&mut reset);
        let authority = &served.version.authority;
        Unverified::parse(&sign_by_authority(&reset, authority.id(), &authority.sign)).unwrap()
    };
    let elsewhere = sign(&served, |reset| reset.realm.push('x'));
    assert_eq!(served.world.forgive(0, &elsewhere), Err(Refusal::ForeignRealm));
    let other = sign(&served, |reset| reset.number = 2);
    assert_eq!(served.world.forgive(0, &other), Err(Refusal::OtherVersion));
    let foreign = sign(&served, |reset| reset.account = roamkey_proto::AccountId::new([9; 32]));
    assert_eq!(served.world.forgive(0, &foreign), Err(Refusal::ForeignRealm));
    let honest = sign(&served, |_| {});
    assert_eq!(served.world.forgive(0, &honest), Ok(limits::GUESSES));
}

#[test]
fn a_guess_at_another_version_or_realm_is_none() {
    let mut served = Served::new();
    let element = served.world.element();
    let honest = served.world.guess_of(0, 1, served.request, element);
    let elsewhere = Guess { realm: crate::world::origin(1), ..honest.clone() };
    let foreign = Guess { account: roamkey_proto::AccountId::new([9; 32]), ..honest.clone() };
    let other = Guess { number: 2, ..honest };
    for (bent, refusal) in
        [(elsewhere, Refusal::ForeignRealm), (foreign, Refusal::ForeignRealm), (other, Refusal::OtherVersion)]
    {
        let signed = served.device.sign(&bent);
        assert_eq!(served.world.guess(0, &signed, after(DAY)).unwrap_err(), refusal);
    }
    assert_eq!(served.left(), Some(limits::GUESSES));
}

/// Carries two guesses out at once, a step of one or of the other at a time.
fn race(
    world: &mut World,
    guesses: [&Unverified<Guess>; 2],
    first_goes: impl Fn(usize) -> bool,
) -> [Result<PreparedRealm, Refusal>; 2] {
    let account = world.account();
    let Site { realm, disk } = &mut world.sites[0];
    let realm = &*realm;
    let mut runs = guesses.map(|guess| Some(Run::new(account, MakeGuess { realm, guess }, after(DAY))));
    let mut answers = [None, None];
    for step in 0.. {
        let wanted = usize::from(!first_goes(step));
        let who = if runs[wanted].is_some() { wanted } else { 1 - wanted };
        let Some(run) = runs[who].take() else { break };
        let outcome = disk.apply(run.effect());
        match run.handle(outcome) {
            Step::Next(next) => runs[who] = Some(next),
            Step::Done(ticket) => {
                answers[who] = Some(ticket.and_then(|ticket| ticket.evaluate(&mut world.rng)));
            }
        }
    }
    answers.map(|answer| answer.expect("both end"))
}

/// What happens to a realm.
#[derive(Clone, Debug)]
enum Event {
    Guess { fault: Option<Fault> },
    Again { which: usize },
    Race { schedule: u64 },
    Backup,
    RestoreRows { which: usize },
    RestoreMarks { which: usize },
    Reset,
    OldReset { which: usize },
    Register,
    OldOrder,
}

fn fault() -> impl Strategy<Value = Option<Fault>> {
    prop_oneof![
        2 => Just(None),
        1 => (0usize..3).prop_map(|step| Some(Fault::Before(step))),
        1 => (0usize..3).prop_map(|step| Some(Fault::After(step))),
    ]
}

fn events(with_faults: bool) -> impl Strategy<Value = Vec<Event>> {
    let fault = if with_faults { fault().boxed() } else { Just(None).boxed() };
    let restores = u32::from(with_faults);
    let event = prop_oneof![
        8 => fault.prop_map(|fault| Event::Guess { fault }),
        2 => any::<usize>().prop_map(|which| Event::Again { which }),
        2 => any::<u64>().prop_map(|schedule| Event::Race { schedule }),
        1 => Just(Event::Reset),
        1 => any::<usize>().prop_map(|which| Event::OldReset { which }),
        1 => Just(Event::Register),
        1 => Just(Event::OldOrder),
        restores * 2 + 1 => Just(Event::Backup),
        restores * 2 => any::<usize>().prop_map(|which| Event::RestoreRows { which }),
        restores => any::<usize>().prop_map(|which| Event::RestoreMarks { which }),
    ];
    proptest::collection::vec(event, 1..40)
}

/// What was answered, beside what may have been.
struct Ledger {
    served: Served,
    /// Who evaluates twice learns nothing new: elements, by version.
    evaluated: BTreeMap<u64, BTreeSet<Blinded>>,
    /// The most guesses that the person has had forgiven, by version.
    forgiven: BTreeMap<u64, u64>,
    sent: Vec<Unverified<Guess>>,
    resets: Vec<Unverified<GuessReset>>,
    backups: Vec<Disk>,
}

impl Ledger {
    fn new() -> Self {
        let (evaluated, forgiven) = (BTreeMap::new(), BTreeMap::new());
        Self { served: Served::new(), evaluated, forgiven, sent: Vec::new(), resets: Vec::new(), backups: Vec::new() }
    }

    fn note(&mut self, guess: &Unverified<Guess>, answer: Result<PreparedRealm, Refusal>) {
        if answer.is_ok() {
            let Guess { number, blinded, .. } = *guess.claims();
            self.evaluated.entry(number).or_default().insert(blinded);
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Guess { fault } => {
                let guess = self.served.signed();
                if let Some(answer) = self.served.world.guess_until(0, &guess, after(DAY), fault) {
                    self.note(&guess, answer);
                }
                self.sent.push(guess);
            }
            Event::Again { which } if !self.sent.is_empty() => {
                let guess = self.sent[which % self.sent.len()].clone();
                let answer = self.served.world.guess(0, &guess, after(DAY));
                self.note(&guess, answer);
            }
            Event::Race { schedule } => {
                let guesses = [self.served.signed(), self.served.signed()];
                let [one, two] = &guesses;
                let answers = race(&mut self.served.world, [one, two], |step| schedule >> (step % 64) & 1 == 1);
                for (guess, answer) in guesses.into_iter().zip(answers) {
                    self.note(&guess, answer);
                    self.sent.push(guess);
                }
            }
            Event::Backup => self.backups.push(self.served.disk().clone()),
            Event::RestoreRows { which } if !self.backups.is_empty() => {
                let backup = self.backups[which % self.backups.len()].clone();
                self.served.disk().restore_rows(&backup);
                // The rows are older than the marks, so the marks are written once more before they are put back.
                self.served.left();
            }
            Event::RestoreMarks { which } if !self.backups.is_empty() => {
                self.served.left();
                let backup = self.backups[which % self.backups.len()].clone();
                self.served.disk().restore_marks(&backup);
                self.served.left();
            }
            Event::Reset => self.reset(),
            Event::OldReset { which } if !self.resets.is_empty() => {
                let reset = self.resets[which % self.resets.len()].clone();
                let _ = self.served.world.forgive(0, &reset);
            }
            Event::Register => self.register(),
            Event::OldOrder => {
                let number = self.served.version.number;
                let element = self.served.world.element();
                let order = self.served.world.owner.sign(&self.served.world.order(0, number, element));
                assert!(self.served.world.prepare(0, &order).is_err(), "version {number} was there already");
            }
            Event::Again { .. } | Event::OldReset { .. } | Event::RestoreRows { .. } | Event::RestoreMarks { .. } => {}
        }
    }

    /// The person comes back, and has the guesses so far forgiven.
    fn reset(&mut self) {
        let mark = self.served.world.look(0, after(DAY)).mark;
        let reset = self.served.world.reset_of(0, &self.served.version, mark.evaluated);
        if self.served.world.forgive(0, &reset).is_ok() {
            let forgiven = self.forgiven.entry(self.served.version.number).or_default();
            *forgiven = mark.evaluated.max(*forgiven);
            self.resets.push(reset);
        }
    }

    /// The person sets the PIN anew, and asks again.
    fn register(&mut self) {
        let Served { world, version, device, request } = &mut self.served;
        *version = world.set(version.number + 1, 1);
        *request = world.ask(device);
    }

    /// Of each version, no more was evaluated than what was forgiven and ten.
    fn check(&self) {
        for (number, evaluated) in &self.evaluated {
            let allowed = self.forgiven.get(number).copied().unwrap_or_default() + u64::from(limits::GUESSES);
            assert!(evaluated.len() as u64 <= allowed, "{} of {allowed} at version {number}", evaluated.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_more_is_evaluated_than_may_be_whatever_fails(events in events(true)) {
        let mut ledger = Ledger::new();
        for event in events {
            ledger.happen(event);
            ledger.check();
        }
    }

    #[test]
    fn all_that_may_be_is_evaluated_where_nothing_fails(events in events(false)) {
        let mut ledger = Ledger::new();
        for event in events {
            ledger.happen(event);
            ledger.check();
        }
        ledger.register();
        let number = ledger.served.version.number;
        for event in [Event::Race { schedule: 5 }, Event::Race { schedule: u64::MAX / 3 }] {
            ledger.happen(event);
        }
        for _ in 0..limits::GUESSES {
            ledger.happen(Event::Guess { fault: None });
        }
        ledger.check();
        prop_assert_eq!(ledger.evaluated[&number].len(), MAX);
        prop_assert_eq!(ledger.served.guess().unwrap_err(), Refusal::Locked);
    }
}
