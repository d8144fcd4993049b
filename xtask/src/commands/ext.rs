//! The extension's bundles.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::{
    commands::{setup, wasm},
    process::Call,
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
        export_message_types(workspace)?;
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
    export_message_types(workspace)?;
    build(workspace, Flavour::Release)?;
    build(workspace, Flavour::Test)?;
    Ok(())
}

/// Builds one bundle with the core inside, and says where.
fn build(workspace: &Workspace, flavour: Flavour) -> Result<PathBuf> {
    let core = wasm::build(workspace, flavour)?;
    let out = workspace.bundle(flavour);
    script(workspace, "build.mjs")?
        .arg("--out")
        .arg(&out)
        .arg("--wasm")
        .arg(core)
        .args((flavour == Flavour::Test).then_some("--test-hooks"))
        .run()?;
    Ok(out)
}

/// TypeScript's side of the messages, from Rust's.
fn export_message_types(workspace: &Workspace) -> Result<()> {
    script(workspace, "types.mjs")?.run()
}

fn script(workspace: &Workspace, name: &str) -> Result<Call> {
    let extension = workspace.extension();
    Ok(workspace.tool("node")?.arg(extension.join("scripts").join(name)).at(&extension))
}
