//! PostgreSQL.

use std::{
    env,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use anyhow::{Context, Result, bail, ensure};

use crate::guard::{Guard, User, first_number};

/// A PostgreSQL of one's own, reachable through a socket in its folder.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    user: User,
    guard: Option<Guard>,
}

impl Cluster {
    /// Starts a cluster that forgets what a power cut would take: for tests of anything else.
    ///
    /// # Errors
    /// When PostgreSQL 15 is not installed or does not start.
    pub fn start() -> Result<Self> {
        Self::start_with(&["fsync=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=200"])
    }

    /// Starts a cluster with these settings and otherwise PostgreSQL's own.
    ///
    /// # Errors
    /// When PostgreSQL 15 is not installed or does not start.
    pub fn start_with(settings: &[&str]) -> Result<Self> {
        let user = User::of_postgres()?;
        let cluster = Self { folder: user.folder()?, user, guard: None };
        cluster.run(
            "initdb",
            &["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"],
            true,
        )?;
        cluster.serve(settings)
    }

    /// The one cluster of this process, started when it is first asked for.
    ///
    /// # Panics
    /// When it cannot be started: without it there is no test.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::start().expect("PostgreSQL 15 is installed; cargo xtask setup does it"))
    }

    /// Makes a copy of this cluster that follows it and can take its place.
    ///
    /// # Errors
    /// When the copy does not start.
    pub fn standby(&self, name: &str, settings: &[&str]) -> Result<Self> {
        let standby = Self { folder: self.user.folder()?, user: self.user, guard: None };
        let from = format!("--dbname=host={} user=postgres application_name={name}", self.folder.display());
        standby.run(
            "pg_basebackup",
            &[&from, "--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream", "-D"],
            true,
        )?;
        standby.serve(settings)
    }

    /// Makes commits wait until this standby has them.
    ///
    /// # Errors
    /// When the cluster does not answer.
    pub fn wait_for_standby(&self, name: &str) -> Result<()> {
        self.sql("postgres", &format!("ALTER SYSTEM SET synchronous_standby_names = '{name}'"))?;
        self.sql("postgres", "SELECT pg_reload_conf()")?;
        let is_synchronous = format!("SELECT sync_state FROM pg_stat_replication WHERE application_name = '{name}'");
        while self.sql("postgres", &is_synchronous)? != "sync" {
            std::thread::yield_now();
        }
        Ok(())
    }

    /// Makes a fresh database and returns its address.
    ///
    /// # Errors
    /// When the cluster does not answer.
    pub fn database(&self) -> Result<String> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let name = format!("test{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(self.address(&name))
    }

    /// Makes a fresh database and returns its address as a URL.
    ///
    /// # Errors
    /// When the cluster does not answer.
    pub fn database_url(&self) -> Result<String> {
        let address = self.database()?;
        Ok(self.url(address.rsplit('=').next().unwrap_or_default()))
    }

    /// The address of a database as a URL.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let host = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{host}/{database}")
    }

    /// The address of a database.
    #[must_use]
    pub fn address(&self, database: &str) -> String {
        format!("host={} user=postgres dbname={database}", self.folder.display())
    }

    /// The folder of the socket, which serves as a host's name.
    #[must_use]
    pub fn host(&self) -> &Path {
        &self.folder
    }

    /// The socket itself.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// Runs statements as the superuser and returns what they answer, unadorned.
    ///
    /// # Errors
    /// When one of them fails.
    pub fn sql(&self, database: &str, sql: &str) -> Result<String> {
        let output = self
            .user
            .command(program("psql")?)
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database, "-c", sql, "-h"])
            .arg(&self.folder)
            .stdin(Stdio::null())
            .output()?;
        ensure!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Returns the processes of the server, the one that started the others first.
    ///
    /// # Errors
    /// When it is not there.
    pub fn processes(&self) -> Result<Vec<u32>> {
        let first = first_number(&self.data().join("postmaster.pid"))?;
        let children = std::process::Command::new("pgrep").args(["-P", &first.to_string()]).output()?;
        let children = String::from_utf8(children.stdout)?;
        let children = children.split_whitespace().map(|id| Ok(id.parse()?));
        std::iter::once(Ok(first)).chain(children).collect()
    }

    /// Ends the server as a power cut would, as far as a process can tell.
    ///
    /// # Errors
    /// When it is not there.
    pub fn kill(&self) -> Result<()> {
        // All at once, while the children are known as its: none of them may finish what it was at.
        let processes = self.processes()?.into_iter().map(|id| id.to_string());
        let killed = std::process::Command::new("kill").arg("-9").args(processes).status()?;
        ensure!(killed.success(), "cannot kill the server");
        Ok(())
    }

    /// Makes a standby take over.
    ///
    /// # Errors
    /// When it does not.
    pub fn promote(&self) -> Result<()> {
        self.run("pg_ctl", &["promote", "--wait", "--silent", "-D"], false)
    }

    fn serve(mut self, settings: &[&str]) -> Result<Self> {
        let own = format!("unix_socket_directories={}", self.folder.display());
        let settings = ["listen_addresses=", &own, "port=5432"].into_iter().chain(settings.iter().copied());
        let flags: Vec<String> = settings.map(|setting| format!("-c '{setting}'")).collect();
        let (folder, control) = (text(&self.folder)?, program("pg_ctl")?);
        self.guard = Some(Guard::start(self.user, SCRIPT, &[folder, text(&control)?, &flags.join(" ")])?);
        Ok(self)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn run(&self, name: &str, arguments: &[&str], quiet: bool) -> Result<()> {
        let mut command = self.user.command(program(name)?);
        command.args(arguments).arg(self.data()).stdin(Stdio::null());
        if quiet {
            command.stdout(Stdio::null());
        }
        let output = command.output()?;
        if !output.status.success() {
            bail!("{name}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("the path is not text")
}

/// Debian keeps the server's programs out of `PATH`, a folder each version.
fn program(name: &str) -> Result<PathBuf> {
    let mut folders = vec![PathBuf::from("/usr/lib/postgresql/15/bin")];
    folders.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    found.with_context(|| format!("no {name} of PostgreSQL 15: run cargo xtask setup"))
}

/// Starts the server of a folder, and ends it and the folder when standard input closes.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
"$2" --pgdata="$1/data" --wait --silent --log="$1/log" --options="$3" start && echo ready || tail "$1/log" >&2
exec >&2
cat > /dev/null
"$2" --pgdata="$1/data" --wait --silent --mode=immediate stop 2> /dev/null
rm -rf "$1"
"#;
