//! The whole journey, for a person to watch.

use anyhow::Result;
use clap::Args;

use crate::{
    commands::{ext, setup, test},
    workspace::Workspace,
};

/// Play the whole journey: a server, a web site, two browsers, one passkey that follows
#[derive(Args)]
pub(crate) struct Demo {
    /// Open the windows, and stay up until interrupted
    #[arg(long)]
    headed: bool,
}

impl Demo {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        setup::provide(workspace)?;
        test::binaries(workspace)?;
        ext::build_all(workspace)?;
        workspace
            .tool("node")?
            .arg(workspace.extension().join("demo/run.mjs"))
            .args(self.headed.then_some("--headed"))
            .env("ROAMKEY_BIN_DIR", workspace.binaries())
            .env("ROAMKEY_EXT", workspace.bundles())
            .env("ROAMKEY_DEMO_OUT", workspace.products().join("demo"))
            .run_in_front()
    }
}
