use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use roamkey_proto::{AccountId, api::Wake};
use roamkey_server_store::Store;
use tokio::{
    sync::{Notify, watch},
    time::sleep,
};

use super::{
    LocalWakeUps, WakeUps,
    bus::{Bus, Heard, Listening},
    later,
    message::{read, write},
};
use crate::state::stopped;

/// Wake-ups among several instances.
///
/// Who waits here hears at once what happens here. What happens elsewhere comes over the bus, many
/// accounts a message: however fast commits are, one message is under way at a time. A bus forgets
/// what it could not deliver, so whenever it may have missed something, the store is asked about
/// every account that somebody waits for.
pub(crate) struct SharedWakeUps {
    local: LocalWakeUps,
    outgoing: Mutex<BTreeMap<AccountId, Wake>>,
    has_outgoing: Notify,
    bus: Bus,
    store: Arc<dyn Store>,
}

impl WakeUps for SharedWakeUps {
    fn publish(&self, account: AccountId, wake: Wake) {
        self.local.publish(account, wake);
        self.queue([(account, wake)]);
    }

    fn subscribe(&self, account: AccountId) -> watch::Receiver<Option<Wake>> {
        self.local.subscribe(account)
    }
}

impl SharedWakeUps {
    pub(crate) fn new(bus: Bus, store: Arc<dyn Store>) -> Self {
        let (local, outgoing, has_outgoing) = (LocalWakeUps::default(), Mutex::default(), Notify::new());
        Self { local, outgoing, has_outgoing, bus, store }
    }

    /// Carries wake-ups both ways until the server stops.
    pub(crate) async fn run(&self, mut stopping: watch::Receiver<bool>) {
        tokio::select! {
            () = stopped(&mut stopping) => {}
            () = self.send() => {}
            () = self.hear() => {}
        }
    }

    async fn send(&self) {
        loop {
            self.has_outgoing.notified().await;
            let wakes = std::mem::take(&mut *self.lock());
            if wakes.is_empty() {
                continue;
            }
            if let Err(error) = self.bus.tell(write(&wakes)).await {
                tracing::warn!(%error, "cannot tell other instances what is new");
                self.queue(wakes);
                sleep(RETRY).await;
            }
        }
    }

    async fn hear(&self) {
        loop {
            match self.bus.listen().await {
                Ok(listening) => self.hear_from(listening).await,
                Err(error) => tracing::warn!(%error, "cannot hear what is new at other instances"),
            }
            sleep(RETRY).await;
        }
    }

    async fn hear_from(&self, mut listening: Listening) {
        self.catch_up().await;
        while let Some(heard) = listening.next().await {
            match heard {
                Heard::Message(text) => read(&text).for_each(|(account, wake)| self.local.publish(account, wake)),
                Heard::MayHaveMissed => self.catch_up().await,
            }
        }
    }

    /// Looks up where the chains are that somebody waits for.
    async fn catch_up(&self) {
        for account in self.local.accounts() {
            match self.store.heads(account).await {
                Ok(Some(heads)) => self.local.publish(account, Wake { log: heads.log.seq, vault: heads.vault.seq }),
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "cannot look up what is new"),
            }
        }
    }

    fn queue(&self, wakes: impl IntoIterator<Item = (AccountId, Wake)>) {
        let mut outgoing = self.lock();
        for (account, wake) in wakes {
            let newest = later(outgoing.get(&account).copied(), wake);
            outgoing.insert(account, newest);
        }
        drop(outgoing);
        self.has_outgoing.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<AccountId, Wake>> {
        self.outgoing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long to leave a bus alone that does not work.
const RETRY: Duration = Duration::from_millis(500);
