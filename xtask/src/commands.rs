//! One file a command: its arguments and what it does.

mod attacks;
mod bench;
mod ci;
mod conformance;
mod demo;
mod deps;
mod ext;
mod fleet;
mod fuzz;
mod load;
mod long;
mod package;
mod setup;
mod test;
mod timing;
mod vectors;
mod wasm;

use anyhow::Result;
use clap::Subcommand;

use crate::workspace::Workspace;

/// What the front door can do.
#[derive(Subcommand)]
pub(crate) enum Command {
    Setup(setup::Setup),
    Demo(demo::Demo),
    Test(test::Test),
    Ci(ci::Ci),
    Deps(deps::Deps),
    Wasm(wasm::Wasm),
    Ext(ext::Ext),
    Fleet(fleet::Fleet),
    Fuzz(fuzz::Fuzz),
    Timing(timing::Timing),
    Vectors(vectors::Vectors),
    Attacks(attacks::Attacks),
    Bench(bench::Bench),
    Load(load::Load),
    Conformance(conformance::Conformance),
    Long(long::Long),
    Package(package::Package),
}

impl Command {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::Setup(command) => command.run(workspace),
            Self::Demo(command) => command.run(workspace),
            Self::Test(command) => command.run(workspace),
            Self::Ci(command) => command.run(workspace),
            Self::Deps(command) => command.run(workspace),
            Self::Wasm(command) => command.run(workspace),
            Self::Ext(command) => command.run(workspace),
            Self::Fleet(command) => command.run(workspace),
            Self::Fuzz(command) => command.run(workspace),
            Self::Timing(command) => command.run(workspace),
            Self::Vectors(command) => command.run(workspace),
            Self::Attacks(command) => command.run(workspace),
            Self::Bench(command) => command.run(workspace),
            Self::Load(command) => command.run(workspace),
            Self::Conformance(command) => command.run(workspace),
            Self::Long(command) => command.run(workspace),
            Self::Package(command) => command.run(workspace),
        }
    }
}
