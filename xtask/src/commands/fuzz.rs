//! Fuzzing with coverage, by the stable compiler.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{process::Call, workspace::Workspace};

/// Fuzz every decoder, and devices with what a server may say, for so many seconds in all
///
/// It needs what building Rust needs, and a C++ compiler (build-essential has one): libFuzzer is built from its crate. A new
/// run goes on from what the last one found, under target/fuzz/corpus.
#[derive(Args)]
pub(crate) struct Fuzz {
    /// Only this target
    target: Option<String>,
    /// How long, all targets together
    #[arg(long, default_value_t = 300)]
    seconds: u64,
}

/// What `-Zsanitizer` would set on a nightly compiler, without the sanitizer: counters on each edge, and the constants that
/// are compared with. `debug-assertions` and `overflow-checks` make more of what is wrong a panic.
const INSTRUMENT: &str = "--cfg roamkey_fuzz -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions=yes -Coverflow-checks=yes";

impl Fuzz {
    pub(crate) fn every_target(seconds: u64) -> Self {
        Self { target: None, seconds }
    }

    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        let fuzzer = Fuzzer::build(workspace)?;
        let all = fuzzer.targets()?;
        let targets = match self.target {
            Some(name) if all.contains(&name) => vec![name],
            Some(name) => bail!("there is no target {name}; there are {}", all.join(", ")),
            None => all,
        };
        let seconds = (self.seconds / targets.len() as u64).max(1);
        let failed: Vec<_> = targets.into_iter().filter(|target| !fuzzer.run(target, seconds)).collect();
        if failed.is_empty() { Ok(()) } else { bail!("a property broke in {}", failed.join(", ")) }
    }
}

/// The instrumented program, the plain one that replays, and the folder of what was found.
struct Fuzzer {
    instrumented: PathBuf,
    plain: PathBuf,
    folder: PathBuf,
}

impl Fuzzer {
    fn build(workspace: &Workspace) -> Result<Self> {
        let folder = workspace.cargo_target().join("fuzz");
        // Naming the target keeps the flags away from build scripts and macros, which do not link a fuzzer.
        let host = host()?;
        workspace.cargo().args(["build", "--package", "roamkey-fuzz"]).run()?;
        workspace
            .cargo()
            .args(["build", "--release", "--package", "roamkey-fuzz", "--target", &host, "--target-dir"])
            .arg(folder.join("build"))
            .env("RUSTFLAGS", INSTRUMENT)
            .run()?;
        let plain = workspace.binaries().join("roamkey-fuzz");
        Call::new(&plain).arg("seeds").arg(folder.join("seeds")).run()?;
        Ok(Self { instrumented: folder.join("build").join(host).join("release/roamkey-fuzz"), plain, folder })
    }

    fn targets(&self) -> Result<Vec<String>> {
        Ok(Call::new(&self.plain).arg("list").read()?.lines().map(str::to_owned).collect())
    }

    /// Tells whether every input held.
    fn run(&self, target: &str, seconds: u64) -> bool {
        let corpus = self.folder.join("corpus").join(target);
        let found = self.folder.join("found").join(target);
        let ready = fs::create_dir_all(&corpus).and_then(|()| fs::create_dir_all(&found));
        let outcome = ready.context("cannot make the folders of the corpus").and_then(|()| {
            Call::new(&self.instrumented)
                .arg(&corpus)
                .arg(self.folder.join("seeds").join(target))
                .args(["-max_len=65536", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1", "-verbosity=0"])
                .arg(format!("-max_total_time={seconds}"))
                .arg(format!("-artifact_prefix={}/", found.display()))
                .env("ROAMKEY_FUZZ_TARGET", target)
                .run()
        });
        if let Err(error) = &outcome {
            eprintln!("{error:#}");
            eprintln!(
                "to look at it again: {} {target} FILE, with the file in {}",
                self.plain.display(),
                found.display()
            );
        }
        outcome.is_ok()
    }
}

/// The triple that this machine builds for.
fn host() -> Result<String> {
    let version = Call::new("rustc").args(["--version", "--verbose"]).read()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say which machine it is on")?.to_owned())
}
