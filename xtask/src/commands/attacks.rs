//! The attack suite: each attack is tried, and each check that stops one is shown to be needed.

mod readme;
mod registry;
mod report;
mod source;
mod suite;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::{Result, bail};
use clap::Args;

pub(crate) use self::suite::MUTANT;
use self::{
    registry::{ATTACKS, Attack, Mutant},
    report::{Report, Row},
    suite::{Suite, Verdict},
};
use crate::{commands::test, workspace::Workspace};

/// Try every attack, then take each check out and demand that its tests notice
#[derive(Args)]
pub(crate) struct Attacks {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Write the table into the README instead of comparing it
    #[arg(long)]
    write: bool,
}

impl Attacks {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        let report = run(workspace)?;
        if self.json {
            println!("{}", report.to_json()?);
        } else {
            print!("{}", report.table());
        }
        if self.write {
            readme::write(workspace, &report)?
        } else {
            readme::check(workspace, &report)?
        }
        match report.faults() {
            [] => Ok(()),
            faults => bail!("{}", faults.join("\n")),
        }
    }
}

/// Runs the suite, as a stage of `test`.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let report = run(workspace)?;
    eprint!("{}", report.table());
    readme::check(workspace, &report)?;
    match report.faults() {
        [] => Ok(()),
        faults => bail!("{}", faults.join("\n")),
    }
}

/// Tells whether a check of this name can be taken out.
pub(crate) fn is_mutant(name: &str) -> bool {
    mutants().contains(name)
}

fn run(workspace: &Workspace) -> Result<Report> {
    // What an earlier run of this suite left there has mutants.
    test::binaries(workspace)?;
    let mut faults = source::compare(workspace, &mutants())?;
    faults.extend(source::find_in_builds(workspace, &mutants())?);
    faults.extend(source::missing_journeys(workspace, ATTACKS.iter().flat_map(|attack| attack.journeys).copied()));
    let suite = Suite::build(workspace, &packages())?;
    let clean = suite.run(None, &tests(), CLEAN)?;
    faults.extend(
        clean
            .iter()
            .filter(|(_, verdict)| **verdict != Verdict::Passed)
            .map(|(test, verdict)| format!("{test}: {verdict}")),
    );
    let jobs: Vec<_> = ATTACKS.iter().flat_map(|attack| attack.mutants.iter().map(move |m| (attack.id, m))).collect();
    let killed = suite.in_parallel(&jobs, |suite, (_, mutant)| {
        let tests = mutant.killed_by.iter().copied().collect();
        suite.run(Some(mutant.name), &tests, ONE)
    })?;
    let mut rows = Vec::new();
    for attack in &ATTACKS {
        let survivors = jobs.iter().zip(&killed).filter(|((id, _), _)| *id == attack.id);
        let survivors: Vec<_> = survivors.filter_map(|((_, mutant), verdicts)| survived(mutant, verdicts)).collect();
        rows.push(row(attack, &clean, survivors.len()));
        faults.extend(survivors);
        faults.extend(incomplete(attack));
    }
    Ok(Report::new(rows, faults))
}

fn row(attack: &'static Attack, clean: &BTreeMap<&str, Verdict>, survivors: usize) -> Row {
    let tests = tests_of(attack);
    let passed = tests.iter().filter(|test| clean.get(**test) == Some(&Verdict::Passed)).count();
    Row { attack, tests: tests.len(), passed, killed: attack.mutants.len() - survivors }
}

/// A check that none of its tests would miss is not a check.
fn survived(mutant: &Mutant, verdicts: &BTreeMap<&str, Verdict>) -> Option<String> {
    let survivors: Vec<_> =
        mutant.killed_by.iter().filter(|test| verdicts.get(**test) == Some(&Verdict::Passed)).copied().collect();
    let name = mutant.name;
    (!survivors.is_empty()).then(|| format!("without {name} these still pass: {}", survivors.join(", ")))
}

