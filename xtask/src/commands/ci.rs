//! What a change has to pass.

use anyhow::Result;
use clap::Args;

use crate::{
    commands::{deps::Deps, setup, test, vectors},
    stages::Stages,
    workspace::Workspace,
};

/// Run the checks and every test, and print the minutes of each
#[derive(Args)]
pub(crate) struct Ci {}

impl Ci {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        let mut stages = Stages::default();
        stages.check("set-up", || setup::provide(workspace));
        checks(workspace, &mut stages);
        test::run_all(workspace, &mut stages);
        stages.finish()
    }
}

fn checks(workspace: &Workspace, stages: &mut Stages) {
    let cargo = |arguments: &[&str]| workspace.cargo().args(arguments);
    stages.check("lock file", || cargo(&["fetch", "--locked"]).run());
    stages.check("format", || cargo(&["fmt", "--all", "--check"]).run());
    stages.check("spelling", || workspace.tool("typos")?.run());
    stages.check("dependencies", || Deps::default().run(workspace));
    stages.check("clippy", || clippy(workspace, None));
    // What only tests switch on has to be clean too.
    stages.check("clippy, every feature", || clippy(workspace, Some("--all-features")));
    stages.check("documentation", || {
        cargo(&["doc", "--workspace", "--no-deps", "--all-features"]).env("RUSTDOCFLAGS", "--deny warnings").run()
    });
    stages.check("vectors", || vectors::check(workspace));
}

fn clippy(workspace: &Workspace, features: Option<&str>) -> Result<()> {
    let cargo = workspace.cargo().args(["clippy", "--workspace", "--all-targets"]);
    cargo.args(features).args(["--", "--deny", "warnings"]).run()
}
