//! `roamkey-server` as a process of its own.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result};
use roamkey_test_services::Cluster;

/// `roamkey-server` on a database of its own, as long as this lives.
pub(crate) struct Server {
    process: Child,
    url: String,
    _database: Database,
}

/// What a server keeps things in, as long as this lives.
struct Database {
    _folder: Option<tempfile::TempDir>,
    /// With PostgreSQL's own settings: a commit is on the disk.
    _cluster: Option<Cluster>,
}

/// The backends that are compared.
#[derive(Clone, Copy)]
pub(super) enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    pub(super) const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    fn make(self) -> Result<(Database, String)> {
        Ok(match self {
            Self::Sqlite => {
                let folder = tempfile::tempdir()?;
                let address = format!("sqlite:{}", folder.path().join("server.db").display());
                (Database { _folder: Some(folder), _cluster: None }, address)
            }
            Self::Postgres => {
                let cluster = Cluster::start_with(&["max_connections=50"])?;
                let address = cluster.database_url()?;
                (Database { _folder: None, _cluster: Some(cluster) }, address)
            }
        })
    }
}

impl Server {
    /// Starts the release build that lies beside this program, on SQLite.
    pub(crate) fn start() -> Result<Self> {
        Self::start_on(Backend::Sqlite)
    }

    /// Starts it on one of the backends.
    pub(super) fn start_on(backend: Backend) -> Result<Self> {
        let (database, address) = backend.make()?;
        let program = std::env::current_exe()?.with_file_name("roamkey-server");
        let mut process = Command::new(&program)
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(address)
            .args(UNLIMITED)
            .env("ROAMKEY_SERVER_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("its output is piped")?).read_line(&mut line)?;
        let url = line.trim().strip_prefix("listening on ").context("the server says where it listens")?.to_owned();
        Ok(Self { process, url, _database: database })
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Resident memory now.
    pub(super) fn rss_mb(&self) -> Result<f64> {
        self.memory("VmRSS:")
    }

    /// The most resident memory that there ever was.
    pub(super) fn peak_mb(&self) -> Result<f64> {
        self.memory("VmHWM:")
    }

    fn memory(&self, name: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).context("the kernel tells memory")?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024.0 / 1e6)
    }

    /// The time that its threads have had of a processor, to a hundredth of a second.
    pub(super) fn cpu(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // After the name, which may hold anything: state is field 3, the times in user and kernel are 14 and 15.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |index: usize| {
            fields.get(index).and_then(|field| field.parse::<u64>().ok()).context("the kernel tells time")
        };
        Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * MS_A_TICK))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is ours and keeps nothing that anyone wants; there is nothing to do about a failure.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The load comes from one address, and from devices that never pause.
const UNLIMITED: [&str; 14] = [
    "--device-burst",
    "4000000",
    "--device-rate",
    "1000000",
    "--account-burst",
    "4000000",
    "--account-rate",
    "1000000",
    "--sign-in-burst",
    "100000",
    "--registration-burst",
    "100000",
    "--record-bytes",
    "10000000000",
];

/// Linux counts in hundredths of a second, whatever its timer does.
const MS_A_TICK: u64 = 10;
