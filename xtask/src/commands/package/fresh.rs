//! A Debian with nothing but itself, in a folder.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::{process::Call, workspace::Workspace};

/// A fresh Debian 12, as long as this lives.
pub(super) struct Debian {
    folder: TempDir,
}

impl Debian {
    /// Copies one that was made once and that nothing was installed in.
    ///
    /// # Errors
    ///
    /// When we are not root, or when the archive cannot be reached the first time.
    pub(super) fn make(workspace: &Workspace) -> Result<Self> {
        let base = base(workspace)?;
        // Beside the base, so that a file system that can share blocks does.
        let folder = tempfile::Builder::new().prefix("debian-").tempdir_in(workspace.tools())?;
        let copy = Call::new("cp").args(["--archive", "--reflink=auto", "--no-target-directory"]);
        copy.arg(base).arg(folder.path()).run()?;
        Ok(Self { folder })
    }

    /// The path of a file in it, from here.
    pub(super) fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join(inside.trim_start_matches('/'))
    }

    /// A command in it.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("chroot");
        command.arg(self.folder.path()).arg(program).env_clear().env("PATH", PATH).env("LC_ALL", "C.UTF-8");
        command
    }

    /// Runs a command in it and returns what it says, on either stream.
    ///
    /// # Errors
    ///
    /// When it fails; the error has its words.
    pub(super) fn run(&self, program: &str, arguments: &[&str]) -> Result<String> {
        eprintln!("$ {program} {}", arguments.join(" "));
        let output = self.command(program).args(arguments).output()?;
        let said = [output.stdout, output.stderr].map(|stream| String::from_utf8_lossy(&stream).into_owned()).concat();
        ensure!(output.status.success(), "{program} {}: {}\n{said}", arguments.join(" "), output.status);
        Ok(said)
    }
}

/// Where the copies come from. What an interrupted run left behind is made anew.
fn base(workspace: &Workspace) -> Result<PathBuf> {
    let base = workspace.tools().join("debian");
    if base.exists() {
        return Ok(base);
    }
    let parts = base.with_extension("parts");
    remove(&parts)?;
    eprintln!("fetching a fresh Debian to {}", base.display());
    let debootstrap = Call::new("debootstrap").args(["--variant=minbase", "--include=systemd", "bookworm"]);
    debootstrap.arg(&parts).run().context("debootstrap needs root and Debian's archive")?;
    fs::rename(&parts, &base)?;
    Ok(base)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).context("what an earlier run left is not ours to remove")
    } else {
        Ok(())
    }
}

const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";
