//! Servers to test: one in this process, one as a child that can be killed.

use std::{
    fs,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use roamkey_proto::api::{Accepted, Session, SignIn};
use roamkey_server::{Config, Database, Running, start};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{account::Account, http::Client};

pub(crate) struct TestServer {
    pub(crate) client: Client,
    running: Option<Running>,
    runtime: Runtime,
    folder: TempDir,
}

impl TestServer {
    pub(crate) fn start() -> Self {
        Self::start_with(|_| {})
    }

    pub(crate) fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::Sqlite(folder.path().join("server.db"));
        let mut config = Config::new(([127, 0, 0, 1], 0).into(), database);
        change(&mut config);
        let runtime = Runtime::new().unwrap();
        let running = runtime.block_on(start(config)).unwrap();
        Self { client: Client::new(&running.url()), running: Some(running), runtime, folder }
    }

    /// Where it keeps what it is given.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("server.db")
    }

    /// Has it read its certificate again.
    pub(crate) fn reload(&self) {
        self.running.as_ref().unwrap().reload();
    }

    /// Reads its metrics.
    pub(crate) fn metrics(&self) -> String {
        let url = self.running.as_ref().unwrap().metrics_url().unwrap();
        String::from_utf8(Client::new(&url).get("/metrics", None).body).unwrap()
    }

    /// An account that is there, and a session of its founder.
    pub(crate) fn account(&self, salt: u64) -> (Account, String) {
        let account = Account::new(salt);
        create(&self.client, &account);
        let token = self.client.sign_in(account.id(), &account.founder);
        (account, token)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.shutdown());
        }
    }
}

pub(crate) fn create(client: &Client, account: &Account) {
    let _: Accepted = client.post("/v1/accounts", None, &account.genesis).ok();
}

/// The real program.
pub(crate) struct ChildServer {
    child: Child,
    pub(crate) url: String,
}

impl ChildServer {
    pub(crate) fn start(database: &Path, flags: &[&str]) -> Self {
        Self::start_by(Command::new(env!("CARGO_BIN_EXE_roamkey-server")), database, flags).unwrap()
    }

    /// Starts it by a command that runs the program; the error is what it says when it does not start.
    pub(crate) fn start_by(mut command: Command, database: &Path, flags: &[&str]) -> Result<Self, String> {
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--origin", ORIGIN, "--database"])
            .arg(format!("sqlite:{}", database.display()))
            .args(flags)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let mut log = child.stderr.take().unwrap();
        let Some(url) = line.trim_end().strip_prefix("listening on ") else {
            child.wait().unwrap();
            return Err(io::read_to_string(log).unwrap());
        };
        // Whatever it says later goes nowhere, but not back to it as an error.
        std::thread::spawn(move || io::copy(&mut log, &mut io::sink()));
        Ok(Self { child, url: url.to_owned() })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// An account that is there, and a session of its founder.
    pub(crate) fn account(&self, client: &Client, salt: u64) -> (Account, String) {
        let account = Account::new(salt);
        create(client, &account);
        let token = self.sign_in(client, &account);
        (account, token)
    }

    /// A new session of an account's founder.
    pub(crate) fn sign_in(&self, client: &Client, account: &Account) -> String {
        let challenge = client.challenge(account.id(), &account.founder).challenge;
        let proof = account.founder.proof(account.id(), ORIGIN, challenge);
        let session: Session = client.post("/v1/sessions", None, &SignIn { proof }).ok();
        session.token.to_string()
    }

    /// As a power cut would, as far as a process can tell.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, and tells whether it did so well.
    pub(crate) fn terminate(mut self) -> bool {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        asked.success() && self.child.wait().unwrap().success()
    }
}

impl Drop for ChildServer {
    fn drop(&mut self) {
        // It has ended already in a test that went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Memory that a process has in RAM.
pub(crate) fn resident_kb(process: u32) -> u64 {
    roamkey_test_services::memory_of(process, "VmRSS").unwrap() / 1024
}

/// Files and connections that a process has open.
pub(crate) fn open_files(process: u32) -> usize {
    fs::read_dir(format!("/proc/{process}/fd")).unwrap().count()
}

/// What devices of a child server have configured, whichever port it gets.
pub(crate) const ORIGIN: &str = "https://roamkey.test";
