use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use roamkey_proto::{AccountId, Pin, limits};
use roamkey_server_store::{Store, StoreError};
use roamkey_trust::{Log, TrustError};

/// Verified trust logs, kept while they are used.
///
/// Only a cache: the store says which entry is the newest, at every request, so that an entry that
/// another instance took counts at once.
pub(crate) struct Logs {
    kept: Mutex<Kept>,
    capacity: usize,
}

#[derive(Default)]
struct Kept {
    logs: HashMap<AccountId, (Arc<Log>, u64)>,
    uses: u64,
}

impl Logs {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { kept: Mutex::default(), capacity: capacity.max(1) }
    }

    /// Returns the log of an account as of `head`, which the store has just named.
    pub(crate) async fn at(&self, store: &dyn Store, account: AccountId, head: Pin) -> Result<Arc<Log>, StoreError> {
        let known = self.find(account);
        if let Some(log) = known.as_ref().filter(|log| log.head() == head) {
            return Ok(Arc::clone(log));
        }
        let log = Arc::new(load(store, account, known.as_deref(), head).await?);
        self.keep(Arc::clone(&log));
        Ok(log)
    }

    /// Keeps a log that was verified in another way.
    pub(crate) fn keep(&self, log: Arc<Log>) {
        let mut kept = self.lock();
        kept.uses += 1;
        let now = kept.uses;
        kept.logs.insert(log.account(), (log, now));
        if kept.logs.len() > self.capacity {
            let oldest = kept.logs.iter().min_by_key(|(_, (_, used))| *used).map(|(account, _)| *account);
            oldest.and_then(|account| kept.logs.remove(&account));
        }
    }

    fn find(&self, account: AccountId) -> Option<Arc<Log>> {
        let mut kept = self.lock();
        kept.uses += 1;
        let now = kept.uses;
        kept.logs.get_mut(&account).map(|(log, used)| {
            *used = now;
            Arc::clone(log)
        })
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Loads what is missing, up to `head` and no further: a newer entry may be in by now.
async fn load(store: &dyn Store, account: AccountId, known: Option<&Log>, head: Pin) -> Result<Log, StoreError> {
    let corrupt = |error: TrustError| StoreError::Internal(Box::new(error));
    let known = known.filter(|log| log.head().seq < head.seq);
    let mut after = known.map_or(0, |log| log.head().seq);
    let mut bundles = Vec::new();
    while after < head.seq {
        let room = usize::try_from(head.seq - after).unwrap_or(usize::MAX).min(limits::LOG_PAGE_ENTRIES);
        let page = store.bundles(account, after, room, None).await?;
        if page.is_empty() {
            break;
        }
        after += page.len() as u64;
        bundles.extend(page);
    }
    // The entries were verified when they came in, and the pin is from the store itself.
    let log = match known {
        None => Log::resume(&bundles, &head).map_err(corrupt)?,
        Some(known) => {
            let mut log = known.clone();
            for bundle in &bundles {
                log.append(bundle).map_err(corrupt)?;
            }
            log
        }
    };
    match log.head() == head {
        true => Ok(log),
        false => Err(corrupt(TrustError::Conflict { seq: head.seq })),
    }
}
