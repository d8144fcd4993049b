//! Brings what a clean machine lacks, says so, and does nothing when all is there.

mod npm;
mod python;
mod rust;
mod system;
mod tools;
mod unpacked;

use std::fs::{self, File};

use anyhow::{Context, Result};
use clap::Args;

use crate::workspace::Workspace;

/// Install what is missing: Rust targets, system packages, Node, npm packages
#[derive(Args)]
pub(crate) struct Setup {}

impl Setup {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        provide(workspace)?;
        println!("everything is there");
        Ok(())
    }
}

/// Makes every tool of the project available. Commands that need one call this first.
///
/// # Errors
///
/// When something is missing and cannot be installed from here; the error says what to run.
pub(crate) fn provide(workspace: &Workspace) -> Result<()> {
    // Two commands at once must not install over each other.
    let tools = workspace.tools();
    fs::create_dir_all(&tools)?;
    let lock = File::create(tools.join("lock"))?;
    lock.lock().context("cannot wait for another set-up to end")?;

    rust::provide(workspace)?;
    system::provide()?;
    unpacked::provide(workspace)?;
    tools::provide(workspace)?;
    python::provide(workspace)?;
    npm::provide(workspace)
}
