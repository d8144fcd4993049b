//! The command at work.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
};

use super::super::stage::Device;

/// A device that is served, until it is ended or dropped.
pub(super) struct Served {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// What it printed when it was ready.
    pub(super) line: String,
    /// Where it listens.
    pub(super) address: String,
}

impl Served {
    pub(super) fn start(device: &Device, arguments: &[&str]) -> Self {
        let mut command = device.command(&[&["authenticator"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap_or_default().to_owned();
        Self { child, stdout, line, address }
    }

    pub(super) fn ephemeral(transport: &str) -> Self {
        Self::start(&Device::new(), &["--ephemeral", "--presence", "always", "--transport", transport])
    }

    /// Asks it to end, as a person does with Ctrl-C or a system when it shuts down.
    pub(super) fn end(mut self) -> ExitStatus {
        self.signal();
        self.child.wait().unwrap()
    }

    /// What it still prints until it ends.
    pub(super) fn rest(mut self) -> String {
        self.signal();
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        rest
    }

    fn signal(&self) {
        let ended = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().unwrap();
        assert!(ended.success());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
