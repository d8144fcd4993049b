//! `roamkey authenticator`, with the hooks that let suites play the person.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{process::Call, workspace::Workspace};

/// A device without a past, served until this is dropped.
pub(super) struct Authenticator {
    child: Child,
    address: String,
    folder: TempDir,
}

impl Authenticator {
    /// Serves one; `transport` is what goes before the address: `tcp:127.0.0.1:0`, or `unix`.
    pub(super) fn start(workspace: &Workspace, transport: Transport, voucher: Voucher) -> Result<Self> {
        let program = program(workspace)?;
        // Paths of sockets are short: not under target.
        let folder = TempDir::with_prefix("roamkey-")?;
        let transport = match transport {
            Transport::Tcp => "tcp:127.0.0.1:0".to_owned(),
            Transport::Unix => format!("unix:{}", folder.path().join("device").display()),
        };
        let presence = format!("control:{}", control(folder.path()).display());
        let mut command = Command::new(&program);
        command.args(["authenticator", "--ephemeral", "--transport", &transport, "--presence", &presence]);
        if voucher == Voucher::Organisation {
            let attestation = folder.path().join("attestation");
            certificates(workspace, &attestation)?;
            command.arg("--attestation").arg(attestation);
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut child = child.with_context(|| format!("cannot start {}", program.display()))?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("its output is piped")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let mut authenticator = Self { child, address: String::new(), folder };
        authenticator.address = address(&line).context("the authenticator did not say where it listens")?;
        Ok(authenticator)
    }

    /// The port, or the path of the socket.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// The socket by which suites touch and unplug it.
    pub(super) fn control(&self) -> PathBuf {
        control(self.folder.path())
    }

    /// A folder that goes with it.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Authenticator {
    fn drop(&mut self) {
        // It holds nothing that must be put in order; one that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Who vouches for new credentials.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Voucher {
    /// They do so themselves.
    Nobody,
    /// An organisation, to [`ENTERPRISE_SITE`] by the very device.
    Organisation,
}

/// The relying party to which the device names itself.
pub(super) const ENTERPRISE_SITE: &str = "intra.example";

/// What an organisation gives its devices.
fn certificates(workspace: &Workspace, folder: &Path) -> Result<()> {
    fs::create_dir(folder)?;
    let make =
        "certificates.make(pathlib.Path(sys.argv[1]), certificates.EPHEMERAL, (\"attestation\", \"enterprise\"))";
    Call::new(workspace.suites().join("bin/python"))
        .at(&workspace.conformance().join("verifiers"))
        .args(["-c", &format!("import certificates, pathlib, sys; {make}")])
        .arg(folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .run()?;
    fs::write(folder.join("enterprise.sites"), format!("{ENTERPRISE_SITE}\n*\n"))?;
    Ok(())
}

/// How suites reach it.
#[derive(Clone, Copy)]
pub(super) enum Transport {
    Tcp,
    Unix,
}

/// Builds the command line with its hooks and puts it aside: where Cargo leaves it, the next build without them does too.
fn program(workspace: &Workspace) -> Result<PathBuf> {
    workspace.cargo().args(["build", "--workspace", "--bins", "--features", "roamkey-cli/test-hooks"]).run()?;
    let folder = workspace.products().join("conformance");
    fs::create_dir_all(&folder)?;
    let (built, aside) = (workspace.binaries().join("roamkey"), folder.join("roamkey"));
    // Not over a program that may be running: a new file in its place.
    let new = folder.join(format!("roamkey.{}", std::process::id()));
    fs::copy(built, &new).context("cannot put the command line aside")?;
    fs::rename(new, &aside)?;
    Ok(aside)
}

/// What follows the last colon of `listening on tcp:127.0.0.1:4711`.
fn address(line: &str) -> Option<String> {
    let address = line.trim().strip_prefix("listening on ")?;
    address.rsplit_once(':').map(|(_, end)| end.to_owned())
}

fn control(folder: &Path) -> PathBuf {
    folder.join("control")
}
