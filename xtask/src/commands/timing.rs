//! Comparisons of secrets, under Valgrind: what branches on a secret, or reads where one says, is reported.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cargo_metadata::Message;
use clap::Args;

use crate::{process::Call, workspace::Workspace};

/// Run the comparisons of commitments, MACs, PINs and passphrases under Valgrind: none takes its time by a secret
#[derive(Args)]
pub(crate) struct Timing {}

impl Timing {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        check(workspace)
    }
}

/// Runs them, as a stage of `test`; the comparison that does leak has to be reported.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let binaries = build(workspace)?;
    for binary in &binaries {
        let (is_clean, told) = watched(binary, &[TESTS]).read_any()?;
        eprint!("{told}");
        if !is_clean || told.contains("running 0 tests") {
            bail!("{}: something depends on a secret, or no test is there to tell", binary.display());
        }
    }
    let leaky = binaries.iter().map(|binary| watched(binary, &[LEAK, "--ignored"]).read_any());
    let reported = leaky.collect::<Result<Vec<_>>>()?;
    let is_caught = |(is_clean, told): &(bool, String)| !is_clean && told.contains("1 passed");
    if reported.iter().filter(|outcome| is_caught(outcome)).count() != 1 {
        bail!("a comparison that stops at the first difference went unnoticed");
    }
    Ok(())
}

/// The test itself passes either way: only Valgrind can make this fail.
fn watched(binary: &Path, arguments: &[&str]) -> Call {
    let suppressions = concat!("--suppressions=", env!("CARGO_MANIFEST_DIR"), "/../taint/subtle.supp");
    let valgrind =
        Call::new("valgrind").args(["--quiet", "--error-exitcode=99", "--log-fd=1", "--leak-check=no", suppressions]);
    // Suppressions name functions as they are called, not as they were written into one another.
    valgrind.arg("--read-inline-info=no").arg(binary).args(arguments).arg("--test-threads=1")
}

/// The tests of these packages, as `cargo test` built them with all others.
fn build(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let call = workspace.cargo().args(["test", "--workspace", "--no-run", "--message-format", "json"]);
    let mut binaries = Vec::new();
    for message in Message::parse_stream(call.read()?.as_bytes()) {
        if let Message::CompilerArtifact(artifact) = message?
            && artifact.profile.test
            && PACKAGES.contains(&artifact.target.name.as_str())
        {
            binaries.push(artifact.executable.context("a test is a program")?.into_std_path_buf());
        }
    }
    if binaries.len() != PACKAGES.len() {
        bail!("cargo built the tests of {} packages of {}", binaries.len(), PACKAGES.len());
    }
    Ok(binaries)
}

/// Whoever compares secrets, and what shows that Valgrind would tell.
const PACKAGES: [&str; 4] = ["roamkey_taint", "roamkey_sealing", "roamkey_vault", "roamkey_authenticator"];

const TESTS: &str = "constant_time";

const LEAK: &str = "a_comparison_that_stops_early_is_caught";
