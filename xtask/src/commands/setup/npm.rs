//! The extension's packages, exactly as locked.

use std::fs;

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// Runs `npm ci`, unless this very lock file is already installed.
pub(super) fn provide(workspace: &Workspace) -> Result<()> {
    let folder = workspace.extension();
    let lock = fs::read(folder.join("package-lock.json")).context("cannot read extension/package-lock.json")?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    eprintln!("installing the npm packages of extension/");
    workspace.tool("npm")?.args(["ci", "--no-audit", "--no-fund", "--no-update-notifier"]).at(&folder).run()?;
    fs::write(stamp, lock).context("cannot note what is installed")
}
