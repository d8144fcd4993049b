//! `roamkey-server` as a process of its own.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result};
use roamkey_test_services::Cluster;

use super::usage::{Usage, cpu, kernel_mb};

/// `roamkey-server` on a database of its own, as long as this lives.
pub(crate) struct Server {
    process: Child,
    url: String,
    database: Database,
}

/// What a server keeps things in, as long as this lives.
enum Database {
    Sqlite(tempfile::TempDir),
    /// With PostgreSQL's own settings: a commit is on the disk.
    Postgres(Cluster, String),
}

/// The backends that are compared.
#[derive(Clone, Copy)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    pub(crate) const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

impl Database {
    fn make(backend: Backend) -> Result<Self> {
        Ok(match backend {
            Backend::Sqlite => Self::Sqlite(tempfile::tempdir()?),
            Backend::Postgres => {
                let cluster = Cluster::start_with(&["max_connections=50"])?;
                let name = "bench".to_owned();
                cluster.sql("postgres", &format!("CREATE DATABASE {name}"))?;
                Self::Postgres(cluster, name)
            }
        })
    }

    fn address(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite:{}", folder.path().join(FILE).display()),
            Self::Postgres(cluster, name) => cluster.url(name),
        }
    }
}

impl Server {
    /// Starts the release build that lies beside this program, on SQLite.
    pub(crate) fn start() -> Result<Self> {
        Self::start_on(Backend::Sqlite)
    }

    /// Starts it on one of the backends.
    pub(crate) fn start_on(backend: Backend) -> Result<Self> {
        let database = Database::make(backend)?;
        let program = std::env::current_exe()?.with_file_name("roamkey-server");
        // As many files as the operator's unit allows; a shell's limit may be lower than ten thousand sockets.
        let mut process = Command::new("prlimit")
            .arg(format!("--nofile={FILES}"))
            .arg(&program)
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(database.address())
            .args(UNLIMITED)
            .env("ROAMKEY_SERVER_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("its output is piped")?).read_line(&mut line)?;
        let url = line.trim().strip_prefix("listening on ").context("the server says where it listens")?.to_owned();
        Ok(Self { process, url, database })
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Resident memory now.
    pub(crate) fn rss_mb(&self) -> Result<f64> {
        kernel_mb(self.process.id(), "VmRSS")
    }

    /// The most resident memory that there was since [`Self::forget_peak`].
    pub(super) fn peak_mb(&self) -> Result<f64> {
        kernel_mb(self.process.id(), "VmHWM")
    }

    /// Begins to watch for the most resident memory anew.
    pub(super) fn forget_peak(&self) -> Result<()> {
        fs::write(format!("/proc/{}/clear_refs", self.process.id()), "5").context("cannot reset the peak of memory")
    }

    /// The time that its threads have had of a processor, to a hundredth of a second.
    pub(super) fn cpu(&self) -> Result<Duration> {
        cpu(self.process.id())
    }

    /// What it has taken of the machine so far, its database apart.
    pub(crate) fn usage(&self) -> Result<Usage> {
        Usage::of(self.process.id())
    }

    /// What the processes of its database have taken so far: nothing where it is a file.
    pub(crate) fn database_usage(&self) -> Result<Usage> {
        match &self.database {
            Database::Sqlite(_) => Ok(Usage::default()),
            // A worker may end between two looks; what it took is then its parent's.
            Database::Postgres(cluster, _) => {
                Ok(cluster.processes()?.into_iter().filter_map(|process| Usage::of(process).ok()).sum())
            }
        }
    }

    /// Bytes that its data take on the disk, journals of SQLite included, PostgreSQL's shared ones not.
    pub(crate) fn stored_bytes(&self) -> Result<u64> {
        match &self.database {
            Database::Sqlite(folder) => {
                let files = ["", "-wal", "-shm"].map(|end| folder.path().join(format!("{FILE}{end}")));
                files.iter().map(|file| size(file)).sum()
            }
            Database::Postgres(cluster, name) => {
                Ok(cluster.sql("postgres", &format!("SELECT pg_database_size('{name}')"))?.parse()?)
            }
        }
    }
}

fn size(path: &Path) -> Result<u64> {
    if path.exists() { Ok(fs::metadata(path)?.len()) } else { Ok(0) }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is ours and keeps nothing that anyone wants; there is nothing to do about a failure.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const FILE: &str = "server.db";

/// Open files of a process, as `packaging/roamkey-server.service` has them where the machine allows it.
pub(super) const FILES: u32 = 20_000;

/// The load comes from one address, and from devices that never pause.
const UNLIMITED: [&str; 30] = [
    "--device-burst",
    "4000000",
    "--device-rate",
    "1000000",
    "--account-burst",
    "4000000",
    "--account-rate",
    "1000000",
    "--sign-in-burst",
    "1000000",
    "--sign-in-rate",
    "1000000",
    "--registration-burst",
    "100000",
    "--record-bytes",
    "10000000000",
    "--history-burst-bytes",
    "10000000000",
    "--mailbox-burst",
    "1000000",
    "--mailboxes-per-minute",
    "1000000",
    "--message-burst",
    "1000000",
    "--message-rate",
    "1000000",
    "--connections-per-address",
    "20000",
    "--sockets",
    "16",
];
