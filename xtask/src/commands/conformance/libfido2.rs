//! Programs on libfido2, as Debian ships them: fido2-tools and OpenSSH. What they are told to do is in `conformance/tools`.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{
    authenticator::{Authenticator, Transport, Voucher},
    pytest,
    tally::Tally,
};
use crate::{process::Call, workspace::Workspace};

pub(super) fn fido2_tools(workspace: &Workspace) -> Result<Tally> {
    run(workspace, "test_fido2_tools.py")
}

pub(super) fn ssh(workspace: &Workspace) -> Result<Tally> {
    run(workspace, "test_ssh.py")
}

fn run(workspace: &Workspace, tests: &str) -> Result<Tally> {
    let authenticator = Authenticator::start(workspace, Transport::Unix, Voucher::Nobody)?;
    let (shim, control) = (shim(workspace)?, authenticator.control());
    let environment = [
        ("ROAMKEY_HIDRAW", authenticator.address()),
        ("ROAMKEY_CONTROL", control.to_str().context("the folder for sockets has no name in UTF-8")?),
        ("ROAMKEY_SHIM", shim.to_str().context("the checkout has no name in UTF-8")?),
    ];
    let counted_in = authenticator.folder().join("tally.json");
    let folder = workspace.conformance().join("tools");
    // Our own tests have nothing to skip.
    pytest::run(workspace, &folder, &[tests], &counted_in, &[], &environment)
}

/// Compiles what makes libfido2 see a device that no kernel knows of.
fn shim(workspace: &Workspace) -> Result<PathBuf> {
    let shim = workspace.products().join("conformance/hidraw.so");
    let source = workspace.conformance().join("hidraw.c");
    Call::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&shim).arg(source).run()?;
    Ok(shim)
}
