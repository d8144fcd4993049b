//! Stages of a long run: each is timed, none is tried twice, all failures are named at the end.

pub(crate) mod closing;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::process::Transcript;

/// What ran so far.
#[derive(Default)]
pub(crate) struct Stages {
    done: Vec<Stage>,
}

struct Stage {
    name: &'static str,
    took: Duration,
    outcome: Result<()>,
    closing: Vec<String>,
}

impl Stages {
    /// Runs a stage that either works or doesn't.
    pub(crate) fn check(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) {
        self.stage(name, || (work(), Vec::new()));
    }

    /// Runs a stage whose last words are worth repeating, picked by `closing`.
    pub(crate) fn tests(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<Transcript>,
        closing: impl FnOnce(&[String]) -> Vec<String>,
    ) {
        self.stage(name, || match work() {
            Ok(transcript) => (transcript.outcome, closing(&transcript.lines)),
            Err(error) => (Err(error), Vec::new()),
        });
    }

    fn stage(&mut self, name: &'static str, work: impl FnOnce() -> (Result<()>, Vec<String>)) {
        eprintln!("\n== {name}");
        let start = Instant::now();
        let (outcome, closing) = work();
        let stage = Stage { name, took: start.elapsed(), outcome, closing };
        eprintln!("== {}", stage.line());
        self.done.push(stage);
    }

    /// Prints what each runner said last and the minutes of each stage.
    ///
    /// # Errors
    ///
    /// When a stage failed: the error names all that did.
    pub(crate) fn finish(self) -> Result<()> {
        println!();
        for stage in self.done.iter().filter(|stage| !stage.closing.is_empty()) {
            println!("{}:", stage.name);
            stage.closing.iter().for_each(|line| println!("    {line}"));
        }
        println!();
        for stage in &self.done {
            println!("{}", stage.line());
        }
        let all = self.done.iter().map(|stage| stage.took).sum();
        println!("{}", row("all", all, ""));

        let failed: Vec<&Stage> = self.done.iter().filter(|stage| stage.outcome.is_err()).collect();
        if failed.is_empty() {
            return Ok(());
        }
        for stage in &failed {
            if let Err(error) = &stage.outcome {
                println!("{}: {error:#}", stage.name);
            }
        }
        bail!("failed: {}", failed.iter().map(|stage| stage.name).collect::<Vec<_>>().join(", "))
    }
}

impl Stage {
    fn line(&self) -> String {
        row(self.name, self.took, if self.outcome.is_ok() { "ok" } else { "FAILED" })
    }
}

fn row(name: &str, took: Duration, outcome: &str) -> String {
    format!("{name:<28} {:>6.1} min  {outcome}", took.as_secs_f64() / 60.0).trim_end().to_owned()
}
