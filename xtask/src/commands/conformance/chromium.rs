//! Chromium's virtual authenticator and our client under the same random requests: whatever comes out differently has a name.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use tempfile::TempDir;

use super::{tally::Tally, verifiers};
use crate::{process::Call, workspace::Workspace};

/// How many requests a test of the whole project makes, and from which seed: a change must not fail by the luck of the draw.
const REQUESTS: u32 = 300;
const USUAL_SEED: &str = "1135075332";

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    differential(workspace, REQUESTS, Some(USUAL_SEED))
}

/// Makes `requests` of them, from a seed of their own where none is given. It is printed, and what failed says how to see it
/// again.
pub(super) fn differential(workspace: &Workspace, requests: u32, seed: Option<&str>) -> Result<Tally> {
    let client = verifiers::client(workspace)?;
    let folder = TempDir::with_prefix("roamkey-")?;
    let counted_in = folder.path().join("tally.json");
    Call::new(workspace.suites().join("bin/python"))
        .at(&workspace.conformance().join("verifiers"))
        .args(["-c", "import certificates, pathlib, sys; certificates.make(pathlib.Path(sys.argv[1]))"])
        .arg(folder.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .run()?;
    let mut call = workspace.tool("node")?.at(&workspace.conformance().join("chromium"));
    call = call.arg("differential.mjs").args([&client, &folder.path().to_path_buf(), &counted_in]);
    let asked = std::env::var(SEED).ok();
    let seed = asked.as_deref().or(seed);
    call.arg(requests.to_string()).args(seed).run()?;
    let counted = fs::read_to_string(counted_in).context("the requests did not come to an end")?;
    let Counted { passed, failed, explained } = serde_json::from_str(&counted)?;
    ensure!(passed + failed > 0, "nothing was asked");
    for (name, count) in explained {
        eprintln!("    {count} times: {name}");
    }
    Ok(Tally { passed, failed, ..Tally::default() })
}

/// Names the seed of an earlier run, to make the same requests.
const SEED: &str = "ROAMKEY_SEED";

#[derive(Deserialize)]
struct Counted {
    passed: u64,
    failed: u64,
    explained: BTreeMap<String, u64>,
}
