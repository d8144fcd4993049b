//! Fleets of devices that do anything, on a server that does anything, for as long as one likes.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use cargo_metadata::Message;
use clap::Args;

use crate::{commands::attacks, workspace::Workspace};

/// Play fleets of devices against a malicious server, a seed each, until one breaks or the time is over
///
/// What a seed comes to is the same again: `--seed N --fleets 1` replays one and prints all that happens.
#[derive(Args)]
pub(crate) struct Fleet {
    /// The first seed; without one, another every time
    #[arg(long)]
    seed: Option<u64>,
    /// For how long
    #[arg(long, default_value_t = 2.0)]
    minutes: f64,
    /// How many at most
    #[arg(long)]
    fleets: Option<u64>,
    /// How much each does
    #[arg(long, default_value_t = DEEDS)]
    deeds: u32,
    /// How many at a time
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Take this check out first, as `cargo xtask attacks` does: the fleets have to find that it is missing
    #[arg(long, value_name = "CHECK")]
    plant: Option<String>,
}

/// What a fleet told, and whether it broke.
struct Played {
    seed: u64,
    broke: bool,
    story: String,
}

impl Fleet {
    /// Plays for so many minutes, from seeds that nobody has seen.
    pub(crate) fn for_minutes(minutes: f64) -> Self {
        Self { seed: None, minutes, fleets: None, deeds: DEEDS, jobs: 2, plant: None }
    }

    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        if let Some(name) = &self.plant
            && !attacks::is_mutant(name)
        {
            bail!("no check is called {name}; try one of {}", PLANTS.join(", "));
        }
        let first = self.seed.map_or_else(fresh, Ok)?;
        let program = build(workspace)?;
        let (count, worst) = self.play(&program, first)?;
        eprintln!("{count} fleets from seed {first} on, {} deeds each", self.deeds);
        let Some(Played { seed, broke, story }) = worst else { bail!("no time for a single fleet") };
        if broke || self.fleets == Some(1) {
            println!("{story}");
        }
        if !broke {
            return Ok(());
        }
        let plant = self.plant.map(|name| format!(" --plant {name}")).unwrap_or_default();
        bail!("seed {seed} breaks; again: cargo xtask fleet --seed {seed} --fleets 1 --deeds {}{plant}", self.deeds)
    }

    /// Plays one seed after the other until one breaks; returns how many, and the first that broke, or any.
    fn play(&self, program: &Path, first: u64) -> Result<(u64, Option<Played>)> {
        let (end, at_most) = (Instant::now() + Duration::from_secs_f64(self.minutes * 60.0), self.fleets);
        let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let played: Mutex<BTreeMap<_, _>> = Mutex::default();
        thread::scope(|scope| {
            for _ in 0..self.jobs.max(1) {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) && Instant::now() < end {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        if at_most.is_some_and(|most| at >= most) {
                            return;
                        }
                        let one = self.one(program, first.wrapping_add(at));
                        let holds = one.as_ref().is_ok_and(|one| !one.broke);
                        stop.fetch_or(!holds, Ordering::Relaxed);
                        // Those that broke come first, by their seeds.
                        if let Ok(mut played) = played.lock() {
                            played.insert((holds, at), one);
                        }
                    }
                });
            }
        });
        let Ok(played) = played.into_inner() else { bail!("a thread of the fleets panicked") };
        let count = played.len() as u64;
        Ok((count, played.into_values().next().transpose()?))
    }

    fn one(&self, program: &Path, seed: u64) -> Result<Played> {
        let output = self.command(program, seed).output();
        let output = output.with_context(|| format!("cannot start {}", program.display()))?;
        let told = String::from_utf8_lossy(&output.stdout);
        let broke = !output.status.success();
        let last = if broke { "it breaks" } else { told.lines().last().unwrap_or_default() };
        eprintln!("seed {seed}: {last}");
        Ok(Played { seed, broke, story: format!("{told}{}", String::from_utf8_lossy(&output.stderr)) })
    }

    fn command(&self, program: &Path, seed: u64) -> Command {
        let mut command = Command::new(program);
        command.args([seed.to_string(), self.deeds.to_string()]).stdin(Stdio::null());
        command.env_remove(attacks::MUTANT).env("RUST_BACKTRACE", "0");
        command.envs(self.plant.iter().map(|name| (attacks::MUTANT, name)));
        command
    }
}

/// Builds what plays a fleet, with every mutant, as one of the tests of the whole workspace: what they are linked with is there.
fn build(workspace: &Workspace) -> Result<PathBuf> {
    let call =
        workspace.cargo().args(["test", "--workspace", "--no-run", "--test", "fleet", "--message-format", "json"]);
    let messages = call.args(["--features", "roamkey-testkit/evil,roamkey-proto/mutants"]).read()?;
    for message in Message::parse_stream(messages.as_bytes()) {
        if let Message::CompilerArtifact(artifact) = message?
            && let Some(program) = artifact.executable
        {
            return Ok(program.into_std_path_buf());
        }
    }
    bail!("cargo built no fleet")
}

/// A seed that nobody has seen.
fn fresh() -> Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?.as_secs())
}

const DEEDS: u32 = 120;

/// Checks of three kinds that fleets miss within moments: for whoever wants to see that they would.
const PLANTS: [&str; 3] = ["heads.not-behind-the-pin", "pull.no-record-missing", "edits.rest-before-they-are-told"];
