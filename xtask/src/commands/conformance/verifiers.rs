//! What sites verify with: each of four libraries with every algorithm and every kind of attestation.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use tempfile::TempDir;

use super::tally::Tally;
use crate::{process::Call, workspace::Workspace};

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let client = client(workspace)?;
    let webauthn_rs = webauthn_rs(workspace)?;
    let folder = TempDir::with_prefix("roamkey-")?;
    let counted_in = folder.path().join("tally.json");
    let (python, node) = (workspace.suites().join("bin/python"), workspace.tools().join("bin/node"));
    let (python, node) = (python.display(), node.display());
    Call::new(workspace.suites().join("bin/python"))
        .at(&workspace.conformance().join("verifiers"))
        .arg("matrix.py")
        .args([&client, &folder.path().to_path_buf(), &counted_in])
        .arg(format!("py_webauthn={python} py_webauthn.py"))
        .arg(format!("python-fido2={python} python_fido2.py"))
        .arg(format!("@simplewebauthn/server={node} --no-warnings simplewebauthn.mjs"))
        .arg(format!("webauthn-rs={webauthn_rs}"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .run()?;
    let counted = fs::read_to_string(counted_in).context("the matrix did not come to an end")?;
    let Counted { passed, failed, skipped, reasons } = serde_json::from_str(&counted)?;
    ensure!(passed + failed > 0, "nothing was verified");
    Ok(Tally { passed, failed, skipped, reasons })
}

/// Our client behind a pipe.
pub(super) fn client(workspace: &Workspace) -> Result<std::path::PathBuf> {
    // Of the whole workspace: a choice of one package would compile its dependencies anew, with other features.
    workspace.cargo().args(["build", "--workspace", "--bin", "client-under-test"]).run()?;
    Ok(workspace.binaries().join("client-under-test"))
}

/// A workspace of its own with a lock file of its own: its crates are no part of the product.
fn webauthn_rs(workspace: &Workspace) -> Result<String> {
    let target = workspace.cargo_target().join("webauthn-rs");
    workspace
        .cargo()
        .args(["build", "--locked"])
        .at(&workspace.conformance().join("webauthn-rs"))
        .env("CARGO_TARGET_DIR", &target)
        .run()?;
    Ok(target.join("debug/webauthn-rs-verifier").display().to_string())
}

#[derive(Deserialize)]
struct Counted {
    passed: u64,
    failed: u64,
    skipped: u64,
    reasons: BTreeMap<String, u64>,
}
