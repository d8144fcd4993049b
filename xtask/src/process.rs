//! Starting other programs, loudly.

use std::{
    ffi::{OsStr, OsString},
    io::{self, BufRead, BufReader, Read, Write},
    path::Path,
    process::{Command, Stdio},
    sync::Mutex,
    thread,
};

use anyhow::{Context, Result, bail};

/// A program about to be started: says what it runs, and turns a bad exit into an error that names it.
pub(crate) struct Call {
    command: Command,
}

impl Call {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        Self { command: Command::new(program) }
    }

    pub(crate) fn at(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// Runs it with its output on our stderr: stdout is for results.
    ///
    /// # Errors
    ///
    /// When it cannot start or does not succeed.
    pub(crate) fn run(mut self) -> Result<()> {
        self.announce();
        self.command.stdout(io::stderr());
        let status = self.command.status().with_context(|| format!("cannot start {}", self.line()))?;
        self.expect_success(status.success(), &status.to_string())
    }

    /// Runs it with our own stdin, stdout and stderr.
    ///
    /// # Errors
    ///
    /// When it cannot start or does not succeed.
    pub(crate) fn run_in_front(mut self) -> Result<()> {
        self.announce();
        let status = self.command.status().with_context(|| format!("cannot start {}", self.line()))?;
        self.expect_success(status.success(), &status.to_string())
    }

    /// Runs it quietly and returns its stdout, whatever its exit status.
    ///
    /// # Errors
    ///
    /// When it cannot start or writes something other than UTF-8.
    pub(crate) fn read_any(mut self) -> Result<(bool, String)> {
        let output =
            self.command.stderr(Stdio::null()).output().with_context(|| format!("cannot start {}", self.line()))?;
        Ok((output.status.success(), String::from_utf8(output.stdout)?))
    }

    /// Runs it with stderr shown, and returns its stdout.
    ///
    /// # Errors
    ///
    /// When it cannot start, does not succeed, or writes something other than UTF-8.
    pub(crate) fn read(mut self) -> Result<String> {
        self.announce();
        self.command.stderr(Stdio::inherit());
        let output = self.command.output().with_context(|| format!("cannot start {}", self.line()))?;
        self.expect_success(output.status.success(), &output.status.to_string())?;
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Runs it with its output shown line by line, and hands those lines back, also when it fails.
    ///
    /// # Errors
    ///
    /// When it cannot start; how it ended is in the [`Transcript`].
    pub(crate) fn transcribe(mut self) -> Result<Transcript> {
        self.announce();
        let line = self.line();
        let mut child = self
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {line}"))?;
        let lines = Mutex::new(Vec::new());
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        thread::scope(|scope| {
            scope.spawn(|| stdout.map(|pipe| copy_lines(pipe, &lines)));
            scope.spawn(|| stderr.map(|pipe| copy_lines(pipe, &lines)));
        });
        let status = child.wait().with_context(|| format!("lost {line}"))?;
        let outcome = self.expect_success(status.success(), &status.to_string());
        Ok(Transcript { lines: lines.into_inner().unwrap_or_default(), outcome })
    }

    fn announce(&self) {
        eprintln!("$ {}", self.line());
    }

    fn line(&self) -> String {
        let words: Vec<OsString> =
            [self.command.get_program()].into_iter().chain(self.command.get_args()).map(OsStr::to_owned).collect();
        words.join(OsStr::new(" ")).to_string_lossy().into_owned()
    }

    fn expect_success(&self, success: bool, status: &str) -> Result<()> {
        if success { Ok(()) } else { bail!("{status}: {}", self.line()) }
    }
}

/// What a program wrote, and how it ended.
pub(crate) struct Transcript {
    pub(crate) lines: Vec<String>,
    pub(crate) outcome: Result<()>,
}

/// Copies each line to our stderr and keeps it. A reader that fails ends its copy: the exit status tells the rest.
fn copy_lines(pipe: impl Read, lines: &Mutex<Vec<String>>) {
    for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned();
        // A closed stderr must not end the run.
        let _ = writeln!(io::stderr(), "{line}");
        if let Ok(mut lines) = lines.lock() {
            lines.push(line);
        }
    }
}
