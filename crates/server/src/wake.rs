//! Wake-ups: who waits for news of an account hears of them, whichever instance has them.

mod bus;
mod message;
mod nats;
mod shared;

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

use roamkey_proto::{AccountId, api::Wake};
use tokio::sync::watch;

pub(crate) use self::{bus::Bus, nats::Nats, shared::SharedWakeUps};

/// Carries the news of an append to whoever waits for it, on this instance or another.
pub(crate) trait WakeUps: Send + Sync {
    /// Says where the chains of an account are now.
    fn publish(&self, account: AccountId, wake: Wake);

    /// Waits for news of an account. Only the newest is kept: it says all that the ones before did.
    fn subscribe(&self, account: AccountId) -> watch::Receiver<Option<Wake>>;
}

/// Wake-ups within this process.
#[derive(Default)]
pub(crate) struct LocalWakeUps {
    waiting: Mutex<HashMap<AccountId, watch::Sender<Option<Wake>>>>,
}

impl WakeUps for LocalWakeUps {
    fn publish(&self, account: AccountId, wake: Wake) {
        let mut waiting = lock(&self.waiting);
        let Some(sender) = waiting.get(&account) else { return };
        if sender.receiver_count() == 0 {
            waiting.remove(&account);
            return;
        }
        sender.send_modify(|newest| *newest = Some(later(*newest, wake)));
    }

    fn subscribe(&self, account: AccountId) -> watch::Receiver<Option<Wake>> {
        let mut waiting = lock(&self.waiting);
        if waiting.len() >= waiting.capacity() {
            waiting.retain(|_, sender| sender.receiver_count() > 0);
        }
        waiting.entry(account).or_insert_with(|| watch::channel(None).0).subscribe()
    }
}

impl LocalWakeUps {
    /// The accounts that somebody waits for.
    fn accounts(&self) -> Vec<AccountId> {
        let waiting = lock(&self.waiting);
        waiting.iter().filter(|(_, sender)| sender.receiver_count() > 0).map(|(account, _)| *account).collect()
    }
}

/// Two appends may publish in either order; what a waiting device reads never goes back.
fn later(newest: Option<Wake>, wake: Wake) -> Wake {
    newest.map_or(wake, |newest| Wake { log: newest.log.max(wake.log), vault: newest.vault.max(wake.vault) })
}

fn lock<K: Eq + Hash, V>(map: &Mutex<HashMap<K, V>>) -> MutexGuard<'_, HashMap<K, V>> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: AccountId = AccountId::new([1; 32]);

    #[test]
    fn news_reach_those_who_wait_and_never_go_back() {
        let wake_ups = LocalWakeUps::default();
        wake_ups.publish(ACCOUNT, Wake { log: 1, vault: 1 });
        let waiting = wake_ups.subscribe(ACCOUNT);
        assert_eq!(*waiting.borrow(), None);
        wake_ups.publish(ACCOUNT, Wake { log: 2, vault: 5 });
        wake_ups.publish(ACCOUNT, Wake { log: 2, vault: 4 });
        assert_eq!(*waiting.borrow(), Some(Wake { log: 2, vault: 5 }));
    }

    #[test]
    fn accounts_that_nobody_waits_for_are_forgotten() {
        let wake_ups = LocalWakeUps::default();
        for number in 0..=255 {
            drop(wake_ups.subscribe(AccountId::new([number; 32])));
        }
        assert!(lock(&wake_ups.waiting).len() < 64);
    }
}
