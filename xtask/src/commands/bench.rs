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
type Measurements = BTreeMap<String, Measurement>;

#[derive(Deserialize, Serialize)]
struct Measurement {
    value: f64,
    unit: String,
}

impl Bench {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        let prefix = self.prefix.as_deref().unwrap_or_default();
        // Both halves measure against the server, and find it beside the other release builds.
        workspace.cargo().args(["build", "--release", "--package", "roamkey-server", "--bins"]).run()?;
        let mut measurements = native(workspace, prefix)?;
        if may_hold(WASM, prefix) {
            measurements.extend(wasm(workspace, prefix)?);
        }
        if may_hold(BROWSER, prefix) {
            measurements.extend(browser(workspace)?);
        }
        measurements.retain(|name, _| name.starts_with(prefix));
        if self.json {
            println!("{}", serde_json::to_string(&measurements)?);
        } else {
            print_table(&measurements);
        }
        Ok(())
    }
}

/// How the names of what is measured in the browser start.
const BROWSER: &[&str] = &["extension.", "sync.first.wasm_ms.", "unlock.wasm_ms"];

/// And of what is measured as WebAssembly, in Node.
const WASM: &[&str] = &["authenticator.wasm."];

/// Whether one of `names` could go on as a name that starts with `prefix`.
fn may_hold(names: &[&str], prefix: &str) -> bool {
    names.iter().any(|name| name.starts_with(prefix) || prefix.starts_with(name))
}

fn native(workspace: &Workspace, prefix: &str) -> Result<Measurements> {
    let call = workspace.cargo().args(["run", "--release", "--quiet", "--package", "roamkey-bench", "--", prefix]);
    parse(&call.read()?)
}

/// What a browser's core does, without the browser: compiled as it is, its clock and randomness from WASI.
fn wasm(workspace: &Workspace, prefix: &str) -> Result<Measurements> {
    setup::provide(workspace)?;
    let target = ["--target", WASI, "--profile", "wasm"];
    workspace.cargo().args(["build", "--quiet", "--package", "roamkey-bench"]).args(target).run()?;
    let module = workspace.cargo_target().join(WASI).join("wasm/roamkey-bench.wasm");
    let call = workspace.tool("node")?.arg("--no-warnings").arg(workspace.script("run-wasi.mjs")).arg(module);
    parse(&call.arg(prefix).read()?)
}

fn browser(workspace: &Workspace) -> Result<Measurements> {
    setup::provide(workspace)?;
    ext::build_all(workspace)?;
    let script = workspace.extension().join("bench/run.mjs");
    let call = workspace.tool("node")?.arg(script).arg("--json").env("ROAMKEY_EXT", workspace.bundles());
    parse(&call.env("ROAMKEY_BIN_DIR", workspace.cargo_target().join("release")).read()?)
}

fn parse(json: &str) -> Result<Measurements> {
    serde_json::from_str(json).with_context(|| format!("not measurements: {json}"))
}

fn print_table(measurements: &Measurements) {
    let width = measurements.keys().map(String::len).max().unwrap_or_default();
    for (name, Measurement { value, unit }) in measurements {
        println!("{name:<width$}  {value:>12.3} {unit}");
    }
}

#[cfg(test)]
mod tests {
    use super::{BROWSER, may_hold, parse};

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
        let measurements = parse(r#"{"a":{"value":1,"unit":"ms"},"b":{"value":0.5,"unit":"ratio"}}"#).ok();
        assert_eq!(measurements.map(|measured| measured.len()), Some(2));
    }

    #[test]
    fn anything_else_on_stdout_is_an_error() {
        assert!(parse("warming up\n{}").is_err());
    }
}
