//! The formats in bytes.

use anyhow::{Result, ensure};
use clap::Args;

use crate::{process::Call, workspace::Workspace};

/// Rewrite vectors/ from the code, or with --check prove that nothing would change
#[derive(Args)]
pub(crate) struct Vectors {
    /// Fail if the code no longer writes what is committed
    #[arg(long)]
    check: bool,
}

impl Vectors {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        if self.check {
            return check(workspace);
        }
        write(workspace)?;
        println!("{}", workspace.vectors().display());
        Ok(())
    }
}

/// Writes all vectors anew and compares with what is committed: catches a changed one, a new one and one that is gone.
///
/// # Errors
///
/// When they differ.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    write(workspace)?;
    let git = Call::new("git").args(["status", "--porcelain", "--"]).arg(workspace.vectors()).at(workspace.root());
    let changes = git.read()?;
    ensure!(changes.is_empty(), "the code writes other vectors than those committed:\n{changes}");
    println!("vectors are unchanged");
    Ok(())
}

/// Each crate has a test of this name that compares, and that writes when told so.
fn write(workspace: &Workspace) -> Result<()> {
    let tests = workspace.cargo().args(["test", "--workspace", "--tests", "--quiet", "vectors_are_frozen"]);
    tests.env("ROAMKEY_VECTORS", "write").run()
}
