//! What takes longer than a change should wait for.

use anyhow::Result;
use clap::{Args, ValueEnum};
use roamkey_test_services::Cluster;

use crate::{
    commands::{conformance, ext, fuzz::Fuzz, setup, test},
    process::Transcript,
    stages::{Stages, closing},
    workspace::Workspace,
};

/// Run what takes longer: all stages, or one
#[derive(Args)]
pub(crate) struct Long {
    stage: Option<Stage>,
}

/// A kind of test that finds more the longer it runs.
#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    /// Property tests with many more cases
    Properties,
    /// The server under many connections and many items
    Load,
    /// The model of the trust log, with longer logs
    Model,
    /// Every fuzz target, for half an hour together
    Fuzz,
    /// Every journey, of the command line and of the browser, on PostgreSQL with two instances of the server
    Postgres,
    /// A server that is killed at each of its writes
    WritePoints,
    /// A primary that dies under load and its standby, ten times
    Ha,
    /// 10,000 random requests to Chromium's virtual authenticator and to ours
    Differential,
}

impl Long {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        let mut stages = Stages::default();
        match self.stage {
            Some(stage) => stage.run(workspace, &mut stages),
            None => Stage::value_variants().iter().for_each(|stage| stage.run(workspace, &mut stages)),
        }
        stages.finish()
    }
}

impl Stage {
    fn run(self, workspace: &Workspace, stages: &mut Stages) {
        match self {
            Self::Properties => stages.tests("properties", || properties(workspace), closing::cargo),
            Self::Load => stages.tests("load", || load(workspace), closing::cargo),
            Self::Postgres => {
                stages.tests("command line on PostgreSQL", || client_journeys(workspace), closing::cargo);
                stages.tests("browser journeys on PostgreSQL", || browser_journeys(workspace), closing::journeys);
            }
            Self::WritePoints => stages.tests("write points", || write_points(workspace), closing::cargo),
            Self::Ha => stages.tests("fail-over", || fail_over(workspace), closing::cargo),
            Self::Model => stages.tests("model", || model(workspace), closing::cargo),
            Self::Differential => {
                stages.tests("differential", || conformance::differential(workspace, 10_000), <[String]>::to_vec);
            }
            Self::Fuzz => stages.check("fuzz", || Fuzz::every_target(30 * 60).run(workspace)),
        }
    }
}

/// Proptest reads the number of cases from here, and takes 256 when nobody says.
fn properties(workspace: &Workspace) -> Result<Transcript> {
    let tests = workspace.cargo().args(["test", "--workspace", "--lib", "--tests", "--no-fail-fast"]);
    tests.env("PROPTEST_CASES", "20000").transcribe()
}

fn model(workspace: &Workspace) -> Result<Transcript> {
    workspace.cargo().args(["test", "--package", "roamkey-models", "--", "--ignored", "--nocapture"]).transcribe()
}

/// Measures, so it needs a release build and the machine to itself.
fn load(workspace: &Workspace) -> Result<Transcript> {
    let tests = workspace.cargo().args(["test", "--release", "--package", "roamkey-server", "--test", "it"]);
    tests.args(["--", "--ignored", "--nocapture", "--test-threads=1", "load"]).transcribe()
}

fn client_journeys(workspace: &Workspace) -> Result<Transcript> {
    let tests = workspace.cargo().args(["test", "--package", "roamkey-cli", "--test", "it"]);
    tests.env("ROAMKEY_TEST_DATABASE", "postgres").transcribe()
}

fn browser_journeys(workspace: &Workspace) -> Result<Transcript> {
    setup::provide(workspace)?;
    ext::build_all(workspace)?;
    test::binaries(workspace)?;
    let cluster = Cluster::start()?;
    test::journeys_with(workspace, |call| call.env("ROAMKEY_E2E_POSTGRES", cluster.host()))
}

fn fail_over(workspace: &Workspace) -> Result<Transcript> {
    let tests = workspace.cargo().args(["test", "--package", "roamkey-cli", "--test", "it"]);
    tests.args(["--", "--ignored", "--nocapture", "ha_"]).transcribe()
}

fn write_points(workspace: &Workspace) -> Result<Transcript> {
    let tests = workspace.cargo().args(["test", "--package", "roamkey-server", "--test", "it"]);
    tests.args(["--", "--ignored", "--nocapture", "write_points_"]).transcribe()
}
