//! Measurements, native and in the browser.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::{
    commands::{ext, setup},
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
        setup::provide(workspace)?;
        ext::build_all(workspace)?;
        let mut measurements = self.native(workspace)?;
        measurements.extend(self.browser(workspace)?);
        if self.json {
            println!("{}", serde_json::to_string(&measurements)?);
        } else {
            print_table(&measurements);
        }
        Ok(())
    }

    fn native(&self, workspace: &Workspace) -> Result<Measurements> {
        let call = workspace.cargo().args(["run", "--release", "--quiet", "--package", "roamkey-bench", "--"]);
        parse(&call.args(&self.prefix).read()?)
    }

    fn browser(&self, workspace: &Workspace) -> Result<Measurements> {
        let script = workspace.extension().join("bench/run.mjs");
        let call = workspace.tool("node")?.arg(script).arg("--json").args(&self.prefix);
        parse(&call.env("ROAMKEY_EXT", workspace.bundles()).read()?)
    }
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
    use super::parse;

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
