//! The test binaries, built once with every mutant in them, and run by hand: a mutant a process.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    io::Read as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use cargo_metadata::Message;

use crate::workspace::Workspace;

/// Where each test is.
pub(super) struct Suite {
    binaries: Vec<Binary>,
}

struct Binary {
    package: String,
    path: PathBuf,
    /// Where its tests expect to run.
    folder: PathBuf,
    tests: BTreeSet<String>,
}

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Passed,
    Failed,
    /// It did not end by itself, or took its process with it.
    Lost,
    Missing,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Lost => "did not end",
            Self::Missing => "there is no such test",
        })
    }
}

impl Suite {
    /// Builds every test with every mutant, and keeps those of these packages.
    ///
    /// The whole workspace, though few packages matter: a choice of them would give their dependencies other features, and
    /// each of those would be compiled anew.
    pub(super) fn build(workspace: &Workspace, packages: &BTreeSet<&str>) -> Result<Self> {
        let call = workspace.cargo().args(["test", "--no-run", "--lib", "--tests", "--message-format", "json"]);
        let features = ["--features", "roamkey-proto/mutants,roamkey-authenticator/mutants"];
        let messages = call.arg("--workspace").args(features).read()?;
        let mut binaries = Vec::new();
        for message in Message::parse_stream(messages.as_bytes()) {
            if let Message::CompilerArtifact(artifact) = message?
                && artifact.profile.test
                && let Some(path) = artifact.executable
            {
                let folder = artifact.manifest_path.parent().context("a manifest is in a folder")?;
                let package = folder.file_name().unwrap_or_default().to_owned();
                if !packages.contains(package.as_str()) {
                    continue;
                }
                let (path, folder) = (path.into_std_path_buf(), folder.to_path_buf().into_std_path_buf());
                let tests = list(&path)?;
                binaries.push(Binary { package, path, folder, tests });
            }
        }
        Ok(Self { binaries })
    }

    /// Runs tests without one of the checks, or with all of them.
    pub(super) fn run<'t>(
        &self,
        mutant: Option<&str>,
        tests: &BTreeSet<&'t str>,
        limit: Duration,
    ) -> Result<BTreeMap<&'t str, Verdict>> {
        let mut verdicts: BTreeMap<_, _> = tests.iter().map(|test| (*test, Verdict::Missing)).collect();
        for binary in &self.binaries {
            let here: Vec<_> = tests.iter().filter(|test| binary.holds(test)).copied().collect();
            if !here.is_empty() {
                let told = binary.run(mutant, &here, limit)?;
                verdicts.extend(here.into_iter().map(|test| (test, verdict(&told, path_of(test)))));
            }
        }
        Ok(verdicts)
    }

    /// Does jobs on as many threads as there are processors, and returns what came of each.
    pub(super) fn in_parallel<J: Sync, R: Send>(
        &self,
        jobs: &[J],
        work: impl Fn(&Self, &J) -> Result<R> + Sync,
    ) -> Result<Vec<R>> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(BTreeMap::new());
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
                scope.spawn(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(job) = jobs.get(at) else { return };
                        let result = work(self, job);
                        if let Ok(mut done) = done.lock() {
                            done.insert(at, result);
                        }
                    }
                });
            }
        });
        let Ok(done) = done.into_inner() else { bail!("a thread of the suite panicked") };
        done.into_values().collect()
    }
}

impl Binary {
    fn holds(&self, test: &str) -> bool {
        test.split_once(' ').is_some_and(|(package, path)| package == self.package && self.tests.contains(path))
    }

    fn run(&self, mutant: Option<&str>, tests: &[&str], limit: Duration) -> Result<String> {
        let mut command = Command::new(&self.path);
        command.arg("--exact").args(tests.iter().map(|test| path_of(test))).current_dir(&self.folder);
        command.env_remove(MUTANT).env("RUST_BACKTRACE", "0");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some(mutant) = mutant {
            // Few tests beside the other mutants' processes.
            command.env(MUTANT, mutant).arg("--test-threads=1");
        }
        let child = command.spawn().with_context(|| format!("cannot start {}", self.path.display()))?;
        wait(child, limit)
    }
}

/// Reads what it prints until it ends, or until it has had its time.
fn wait(mut child: Child, limit: Duration) -> Result<String> {
    let mut pipe = child.stdout.take().context("its output was asked for")?;
    let end = Instant::now() + limit;
    thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let mut told = Vec::new();
            // What was read before an error is what there is.
            let _ = pipe.read_to_end(&mut told);
            String::from_utf8_lossy(&told).into_owned()
        });
        while child.try_wait()?.is_none() {
            if Instant::now() > end {
                child.kill()?;
            }
            thread::sleep(POLL);
        }
        reader.join().map_err(|_| anyhow::anyhow!("a reader panicked"))
    })
}

fn list(binary: &PathBuf) -> Result<BTreeSet<String>> {
    let output = Command::new(binary).args(["--list", "--format", "terse"]).output()?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
}

fn verdict(told: &str, path: &str) -> Verdict {
    let ending = |line: &str| line.strip_prefix("test ")?.strip_prefix(path)?.strip_prefix(" ... ").map(str::to_owned);
    match told.lines().find_map(ending).as_deref() {
        Some("ok") => Verdict::Passed,
        Some("FAILED") => Verdict::Failed,
        _ => Verdict::Lost,
    }
}

fn path_of(test: &str) -> &str {
    test.split_once(' ').map_or(test, |(_, path)| path)
}

/// Names the check to take out; see `roamkey_proto::mutant`.
pub(crate) const MUTANT: &str = "ROAMKEY_MUTANT";

const POLL: Duration = Duration::from_millis(20);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_what_the_runner_said_of_this_very_test() {
        let told = "running 2 tests\ntest a::b ... ok\ntest a::b_too ... FAILED\n";
        assert_eq!(verdict(told, "a::b"), Verdict::Passed);
        assert_eq!(verdict(told, "a::b_too"), Verdict::Failed);
        assert_eq!(verdict(told, "a::c"), Verdict::Lost);
    }

    #[test]
    fn a_process_without_end_is_ended() {
        let child = Command::new("sleep").arg("60").stdout(Stdio::piped()).spawn().expect("sleep");
        let start = Instant::now();
        wait(child, Duration::from_millis(50)).expect("an output");
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}
