//! The authenticator under suites that others wrote.

mod authenticator;
mod chromium;
mod libfido2;
mod libwebauthn;
mod pytest;
mod python_fido2;
mod tally;
mod verifiers;

use std::collections::BTreeMap;

use anyhow::{Result, anyhow, bail};
use clap::{Args, ValueEnum};
use serde_json::json;

use self::tally::Tally;
use crate::{commands::setup, process::Transcript, stages::Stages, workspace::Workspace};

/// Hold the authenticator to public suites: all, or one
#[derive(Args)]
pub(crate) struct Conformance {
    suite: Option<Suite>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

/// A suite: one file each.
#[derive(Clone, Copy, ValueEnum)]
enum Suite {
    /// The device suite of python-fido2
    PythonFido2,
    /// fido2-token, fido2-cred and fido2-assert
    Fido2Tools,
    /// Keys that ssh-keygen makes
    Ssh,
    /// What sites verify with, for every algorithm and attestation
    Verifiers,
    /// Chromium's virtual authenticator, as an oracle for random requests
    Chromium,
    /// libwebauthn, a platform library for Linux
    Libwebauthn,
}

impl Conformance {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        setup::provide(workspace)?;
        let suites = self.suite.map_or_else(|| Suite::value_variants().to_vec(), |suite| vec![suite]);
        let tallies: BTreeMap<&str, Tally> =
            suites.into_iter().map(|suite| (suite.name(), suite.tally(workspace))).collect();
        if self.json {
            println!("{}", json!({ "suites": tallies }));
        } else {
            tallies.iter().for_each(|(name, tally)| println!("{}", tally.lines(name).join("\n")));
        }
        let failed: Vec<&str> = tallies.iter().filter(|(_, tally)| tally.failed > 0).map(|(name, _)| *name).collect();
        if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
    }
}

/// Adds each suite as a stage. What they need is set up before.
pub(crate) fn run_all(workspace: &Workspace, stages: &mut Stages) {
    for suite in Suite::value_variants() {
        stages.tests(suite.name(), || suite.transcript(workspace), <[String]>::to_vec);
    }
}

/// As many random requests to Chromium's virtual authenticator and to our client as are asked for, others each time.
pub(crate) fn differential(workspace: &Workspace, requests: u32) -> Result<Transcript> {
    setup::provide(workspace)?;
    Ok(transcript("chromium", &chromium::differential(workspace, requests, None)?))
}

fn transcript(name: &str, tally: &Tally) -> Transcript {
    let outcome = if tally.failed == 0 { Ok(()) } else { Err(anyhow!("{} failed", tally.failed)) };
    Transcript { lines: tally.lines(name), outcome }
}

impl Suite {
    fn name(self) -> &'static str {
        match self {
            Self::PythonFido2 => "python-fido2",
            Self::Fido2Tools => "fido2-tools",
            Self::Ssh => "ssh",
            Self::Verifiers => "verifiers",
            Self::Chromium => "chromium",
            Self::Libwebauthn => "libwebauthn",
        }
    }

    fn run(self, workspace: &Workspace) -> Result<Tally> {
        match self {
            Self::PythonFido2 => python_fido2::run(workspace),
            Self::Fido2Tools => libfido2::fido2_tools(workspace),
            Self::Ssh => libfido2::ssh(workspace),
            Self::Verifiers => verifiers::run(workspace),
            Self::Chromium => chromium::run(workspace),
            Self::Libwebauthn => libwebauthn::run(workspace),
        }
    }

    /// Runs it. A suite that cannot even start has failed.
    fn tally(self, workspace: &Workspace) -> Tally {
        eprintln!("\n== {}", self.name());
        self.run(workspace).unwrap_or_else(|error| {
            eprintln!("{}: {error:#}", self.name());
            Tally { failed: 1, ..Tally::default() }
        })
    }

    fn transcript(self, workspace: &Workspace) -> Result<Transcript> {
        Ok(transcript(self.name(), &self.run(workspace)?))
    }
}
