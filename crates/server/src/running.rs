mod open;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use roamkey_proto::problem::Problem;
use roamkey_server_store::{ServerSecrets, Store, StoreError};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    Config,
    challenge::Challenges,
    connections::{Certificate, Connections, TlsError},
    deletion, endpoints,
    journal::Watch,
    logs::Logs,
    places::Places,
    rate::Rates,
    receipts::Receipts,
    refusal::Refusal,
    state::{App, State, stopped},
    wake::{Bus, LocalWakeUps, Nats, SharedWakeUps, WakeUps},
};

use self::open::Opened;
pub use self::open::{DatabaseOpenError, open};

/// A server at work. Dropping it stops it without waiting.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    /// Where metrics are answered, if anywhere.
    metrics: Option<SocketAddr>,
    certificate: Option<Arc<Certificate>>,
    stop: watch::Sender<bool>,
    open_sockets: watch::Sender<()>,
    last_requests: Duration,
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
    /// The certificate or its key does not serve.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The database does not open.
    #[error(transparent)]
    Database(#[from] DatabaseOpenError),
    /// The database opens and does not work.
    #[error("the database does not work")]
    Store(#[from] StoreError),
    /// The journal does not open.
    #[error("the journal does not open")]
    Journal(#[source] roamkey_store_sqlite::OpenError),
    /// What should carry wake-ups between instances does not.
    #[error("cannot share wake-ups with other instances")]
    WakeUps(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// The system gives no random bytes.
    #[error("no random bytes: {0}")]
    Random(getrandom::Error),
}

/// Starts a server; it listens when this returns.
///
/// # Errors
/// Every variant of [`StartError`].
pub async fn start(config: Config) -> Result<Running, StartError> {
    let certificate = config.tls.as_ref().map(Certificate::load).transpose()?;
    let (listener, address) = bind(config.listen).await?;
    let watching = match config.metrics {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let metrics = watching.as_ref().map(|(_, address)| *address);
    let opened = Opened::open(&config.database, &config.limits).await?;
    let store = opened.store();
    let secrets = store.identity(fresh_secrets()?).await?;
    let (stop, stopping) = watch::channel(false);
    let shared = shared_wake_ups(&config, &opened, &secrets).await?.map(Arc::new);
    let wake_ups: Arc<dyn WakeUps> = match &shared {
        Some(shared) => Arc::<SharedWakeUps>::clone(shared),
        None => Arc::new(LocalWakeUps::default()),
    };
    let watch = Watch::open(config.journal.as_deref()).map_err(StartError::Journal)?;
    let app = state(&config, address, store, watch, &secrets, wake_ups, stopping.clone());
    let connections = connections(&config, certificate.as_ref(), &app)?;
    let serving = connections.serve(listener, endpoints::router(Arc::clone(&app)), stopping.clone());
    let open_sockets = app.open_sockets.clone();
    let serving = tokio::spawn({
        let (certificate, app) = (certificate.clone(), Arc::clone(&app));
        async move {
            tokio::join!(
                serving,
                answer_watchers(watching, Arc::clone(&app), stopping.clone()),
                watch_certificate(certificate, stopping.clone()),
                deletion::keep_up(Arc::clone(&app), stopping.clone()),
                carry_wake_ups(shared, stopping.clone()),
                sweep(app, stopping),
            );
        }
    });
    let last_requests = Duration::from_secs(config.limits.stop_seconds);
    Ok(Running { address, metrics, certificate, stop, open_sockets, last_requests, serving })
}

/// Wake-ups for several instances: over NATS if there is one, or else through the database that they share.
async fn shared_wake_ups(
    config: &Config,
    opened: &Opened,
    secrets: &ServerSecrets,
) -> Result<Option<SharedWakeUps>, StartError> {
    let Opened::Postgres(store) = opened else { return Ok(None) };
    let bus = match &config.nats {
        Some(url) => {
            // Instances of other databases may use the same NATS.
            let deployment = hex::encode(Receipts::new(&secrets.receipt_seed).key().0);
            let nats = Nats::connect(url, format!("roamkey.wake.{deployment}")).await;
            Bus::Nats(nats.map_err(|error| StartError::WakeUps(Box::new(error)))?)
        }
        None => Bus::Postgres(Arc::clone(store)),
    };
    Ok(Some(SharedWakeUps::new(bus, opened.store())))
}

async fn carry_wake_ups(shared: Option<Arc<SharedWakeUps>>, stopping: watch::Receiver<bool>) {
    if let Some(shared) = shared {
        shared.run(stopping).await;
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

fn connections(config: &Config, certificate: Option<&Arc<Certificate>>, app: &App) -> Result<Connections, TlsError> {
    Ok(Connections {
        tls: certificate.map(|certificate| Arc::clone(certificate).acceptor()).transpose()?,
        at_most: config.limits.connections as usize,
        at_most_per_address: (!config.behind_proxy).then_some(config.limits.connections_per_address),
        patience: app.request_time(),
        last_requests: Duration::from_secs(config.limits.stop_seconds),
        metrics: Arc::clone(&app.metrics),
    })
}

/// Answers those who watch the server, on a listener of their own: what they ask never waits behind the others.
async fn answer_watchers(listener: Option<(TcpListener, SocketAddr)>, app: App, stopping: watch::Receiver<bool>) {
    let Some((listener, _)) = listener else { return };
    let connections = Connections {
        tls: None,
        at_most: WATCHERS,
        at_most_per_address: None,
        patience: app.request_time(),
        last_requests: Duration::ZERO,
        metrics: Arc::default(),
    };
    connections.serve(listener, endpoints::watchers(app), stopping).await;
}

async fn watch_certificate(certificate: Option<Arc<Certificate>>, stopping: watch::Receiver<bool>) {
    if let Some(certificate) = certificate {
        certificate.watch(stopping).await;
    }
}

impl Running {
    /// Returns where the server listens, `http://ADDRESS:PORT` or the same with `https`.
    #[must_use]
    pub fn url(&self) -> String {
        url(self.address, self.certificate.is_some())
    }

    /// Returns where metrics are answered, `http://ADDRESS:PORT`, if they are.
    #[must_use]
    pub fn metrics_url(&self) -> Option<String> {
        self.metrics.map(|address| url(address, false))
    }

    /// Reads the certificate and its key again. Connections that are open go on.
    pub fn reload(&self) {
        if let Some(certificate) = &self.certificate {
            certificate.reload();
        }
    }

    /// Stops: takes no more connections, lets requests that are under way finish, closes the store.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        if self.serving.await.is_err() {
            tracing::error!("the server did not end by itself");
        }
        // Sockets say why they close; one whose device does not listen is not waited for without end.
        let _ = tokio::time::timeout(self.last_requests, self.open_sockets.closed()).await;
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

fn state(
    config: &Config,
    address: SocketAddr,
    store: Arc<dyn Store>,
    watch: Watch,
    secrets: &ServerSecrets,
    wake_ups: Arc<dyn WakeUps>,
    stopping: watch::Receiver<bool>,
) -> App {
    let given = config.origins.iter().map(|origin| origin.trim_end_matches('/').to_owned());
    let origins = if config.origins.is_empty() { vec![url(address, config.tls.is_some())] } else { given.collect() };
    Arc::new(State {
        store,
        watch,
        logs: Logs::new(config.limits.cached_logs as usize),
        receipts: Receipts::new(&secrets.receipt_seed),
        challenges: Challenges::new(secrets.challenge_key),
        rates: Rates::new(&config.limits),
        wake_ups,
        sockets: Places::default(),
        account_sockets: Places::default(),
        origins,
        behind_proxy: config.behind_proxy,
        registration: config.registration,
        limits: config.limits.clone(),
        clock: config.clock.clone(),
        metrics: Arc::default(),
        open_sockets: watch::Sender::default(),
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

fn url(address: SocketAddr, tls: bool) -> String {
    let scheme = if tls { "https" } else { "http" };
    format!("{scheme}://{address}")
}

/// Connections of those who watch.
const WATCHERS: usize = 64;

const SWEEP_EVERY: Duration = Duration::from_secs(60);