fn incomplete(attack: &Attack) -> Option<String> {
    let is_whole = !attack.pending.is_empty() || (!tests_of(attack).is_empty() && !attack.mutants.is_empty());
    (!is_whole).then(|| format!("attack {} has no test or no mutant, and waits for nothing", attack.id))
}

fn tests_of(attack: &Attack) -> BTreeSet<&'static str> {
    let killers = attack.mutants.iter().flat_map(|mutant| mutant.killed_by);
    attack.tests.iter().chain(killers).copied().collect()
}

fn tests() -> BTreeSet<&'static str> {
    ATTACKS.iter().flat_map(tests_of).collect()
}

fn mutants() -> BTreeSet<&'static str> {
    ATTACKS.iter().flat_map(|attack| attack.mutants).map(|mutant| mutant.name).collect()
}

fn packages() -> BTreeSet<&'static str> {
    tests().into_iter().filter_map(|test| test.split_once(' ')).map(|(package, _)| package).collect()
}

/// How long the whole suite may take on a busy machine, one binary of it.
const CLEAN: Duration = Duration::from_secs(600);

/// How long the tests of one mutant may take: without its check, a loop may have no end.
const ONE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_fifty_attacks_in_their_order() {
        assert!(ATTACKS.iter().map(|attack| attack.id).eq(1..=50));
    }

    #[test]
    fn whatever_waits_for_nothing_has_a_test_and_a_mutant() {
        assert_eq!(ATTACKS.iter().filter_map(incomplete).collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn what_a_browser_has_to_show_has_a_journey() {
        let has_to_show = [10, 14, 16, 17, 25, 28, 29, 42, 43, 48];
        let shows_nothing = |attack: &&Attack| has_to_show.contains(&attack.id) && attack.journeys.is_empty();
        assert_eq!(ATTACKS.iter().filter(shows_nothing).map(|attack| attack.id).collect::<Vec<_>>(), [0; 0]);
    }

    #[test]
    fn each_mutant_has_tests_that_are_to_fail() {
        assert!(ATTACKS.iter().flat_map(|attack| attack.mutants).all(|mutant| !mutant.killed_by.is_empty()));
    }

    #[test]
    fn a_mutant_survives_while_one_of_its_tests_passes() {
        let mutant = Mutant { name: "m", killed_by: &["a b", "a c"] };
        let verdicts = |c| BTreeMap::from([("a b", Verdict::Failed), ("a c", c)]);
        assert_eq!(survived(&mutant, &verdicts(Verdict::Failed)), None);
        assert!(survived(&mutant, &verdicts(Verdict::Passed)).is_some());
    }

    #[test]
    fn the_threat_model_names_each_attack_and_each_mutant_and_no_others() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/threat-model.md");
        let text = std::fs::read_to_string(path).expect("the threat model");
        let in_brackets = text.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
        let numbers = in_brackets.flat_map(|(inside, _)| inside.split(',').filter_map(|word| word.trim().parse().ok()));
        let named: BTreeSet<u32> = numbers.collect();
        assert_eq!(named, (1..=50).collect(), "the attacks");

        let quoted: Vec<_> = text.split('`').skip(1).step_by(2).filter(|word| is_a_check(word)).collect();
        let fits = |pattern: &str, name: &str| {
            pattern.strip_suffix('*').map_or(pattern == name, |prefix| name.starts_with(prefix))
        };
        let unknown = quoted.iter().filter(|word| !mutants().iter().any(|name| fits(word, name)));
        assert_eq!(unknown.collect::<Vec<_>>(), [&""; 0], "no such checks");
        let unnamed = mutants().into_iter().filter(|name| !quoted.iter().any(|word| fits(word, name)));
        assert_eq!(unnamed.collect::<Vec<_>>(), [""; 0], "checks of no guarantee");
    }

    /// `part.what-holds`, or `part.*`.
    fn is_a_check(word: &str) -> bool {
        word.split_once('.').is_some_and(|(part, what)| {
            let is_name = |text: &str| {
                !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit())
            };
            is_name(part) && (what == "*" || what.contains('-') && is_name(what))
        })
    }
}
