//! Debian packages that are unpacked and not installed.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{
    packages::{APT_UNPACKED, Apt},
    process::Call,
    workspace::Workspace,
};

/// Unpacks each under `target/tools`, unless it is there.
///
/// # Errors
///
/// When apt does not know the package or cannot fetch it.
pub(super) fn provide(workspace: &Workspace) -> Result<()> {
    for package in APT_UNPACKED {
        let folder = workspace.tools().join(package.name);
        // Elsewhere than on Debian whoever needs it installs it.
        if !folder.exists() && Path::new("/usr/bin/apt-get").exists() {
            unpack(package, &folder)?;
        }
    }
    Ok(())
}

fn unpack(package: &Apt, folder: &Path) -> Result<()> {
    eprintln!("unpacking {} ({})", package.name, package.why);
    let parts = folder.with_extension("parts");
    // What an interrupted run left behind.
    if parts.exists() {
        fs::remove_dir_all(&parts)?;
    }
    fs::create_dir_all(&parts)?;
    let download = Call::new("apt-get").args(["download", package.name]).at(&parts).run();
    download.with_context(|| format!("cannot fetch {}; `apt-get update` as root may help", package.name))?;
    let archive = fs::read_dir(&parts)?.next().context("apt fetched nothing")??.path();
    Call::new("dpkg-deb").arg("--extract").arg(&archive).arg(&parts).run()?;
    fs::remove_file(archive)?;
    fs::rename(&parts, folder).with_context(|| format!("cannot keep {}", folder.display()))
}
