//! The Rust toolchain's targets and components.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{
    packages::{RUST_COMPONENTS, RUST_TARGETS},
    process::Call,
    workspace::Workspace,
};

/// Adds what the toolchain in use lacks.
pub(super) fn provide(workspace: &Workspace) -> Result<()> {
    let (_, sysroot) = Call::new("rustc").args(["--print", "sysroot"]).at(workspace.root()).read_any()?;
    let list = Path::new(sysroot.trim()).join("lib/rustlib/components");
    let installed = fs::read_to_string(&list).with_context(|| format!("no rustup toolchain: {}", list.display()))?;
    add(
        workspace,
        "target",
        missing(RUST_TARGETS, |name| installed.lines().any(|line| line == format!("rust-std-{name}"))),
    )?;
    add(workspace, "component", missing(RUST_COMPONENTS, |name| installed.lines().any(|line| line.starts_with(name))))
}

fn missing<'a>(wanted: &[&'a str], installed: impl Fn(&str) -> bool) -> Vec<&'a str> {
    wanted.iter().copied().filter(|name| !installed(name)).collect()
}

fn add(workspace: &Workspace, kind: &str, names: Vec<&str>) -> Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    eprintln!("installing the Rust {kind}s {}", names.join(", "));
    Call::new("rustup").args([kind, "add"]).args(names).at(workspace.root()).run()
}
