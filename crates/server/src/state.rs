use std::{sync::Arc, time::Duration};

use roamkey_proto::{AccountId, DeviceId, Time};
use roamkey_server_store::Store;
use tokio::sync::watch;

use crate::{
    Clock, challenge::Challenges, config::Limits, config::Registration, journal::Watch, logs::Logs, metrics::Metrics,
    places::Places, rate::Rates, receipts::Receipts, wake::WakeUps,
};

/// What every request sees.
pub(crate) type App = Arc<State>;

pub(crate) struct State {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) logs: Logs,
    pub(crate) watch: Watch,
    pub(crate) receipts: Receipts,
    pub(crate) challenges: Challenges,
    pub(crate) rates: Rates,
    pub(crate) wake_ups: Arc<dyn WakeUps>,
    /// Open sockets of each device.
    pub(crate) sockets: Places<(AccountId, DeviceId)>,
    /// Open sockets of each account.
    pub(crate) account_sockets: Places<AccountId>,
    pub(crate) origins: Vec<String>,
    pub(crate) behind_proxy: bool,
    pub(crate) registration: Registration,
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) metrics: Arc<Metrics>,
    /// Each open socket listens here, so that a stop can wait until they have said why they close.
    pub(crate) open_sockets: watch::Sender<()>,
    /// Turns true when the server stops; sockets close then.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl State {
    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    pub(crate) fn request_time(&self) -> Duration {
        Duration::from_secs(self.limits.request_seconds)
    }
}

/// Waits until the server stops, or is gone.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // The guard inside the answer must not live on across an await.
    let _ = stopping.wait_for(|stopping| *stopping).await.map(drop);
}
