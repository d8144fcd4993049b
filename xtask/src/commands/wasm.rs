//! The browser's core: Rust to WASM, with its JavaScript and TypeScript.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::Args;
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    commands::setup,
    packages::NPM_WASM_OPT,
    workspace::{Flavour, Workspace},
};

/// Build the browser's core into target/core/release, or with --test into target/core/test
#[derive(Args)]
pub(crate) struct Wasm {
    /// The build with hooks that tests drive
    #[arg(long)]
    test: bool,
}

impl Wasm {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        setup::provide(workspace)?;
        println!("{}", build(workspace, Flavour::of(self.test))?.display());
        Ok(())
    }
}

/// Builds the core: `roamkey_wasm.js`, `roamkey_wasm_bg.wasm` and their types.
///
/// # Errors
///
/// When one of the tools fails.
pub(crate) fn build(workspace: &Workspace, flavour: Flavour) -> Result<PathBuf> {
    let compiled = compile(workspace, flavour)?;
    let out = workspace.core(flavour);
    if is_current(&compiled, &out) {
        eprintln!("{} is up to date", out.display());
    } else {
        bind(&compiled, &out)?;
        optimise(workspace, &out)?;
        fs::copy(&compiled, out.join(SOURCE)).context("cannot note what was built")?;
    }
    print_size(workspace, &out.join(MODULE))?;
    Ok(out)
}

const PACKAGE: &str = "roamkey-wasm";
const MODULE: &str = "roamkey_wasm_bg.wasm";

/// What the compiler wrote for the module that stands beside it. Same bytes in, same bytes out: nothing to do again.
const SOURCE: &str = ".compiled.wasm";

/// The features that both browsers have, one by one: `--all-features` makes imports that Chromium rejects.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

fn compile(workspace: &Workspace, flavour: Flavour) -> Result<PathBuf> {
    let target = "wasm32-unknown-unknown";
    let hooks: &[&str] = match flavour {
        Flavour::Release => &[],
        Flavour::Test => &["--features", "test-hooks"],
    };
    let cargo = workspace.cargo().args(["build", "--package", PACKAGE, "--lib", "--profile", "wasm"]);
    cargo.args(["--target", target]).args(hooks).run()?;
    Ok(workspace.cargo_target().join(target).join("wasm/roamkey_wasm.wasm"))
}

fn is_current(compiled: &Path, out: &Path) -> bool {
    let source = fs::read(out.join(SOURCE)).ok();
    source.is_some() && source == fs::read(compiled).ok()
}

fn bind(compiled: &Path, out: &Path) -> Result<()> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    Bindgen::new().input_path(compiled).web(true)?.typescript(true).generate(out).context("wasm-bindgen failed")
}

fn optimise(workspace: &Workspace, out: &Path) -> Result<()> {
    let program = workspace.extension().join("node_modules").join(NPM_WASM_OPT).join("bin/wasm-opt");
    let module = out.join(MODULE);
    let smaller = out.join("smaller.wasm");
    workspace
        .tool("node")?
        .arg(program)
        .arg(&module)
        .args(["-Oz", "--strip-producers", "--strip-debug"])
        .args(FEATURES)
        .arg("-o")
        .arg(&smaller)
        .run()?;
    fs::rename(smaller, module).context("wasm-opt wrote nothing")
}

fn print_size(workspace: &Workspace, module: &Path) -> Result<()> {
    workspace.tool("node")?.arg(workspace.script("print-size.mjs")).arg(module).run()
}
