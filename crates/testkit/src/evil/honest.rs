//! The real server, on a database of its own and a port of this machine.

use std::{fs, net::Ipv4Addr, path::PathBuf, sync::Arc, time::Duration};

use chacha20::rand_core::Rng as _;
use roamkey_client::Unreachable;
use roamkey_proto::{AccountId, Chain, Pin, Receipt, VERSION};
use roamkey_server::{Clock, Config, Database, Running};
use roamkey_server_store::{Identity as _, Logs as _, ServerSecrets};
use roamkey_store_sqlite::{Options, SqliteStore};
use roamkey_trust::{WriteKey, receipt};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use ureq::{Agent, http::Request};

use super::{Answer, Ask, clock::HandClock};
use crate::seeded;

/// The files of a database, as a backup has them.
pub(super) type Files = Vec<(String, Vec<u8>)>;

pub(super) struct Honest {
    folder: TempDir,
    runtime: Arc<Runtime>,
    running: Option<Running>,
    url: String,
    agent: Agent,
    clock: HandClock,
}

impl Honest {
    /// Starts a server whose keys come from a seed, as all else that is drawn here.
    pub(super) fn start(origin: &str, clock: &HandClock, seed: u64) -> Self {
        let mut honest = Self::prepare(clock);
        let (mut rng, mut secrets) = (seeded(seed), ServerSecrets { receipt_seed: [0; 32], challenge_key: [0; 32] });
        rng.fill_bytes(&mut secrets.receipt_seed);
        rng.fill_bytes(&mut secrets.challenge_key);
        honest.identify(secrets);
        honest.run(origin);
        honest
    }

    pub(super) fn start_with(origin: &str, clock: &HandClock, files: &Files) -> Self {
        let mut honest = Self::prepare(clock);
        honest.write(files);
        honest.run(origin);
        honest
    }

    fn prepare(clock: &HandClock) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self {
            folder: TempDir::new().expect("a folder for a database"),
            runtime: Arc::new(runtime.expect("a runtime")),
            running: None,
            url: String::new(),
            agent: config.new_agent(),
            clock: clock.clone(),
        }
    }

    pub(super) fn answer(&self, ask: &Ask) -> Result<Answer, Unreachable> {
        let unreachable = |error: String| Unreachable { reason: error };
        let mut builder = Request::builder().method(ask.method).uri(format!("{}{}", self.url, ask.path));
        for (name, value) in &ask.headers {
            builder = builder.header(*name, value);
        }
        let response = match &ask.body {
            Some(body) => self.agent.run(builder.body(body.clone()).map_err(|error| unreachable(error.to_string()))?),
            None => self.agent.run(builder.body(()).map_err(|error| unreachable(error.to_string()))?),
        };
        let mut response = response.map_err(|error| unreachable(error.to_string()))?;
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (content_type, retry_after) = (header("content-type").unwrap_or_default(), header("retry-after"));
        let body = response.body_mut().read_to_vec().map_err(|error| unreachable(error.to_string()))?;
        Ok(Answer { status: response.status().as_u16(), content_type, retry_after, body })
    }

    /// Copies the database while the server rests.
    pub(super) fn files(&mut self, origin: &str) -> Files {
        self.stop();
        let files = self.read();
        self.run(origin);
        files
    }

    /// Goes on from a copy.
    pub(super) fn restore(&mut self, origin: &str, files: &Files) {
        self.stop();
        for (name, _) in self.read() {
            fs::remove_file(self.folder.path().join(name)).expect("a file of ours");
        }
        self.write(files);
        self.run(origin);
    }

    /// Returns what the server holds, byte for byte.
    pub(super) fn database(&mut self, origin: &str) -> Vec<u8> {
        self.files(origin).into_iter().flat_map(|(_, bytes)| bytes).collect()
    }

    /// Signs a receipt with the server's own key, true or not.
    pub(super) fn sign_receipt(&self, account: AccountId, chain: Chain, pin: Pin) -> Vec<u8> {
        let key = WriteKey::from_bytes(&self.secrets().receipt_seed);
        receipt::sign(&Receipt { version: VERSION, account, chain, pin }, &key)
    }

    /// Returns the head of an account's vault, signed.
    pub(super) fn vault_head(&self, account: AccountId) -> Option<Vec<u8>> {
        let store = SqliteStore::open(&Options::new(self.path())).expect("the server's database");
        let heads = self.runtime.block_on(store.heads(account)).expect("the heads of an account")?;
        Some(self.sign_receipt(account, Chain::Vault, heads.vault))
    }

    /// Returns the keys that whoever runs the server has.
    pub(super) fn secrets(&self) -> ServerSecrets {
        self.identify(ServerSecrets { receipt_seed: [0; 32], challenge_key: [0; 32] })
    }

    /// Returns the keys of the database; those that are given, where it has none yet.
    fn identify(&self, fresh: ServerSecrets) -> ServerSecrets {
        let store = SqliteStore::open(&Options::new(self.path())).expect("the server's database");
        self.runtime.block_on(store.identity(fresh)).expect("the server's identity")
    }

    fn run(&mut self, origin: &str) {
        let mut config = Config::new((Ipv4Addr::LOCALHOST, 0).into(), Database::Sqlite(self.path()));
        config.origins = vec![origin.to_owned()];
        let clock = self.clock.clone();
        config.clock = Clock::new(move || clock.server_now());
        // Everything comes from one address here, within moments.
        config.limits.sign_in_burst = u32::MAX;
        config.limits.mailbox_burst = u32::MAX;
        config.limits.message_burst = u32::MAX;
        config.limits.entry_burst = u32::MAX;
        config.limits.restore_burst = u32::MAX;
        let running = self.runtime.block_on(roamkey_server::start(config)).expect("a server");
        self.url = running.url();
        self.running = Some(running);
    }

    fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.shutdown());
        }
    }

    fn read(&self) -> Files {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.folder.path()).expect("the folder of a database") {
            let entry = entry.expect("an entry of a folder");
            let bytes = fs::read(entry.path()).expect("a file of a database");
            files.push((entry.file_name().to_string_lossy().into_owned(), bytes));
        }
        files.sort();
        files
    }

    fn write(&self, files: &Files) {
        for (name, bytes) in files {
            fs::write(self.folder.path().join(name), bytes).expect("a file of a database");
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("server.sqlite")
    }
}

impl Drop for Honest {
    fn drop(&mut self) {
        self.stop();
    }
}
