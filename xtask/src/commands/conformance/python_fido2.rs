//! The device suite of python-fido2, Yubico's library in Python.

use anyhow::{Context, Result};

use super::{
    authenticator::{Authenticator, ENTERPRISE_SITE, Transport, Voucher},
    pytest,
    tally::Tally,
};
use crate::{packages::FIDO2_TESTS, workspace::Workspace};

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let authenticator = Authenticator::start(workspace, Transport::Tcp, Voucher::Organisation)?;
    let folder = workspace.suites().join(format!("{}-{}", FIDO2_TESTS.name, FIDO2_TESTS.version));
    let control = authenticator.control();
    let environment = [
        ("ROAMKEY_DEVICE", authenticator.address()),
        ("ROAMKEY_CONTROL", control.to_str().context("the folder for sockets has no name in UTF-8")?),
    ];
    let counted_in = authenticator.folder().join("tally.json");
    let tests = ["-p", "roamkey_device", &format!("--ep-rp-id={ENTERPRISE_SITE}"), "tests/device"];
    pytest::run(workspace, &folder, &tests, &counted_in, NOT_OURS, &environment)
}

/// What we do not claim, in the suite's own words.
const NOT_OURS: &[&str] = &[
    // There is no sensor.
    "BioEnrollment not supported",
    // No site asks for these: WebAuthn's registry calls them not recommended, or they are for other protocols.
    "Algorithm ES512 not supported",
    "Algorithm ES256K not supported",
    "Algorithm PS256 not supported",
    // An extension of Yubico's that is still being drafted.
    "previewSign not supported",
];
