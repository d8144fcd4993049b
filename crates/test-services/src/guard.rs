//! A service that ends with the process that started it.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};

/// A shell that has started a service, and ends it when its standard input closes.
#[derive(Debug)]
pub(crate) struct Guard {
    shell: Child,
}

impl Guard {
    /// Runs a script that says `ready` once its service is, reads standard input to its end and
    /// cleans up after itself.
    pub(crate) fn start(user: User, script: &str, arguments: &[&str]) -> Result<Self> {
        let mut shell = user
            .command("sh")
            .args(["-c", script, "sh"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // An interrupt at the terminal is for whoever runs the tests; we notice their end.
            .process_group(0)
            .spawn()
            .context("cannot start a shell")?;
        let mut line = String::new();
        BufReader::new(shell.stdout.take().context("its output is piped")?).read_line(&mut line)?;
        let guard = Self { shell };
        ensure!(line.trim() == "ready", "the service does not start: {arguments:?}");
        Ok(guard)
    }
}

impl Drop for Guard {
    /// Waits until the service is gone, so that its folder is, too.
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // A shell that cannot be waited for is gone.
        let _ = self.shell.wait();
    }
}

/// Who runs a service.
#[derive(Clone, Copy, Debug)]
pub(crate) enum User {
    /// Whoever runs the tests.
    Ourselves,
    /// The user of Debian's package, as root may.
    Postgres {
        /// Their number and their group's.
        ids: (u32, u32),
    },
}

impl User {
    /// The one who may run PostgreSQL.
    pub(crate) fn of_postgres() -> Result<Self> {
        if number(&["-u"])? != 0 {
            return Ok(Self::Ourselves);
        }
        let ids = (number(&["-u", "postgres"])?, number(&["-g", "postgres"])?);
        Ok(Self::Postgres { ids })
    }

    pub(crate) fn command(self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        match self {
            Self::Ourselves => Command::new(program),
            Self::Postgres { .. } => {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
                command
            }
        }
    }

    /// Makes a folder that is theirs and that nobody else sees. The script of its service removes it.
    pub(crate) fn folder(self) -> Result<PathBuf> {
        // Short: the name of a socket has 107 bytes at most.
        let folder = tempfile::Builder::new().prefix("roamkey-").tempdir_in("/tmp")?.keep();
        if let Self::Postgres { ids: (user, group) } = self {
            chown(&folder, Some(user), Some(group))?;
        }
        Ok(folder)
    }
}

fn number(arguments: &[&str]) -> Result<u32> {
    let output = Command::new("id").args(arguments).output()?;
    ensure!(output.status.success(), "there is no user postgres: is postgresql-15 installed?");
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// Reads a number from the first line of a file.
pub(crate) fn first_number(path: &Path) -> Result<u32> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.lines().next().unwrap_or_default().trim().parse()?)
}
