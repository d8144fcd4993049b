//! libwebauthn, a platform library for Linux: what it can ask, over its pipe of HID messages.

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::{
    authenticator::{Authenticator, Transport, Voucher},
    tally::Tally,
};
use crate::{process::Call, workspace::Workspace};

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let program = program(workspace)?;
    let authenticator = Authenticator::start(workspace, Transport::Tcp, Voucher::Nobody)?;
    let counted = Call::new(program).arg(authenticator.address()).read()?;
    let Counted { passed, failed } = serde_json::from_str(&counted)?;
    ensure!(passed + failed > 0, "nothing was asked");
    Ok(Tally { passed, failed, ..Tally::default() })
}

/// A workspace of its own with a lock file of its own: its crates are no part of the product.
fn program(workspace: &Workspace) -> Result<std::path::PathBuf> {
    let target = workspace.cargo_target().join("libwebauthn");
    workspace
        .cargo()
        .args(["build", "--locked"])
        .at(&workspace.conformance().join("libwebauthn"))
        .env("CARGO_TARGET_DIR", &target)
        .run()?;
    Ok(target.join("debug/libwebauthn-platform"))
}

#[derive(Deserialize)]
struct Counted {
    passed: u64,
    failed: u64,
}
