use std::{net::SocketAddr, sync::Arc, time::Duration};

use roamkey_proto::problem::Problem;
use roamkey_server_store::{ServerSecrets, Store, StoreError};
use roamkey_store_sqlite::{OpenError, Options, SqliteStore};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    Config, Database,
    challenge::Challenges,
    connections, endpoints,
    logs::Logs,
    rate::Rates,
    receipts::Receipts,
    refusal::Refusal,
    state::{App, State, stopped},
    wake::{LocalWakeUps, Sockets},
};

/// A server at work. Dropping it stops it without waiting.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The database does not open.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The database opens and does not work.
    #[error("the database does not work")]
    Store(#[from] StoreError),
    /// The system gives no random bytes.
    #[error("no random bytes: {0}")]
    Random(getrandom::Error),
}

/// Starts a server; it listens when this returns.
///
/// # Errors
/// Every variant of [`StartError`].
pub async fn start(config: Config) -> Result<Running, StartError> {
    let failed = |source| StartError::Listen { address: config.listen, source };
    let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let store = open(&config)?;
    let secrets = store.identity(fresh_secrets()?).await?;
    let (stop, stopping) = watch::channel(false);
    let app = state(&config, address, store, &secrets, stopping.clone());
    let router = endpoints::router(Arc::clone(&app));
    let sweeping = sweep(Arc::clone(&app), stopping.clone());
    let serving = connections::serve(
        listener,
        router,
        stopping,
        config.limits.connections,
        Duration::from_secs(config.limits.request_seconds),
    );
    let serving = tokio::spawn(async {
        tokio::join!(serving, sweeping);
    });
    Ok(Running { address, stop, serving })
}

impl Running {
    /// Returns where the server listens, `http://ADDRESS:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        url(self.address)
    }

    /// Stops: takes no more connections, lets requests that are under way finish, closes the store.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        if self.serving.await.is_err() {
            tracing::error!("the server did not end by itself");
        }
    }
}

/// Draws random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Refusal> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Refusal::new(Problem::Unavailable, "no random bytes"))?;
    Ok(bytes)
}

fn fresh_secrets() -> Result<ServerSecrets, StartError> {
    let mut secrets = ServerSecrets { receipt_seed: [0; 32], challenge_key: [0; 32] };
    getrandom::fill(&mut secrets.receipt_seed).map_err(StartError::Random)?;
    getrandom::fill(&mut secrets.challenge_key).map_err(StartError::Random)?;
    Ok(secrets)
}

fn open(config: &Config) -> Result<Arc<dyn Store>, StartError> {
    let Database::Sqlite(path) = &config.database;
    let options = Options { max_bytes: config.limits.database_bytes, ..Options::new(path) };
    Ok(Arc::new(SqliteStore::open(&options)?))
}

fn state(
    config: &Config,
    address: SocketAddr,
    store: Arc<dyn Store>,
    secrets: &ServerSecrets,
    stopping: watch::Receiver<bool>,
) -> App {
    let given = config.origins.iter().map(|origin| origin.trim_end_matches('/').to_owned());
    let origins = if config.origins.is_empty() { vec![url(address)] } else { given.collect() };
    Arc::new(State {
        store,
        logs: Logs::new(config.limits.cached_logs),
        receipts: Receipts::new(&secrets.receipt_seed),
        challenges: Challenges::new(secrets.challenge_key),
        rates: Rates::new(&config.limits),
        wake_ups: Arc::new(LocalWakeUps::default()),
        sockets: Sockets::default(),
        origins,
        behind_proxy: config.behind_proxy,
        registration: config.registration,
        limits: config.limits.clone(),
        stopping,
    })
}

/// Forgets every minute what is over.
async fn sweep(app: App, mut stopping: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = stopped(&mut stopping) => return,
            () = tokio::time::sleep(SWEEP_EVERY) => {}
        }
        if let Err(error) = app.store.sweep(app.now()).await {
            tracing::warn!(%error, "cannot sweep");
        }
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

const SWEEP_EVERY: Duration = Duration::from_secs(60);
