//! Suites that pytest runs.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::tally::Tally;
use crate::{process::Call, workspace::Workspace};

/// Runs `tests` in `folder` with our plugins at hand, and counts.
///
/// # Errors
///
/// When it did not come to a count, or when a case was skipped for a reason that is not among `reasons`: each of these is
/// the beginning of one.
pub(super) fn run(
    workspace: &Workspace,
    folder: &Path,
    tests: &[&str],
    counted_in: &Path,
    reasons: &[&str],
    environment: &[(&str, &str)],
) -> Result<Tally> {
    let python = Call::new(workspace.suites().join("bin/python")).at(folder);
    let mut pytest = python
        .args(["-m", "pytest", "--quiet", "--color=no", "--tb=short", "-p", "no:cacheprovider", "-p", "roamkey_tally"])
        .args(tests)
        .env("PYTHONPATH", workspace.conformance())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("ROAMKEY_TALLY", counted_in);
    for (name, value) in environment {
        pytest = pytest.env(name, value);
    }
    pytest.transcribe()?;
    let counted = fs::read_to_string(counted_in).context("the suite did not come to an end")?;
    let Counted { passed, failed, skipped, reasons: given } = serde_json::from_str(&counted)?;
    let unexpected = given.keys().find(|reason| !reasons.iter().any(|known| reason.starts_with(known)));
    ensure!(unexpected.is_none(), "a case was skipped without need: {}", unexpected.map_or("", String::as_str));
    ensure!(passed + failed > 0, "no case ran");
    Ok(Tally { passed, failed, skipped, reasons: given })
}

#[derive(Deserialize)]
struct Counted {
    passed: u64,
    failed: u64,
    skipped: u64,
    reasons: BTreeMap<String, u64>,
}
