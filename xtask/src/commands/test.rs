//! Everything that must hold, from units to browser journeys.

use anyhow::Result;
use clap::Args;

use crate::{
    commands::{attacks, conformance, ext, setup, timing},
    packages::WASI,
    process::{Call, Transcript},
    stages::{Stages, closing},
    workspace::Workspace,
};

/// Run every test: Rust, the formats in WASM, the extension, the journeys in a real browser
#[derive(Args)]
pub(crate) struct Test {}

impl Test {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        setup::provide(workspace)?;
        let mut stages = Stages::default();
        run_all(workspace, &mut stages);
        stages.finish()
    }
}

/// Adds every test to `stages`. What they need is set up before.
pub(crate) fn run_all(workspace: &Workspace, stages: &mut Stages) {
    stages.tests("Rust tests", || rust(workspace), closing::cargo);
    stages.check("constant time", || timing::check(workspace));
    stages.tests("journeys on PostgreSQL", || journeys_on_postgres(workspace), closing::cargo);
    stages.tests("vectors in WASM", || vectors_in_wasm(workspace), closing::cargo);
    stages.check("extension bundles", || ext::build_all(workspace));
    for (name, script) in [("extension lint", "lint"), ("extension types", "typecheck")] {
        stages.check(name, || npm(workspace, script)?.outcome);
    }
    stages.tests("extension tests", || npm(workspace, "test"), closing::tail);
    // Before the binaries: these are built without what suites need.
    conformance::run_all(workspace, stages);
    stages.check("binaries", || binaries(workspace));
    stages.tests("browser journeys", || journeys(workspace), closing::journeys);
    // After the builds that people run, in which it looks for mutants; it puts binaries with mutants in their place.
    stages.check("attacks", || attacks::check(workspace));
}

/// What the journeys start: the server and the command line, as `cargo test` built their libraries.
pub(crate) fn binaries(workspace: &Workspace) -> Result<()> {
    workspace.cargo().args(["build", "--workspace", "--bins"]).run()
}

fn rust(workspace: &Workspace) -> Result<Transcript> {
    workspace.cargo().args(["test", "--workspace", "--no-fail-fast"]).transcribe()
}

/// What two devices of the command line do, on two instances of the server; `cargo xtask long postgres` plays all.
fn journeys_on_postgres(workspace: &Workspace) -> Result<Transcript> {
    // Of the whole workspace: a choice of one package would compile its dependencies anew, with other features.
    let tests = workspace.cargo().args(["test", "--workspace", "--test", "it", "two_devices::"]);
    tests.env("ROAMKEY_TEST_DATABASE", "postgres").transcribe()
}

/// The tests of the formats, those that natively freeze them, run as WASM by Node.
fn vectors_in_wasm(workspace: &Workspace) -> Result<Transcript> {
    let script = workspace.script("run-wasi.mjs");
    let node = workspace.tools().join("bin/node");
    let packages = FORMATS.iter().flat_map(|package| ["--package", package]);
    workspace
        .cargo()
        .args(["test", "--target", WASI, "--no-fail-fast", "--tests"])
        .args(packages)
        .arg("vectors")
        .env("CARGO_TARGET_WASM32_WASIP1_RUNNER", format!("{} --no-warnings {}", node.display(), script.display()))
        .transcribe()
}

/// The crates that write formats.
const FORMATS: &[&str] =
    &["roamkey-proto", "roamkey-trust", "roamkey-realm", "roamkey-sealing", "roamkey-vault", "roamkey-authenticator"];

fn npm(workspace: &Workspace, script: &str) -> Result<Transcript> {
    workspace.tool("npm")?.args(["run", "--silent", script]).at(&workspace.extension()).transcribe()
}

fn journeys(workspace: &Workspace) -> Result<Transcript> {
    journeys_with(workspace, |call| call)
}

/// Plays the browser journeys, started in a way of one's own.
pub(crate) fn journeys_with(workspace: &Workspace, start: impl FnOnce(Call) -> Call) -> Result<Transcript> {
    let call = workspace
        .tool("npm")?
        .args(["run", "--silent", "e2e"])
        .at(&workspace.extension())
        .env("ROAMKEY_BIN_DIR", workspace.binaries())
        .env("ROAMKEY_EXT", workspace.bundles());
    start(call).transcribe()
}
