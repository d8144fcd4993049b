//! What takes longer than a change should wait for.

use anyhow::Result;
use clap::{Args, ValueEnum};
use roamkey_test_services::Cluster;

use crate::{
    commands::{conformance, ext, fleet::Fleet, fuzz::Fuzz, load::Load, package, setup, test},
    process::Transcript,
    stages::{Stages, closing},
    workspace::Workspace,
};

/// Run what takes longer: all stages, or one
#[derive(Args)]
pub(crate) struct Long {
    stage: Option<Stage>,
    /// How long the soak lasts
    #[arg(long, default_value_t = 60)]
    minutes: u32,
}

/// A kind of test that finds more the longer it runs.
#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    /// Property tests with many more cases
    Properties,
    /// A hundred people on a server of each kind
    Load,
    /// 10,000 devices that wait
    Sockets,
    /// An hour of everything, again and again: nothing grows
    Soak,
    /// The Debian package, in a fresh Debian
    Package,
    /// The model of the trust log, with longer logs
    Model,
    /// Every fuzz target, for half an hour together
    Fuzz,
    /// One of ten devices taken out of a vault of 10,000 items while the others type
    Rekeying,
    /// Fleets of devices on a malicious server, for half an hour
    Fleet,
    /// Every journey, of the command line and of the browser, on PostgreSQL with two instances of the server
    Postgres,
    /// A server that is killed at each of its writes
    WritePoints,
    /// A primary that dies under load and its standby, ten times
    Ha,
    /// A server under schemathesis
    Described,
    /// 10,000 random requests to Chromium's virtual authenticator and to ours
    Differential,
}

impl Long {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        let mut stages = Stages::default();
        match self.stage {
            Some(stage) => stage.run(workspace, &mut stages, self.minutes),
            None => Stage::value_variants().iter().for_each(|stage| stage.run(workspace, &mut stages, self.minutes)),
        }
        stages.finish()
    }
}

impl Stage {
    fn run(self, workspace: &Workspace, stages: &mut Stages, minutes: u32) {
        match self {
            Self::Properties => stages.tests("properties", || properties(workspace), closing::cargo),
            Self::Load => stages.check("load", || Load::of_a_hundred().run(workspace)),
            Self::Sockets => stages.tests("10,000 sockets", || server(workspace, "ten_thousand", 0), closing::cargo),
            Self::Soak => stages.tests("soak", || server(workspace, "in_an_hour", minutes), closing::cargo),
            Self::Package => stages.check("Debian package", || package::test(workspace)),
            Self::Postgres => {
                stages.tests("command line on PostgreSQL", || client_journeys(workspace), closing::cargo);
                stages.tests("browser journeys on PostgreSQL", || browser_journeys(workspace), closing::journeys);
            }
            Self::WritePoints => stages.tests("write points", || write_points(workspace), closing::cargo),
            Self::Described => stages.tests("the server as described", || as_described(workspace), closing::cargo),
            Self::Ha => stages.tests("fail-over", || fail_over(workspace), closing::cargo),
            Self::Model => stages.tests("model", || model(workspace), closing::cargo),
            Self::Differential => {
                stages.tests("differential", || conformance::differential(workspace, 10_000), <[String]>::to_vec);
            }
            Self::Rekeying => stages.tests("re-keying", || rekeying(workspace), closing::cargo),
            Self::Fleet => stages.check("fleets", || Fleet::for_minutes(30.0).run(workspace)),
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

/// A server under schemathesis.
fn as_described(workspace: &Workspace) -> Result<Transcript> {
    let tests = workspace.cargo().args(["test", "--package", "roamkey-server", "--test", "it", "--", "--ignored"]);
    let program = workspace.suites().join("bin/schemathesis");
    tests.args(["the_server_is_as_described", "--nocapture"]).env("ROAMKEY_SCHEMATHESIS", program).transcribe()
}

/// What the server's tests leave out because it takes long, with the server that people run.
fn server(workspace: &Workspace, name: &str, minutes: u32) -> Result<Transcript> {
    let tests = workspace.cargo().args(["test", "--release", "--package", "roamkey-server", "--test", "it"]);
    let tests = tests.args(["--", "--ignored", "--nocapture", name]);
    tests.env("ROAMKEY_SOAK_MINUTES", minutes.to_string()).transcribe()
}

fn rekeying(workspace: &Workspace) -> Result<Transcript> {
    let tests = workspace.cargo().args(["test", "--package", "roamkey-sync", "--test", "it"]);
    tests.args(["--", "--ignored", "rekeying"]).transcribe()
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
