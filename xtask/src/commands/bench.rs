//! Measurements, native and in the browser.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::{
    commands::{ext, setup},
    packages::WASI,
    workspace::Workspace,
};

/// Measure speed and size, natively and in the browser
#[derive(Args)]
pub(crate) struct Bench {
    /// Only what starts with this
    prefix: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What was measured, by name.
#[derive(Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Measurements(BTreeMap<String, Measurement>);

#[derive(Deserialize, Serialize)]
struct Measurement {
    value: f64,
    unit: String,
}

impl Bench {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        let prefix = self.prefix.as_deref().unwrap_or_default();
        let mut measurements = Measurements::native(workspace, &[prefix])?;
        if may_hold(WASM, prefix) {
            measurements.0.extend(wasm(workspace, prefix)?.0);
        }
        if may_hold(BROWSER, prefix) {
            measurements.0.extend(browser(workspace)?.0);
        }
        measurements.0.retain(|name, _| name.starts_with(prefix));
        measurements.print(self.json)
    }
}

impl Measurements {
    /// Builds what people run, and measures natively what the arguments name.
    ///
    /// # Errors
    ///
    /// When it cannot be built, or says something other than measurements.
    pub(super) fn native(workspace: &Workspace, arguments: &[&str]) -> Result<Self> {
        setup::provide(workspace)?;
        // The server lies beside the other release builds, where measurements find it.
        workspace.cargo().args(["build", "--release", "--package", "roamkey-server", "--bins"]).run()?;
        let call = workspace.cargo().args(["run", "--release", "--quiet", "--package", "roamkey-bench", "--"]);
        Self::parse(&call.args(arguments).read()?)
    }

    fn parse(json: &str) -> Result<Self> {
        serde_json::from_str(json).with_context(|| format!("not measurements: {json}"))
    }

    /// Prints one JSON object, or a table.
    ///
    /// # Errors
    ///
    /// When a value is no number of JSON.
    pub(super) fn print(&self, json: bool) -> Result<()> {
        if json {
            println!("{}", serde_json::to_string(self)?);
            return Ok(());
        }
        let width = self.0.keys().map(String::len).max().unwrap_or_default();
        for (name, Measurement { value, unit }) in &self.0 {
            println!("{name:<width$}  {value:>12.3} {unit}");
        }
        Ok(())
    }
}

/// How the names of what is measured in the browser start.
const BROWSER: &[&str] = &["extension.", "import.bitwarden_wasm_s.", "sync.first.wasm_ms.", "ui.", "unlock.wasm_ms"];

/// And of what is measured as WebAssembly, in Node.
const WASM: &[&str] = &["authenticator.wasm."];

/// Whether one of `names` could go on as a name that starts with `prefix`.
fn may_hold(names: &[&str], prefix: &str) -> bool {
    names.iter().any(|name| name.starts_with(prefix) || prefix.starts_with(name))
}

/// What a browser's core does, without the browser: compiled as it is, its clock and randomness from WASI.
fn wasm(workspace: &Workspace, prefix: &str) -> Result<Measurements> {
    setup::provide(workspace)?;
    let target = ["--target", WASI, "--profile", "wasm"];
    workspace.cargo().args(["build", "--quiet", "--package", "roamkey-bench"]).args(target).run()?;
    let module = workspace.cargo_target().join(WASI).join("wasm/roamkey-bench.wasm");
    let call = workspace.tool("node")?.arg("--no-warnings").arg(workspace.script("run-wasi.mjs")).arg(module);
    Measurements::parse(&call.arg(prefix).read()?)
}

fn browser(workspace: &Workspace) -> Result<Measurements> {
    setup::provide(workspace)?;
    ext::build_all(workspace)?;
    let script = workspace.extension().join("bench/run.mjs");
    let call = workspace.tool("node")?.arg(script).arg("--json").env("ROAMKEY_EXT", workspace.bundles());
    Measurements::parse(&call.env("ROAMKEY_BIN_DIR", workspace.cargo_target().join("release")).read()?)
}

#[cfg(test)]
mod tests {
    use super::{BROWSER, Measurements, may_hold};

    #[test]
    fn the_browser_starts_only_when_it_could_measure_what_is_asked_for() {
        for prefix in ["", "sync", "sync.first.wasm_ms.100", "unlock", "extension.cold"] {
            assert!(may_hold(BROWSER, prefix), "{prefix}");
        }
        for prefix in ["record", "server.", "sync.push"] {
            assert!(!may_hold(BROWSER, prefix), "{prefix}");
        }
    }

    #[test]
    fn whole_numbers_and_fractions_are_measurements() {
        let json = r#"{"a":{"value":1,"unit":"ms"},"b":{"value":0.5,"unit":"ratio"}}"#;
        assert_eq!(Measurements::parse(json).ok().map(|measured| measured.0.len()), Some(2));
    }

    #[test]
    fn anything_else_on_stdout_is_an_error() {
        assert!(Measurements::parse("warming up\n{}").is_err());
    }
}
