//! The extension's bundles.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::{
    commands::{setup, wasm},
    workspace::{Flavour, Workspace},
};

/// Build the extension into target/ext/release, or with --test into target/ext/test
#[derive(Args)]
pub(crate) struct Ext {
    /// The build with hooks that tests drive
    #[arg(long)]
    test: bool,
}

impl Ext {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        setup::provide(workspace)?;
        println!("{}", build(workspace, Flavour::of(self.test))?.display());
        Ok(())
    }
}

/// Both bundles, each around its own core.
///
/// # Errors
///
/// When one of the tools fails.
pub(crate) fn build_all(workspace: &Workspace) -> Result<()> {
    build(workspace, Flavour::Release)?;
    build(workspace, Flavour::Test)?;
    Ok(())
}

/// Builds one bundle with the core inside, and says where.
fn build(workspace: &Workspace, flavour: Flavour) -> Result<PathBuf> {
    let core = wasm::build(workspace, flavour)?;
    let (folder, hooks) = match flavour {
        Flavour::Release => ("release", None),
        Flavour::Test => ("test", Some("--test-hooks")),
    };
    let out = workspace.bundles().join(folder);
    let extension = workspace.extension();
    workspace
        .tool("node")?
        .at(&extension)
        .arg(extension.join("scripts/build.mjs"))
        .arg("--out")
        .arg(&out)
        .arg("--wasm")
        .arg(core)
        .args(hooks)
        .run()?;
    Ok(out)
}
