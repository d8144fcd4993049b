//! The Debian package of the server.

mod fresh;
mod trial;

use std::{ffi::OsStr, fs, path::PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use crate::{
    commands::setup,
    packages::{CARGO_DEB, CargoTool},
    process::Call,
    workspace::Workspace,
};

/// Build the server's Debian package, as cargo deb does
#[derive(Args)]
pub(crate) struct Package {
    /// And install, run, upgrade and remove it in a fresh Debian 12, which needs root
    #[arg(long)]
    test: bool,
}

impl Package {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        setup::provide(workspace)?;
        if self.test {
            return test(workspace);
        }
        println!("{}", build(workspace, &[])?.display());
        Ok(())
    }
}

/// Builds the package and a later one, and tries both where nothing else is.
///
/// # Errors
///
/// When one cannot be built, or does not do what it should.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    setup::provide(workspace)?;
    // Side by side: what cargo-deb makes under target replaces what it made there before.
    let folder = tempfile::tempdir()?;
    let file = |name: &str| folder.path().join(name);
    let first = build(workspace, &["--output".as_ref(), file("first.deb").as_os_str()])?;
    let version = ["--no-build", "--deb-version", LATER, "--output"].map(OsStr::new);
    let later = build(workspace, &[&version[..], &[file("later.deb").as_os_str()]].concat())?;
    trial::run(&fresh::Debian::make(workspace)?, &first, &later)
}

/// Returns the path of the package.
fn build(workspace: &Workspace, arguments: &[&OsStr]) -> Result<PathBuf> {
    let deb = Call::new(tool(workspace, &CARGO_DEB)?).at(workspace.root());
    let built = deb.args(["--package", "roamkey-server", "--locked"]).args(arguments).read()?;
    Ok(PathBuf::from(built.trim()))
}

/// A subcommand of Cargo, compiled once under `target/tools`.
fn tool(workspace: &Workspace, tool: &CargoTool) -> Result<PathBuf> {
    let folder = workspace.tools().join(tool.name);
    let (program, stamp) = (folder.join("bin").join(tool.name), folder.join("installed.txt"));
    if !fs::read_to_string(&stamp).is_ok_and(|installed| installed == tool.version) {
        eprintln!("compiling {} {} under {}", tool.name, tool.version, folder.display());
        let install = workspace.cargo().args(["install", tool.name, "--version", tool.version, "--locked", "--force"]);
        install.args(tool.arguments).arg("--root").arg(&folder).run()?;
        fs::write(&stamp, tool.version).context("cannot note what is installed")?;
    }
    Ok(program)
}

/// The version that an upgrade brings.
const LATER: &str = "99.0.0-1";
