//! What was measured.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde::Serialize;

/// Measurements by name, as far as they were asked for.
#[derive(Debug)]
pub(crate) struct Report {
    prefix: String,
    values: BTreeMap<String, Measurement>,
}

#[derive(Debug, Serialize)]
struct Measurement {
    value: f64,
    unit: &'static str,
}

impl Report {
    /// A report on what starts with `prefix`; on everything where it is empty.
    pub(crate) fn for_prefix(prefix: String) -> Self {
        Self { prefix, values: BTreeMap::new() }
    }

    /// Whether anything of a subject was asked for.
    pub(crate) fn wants(&self, subject: &str) -> bool {
        subject.starts_with(&self.prefix) || self.prefix.starts_with(subject)
    }

    /// Keeps a measurement, if it was asked for.
    pub(crate) fn add(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        let name = name.into();
        if name.starts_with(&self.prefix) {
            self.values.insert(name, Measurement { value, unit });
        }
    }

    /// Checks that of the names that were promised each one is here that was asked for.
    pub(crate) fn check_promised(&self, names: impl IntoIterator<Item = String>) -> Result<()> {
        let mut missing =
            names.into_iter().filter(|name| name.starts_with(&self.prefix) && !self.values.contains_key(name));
        match missing.next() {
            None => Ok(()),
            Some(name) => bail!("{name} was not measured"),
        }
    }

    /// The one object that goes to standard output.
    pub(crate) fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string(&self.values)?)
    }
}
