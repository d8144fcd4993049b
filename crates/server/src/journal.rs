//! What a restored database cannot forget: how far the trust logs were.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use roamkey_proto::{AccountId, Pin, mutant, problem::Problem};
use roamkey_store_sqlite::{Journal, OpenError};
use roamkey_trust::Log;

use crate::refusal::Refusal;

/// Keeps accounts that a restored database brought back to an earlier log from being written to, until they are whole again: a
/// device that was removed since the backup is a member once more, and would go first.
#[derive(Default)]
pub(crate) struct Watch {
    /// Nothing is watched without a journal.
    journal: Option<Journal>,
    /// Accounts that were found whole; a database does not go back while a server is on it.
    whole: Mutex<HashSet<AccountId>>,
}

impl Watch {
    pub(crate) fn open(journal: Option<&Path>) -> Result<Self, OpenError> {
        Ok(Self { journal: journal.map(Journal::open).transpose()?, whole: Mutex::default() })
    }

    /// Refuses where the log lacks an entry that this server has answered for.
    pub(crate) async fn check(&self, log: &Log) -> Result<(), Refusal> {
        if self.journal.is_none() || self.lock().contains(&log.account()) {
            return Ok(());
        }
        self.check_given(log).await?;
        // A journal that was set later, or missed an entry as the server ended, has yet to learn of it: the next backup that is
        // brought back may be from before.
        if !mutant!("journal.learns-where-logs-are", self.journal.is_none()) {
            self.note(log.account(), log.head()).await?;
        }
        let mut whole = self.lock();
        if whole.len() >= WHOLE {
            whole.clear();
        }
        whole.insert(log.account());
        Ok(())
    }

    /// Refuses a log that is given back and does not reach to where it was.
    pub(crate) async fn check_given(&self, log: &Log) -> Result<(), Refusal> {
        let Some(journal) = &self.journal else { return Ok(()) };
        let newest = journal.newest(log.account()).await?;
        if !mutant!("journal.no-log-goes-back", newest.is_none_or(|newest| log.extends(&newest))) {
            return Err(Refusal::new(
                Problem::Held,
                "this server lost entries of the log: a device gives them back first",
            )
            .retry_after(AGAIN));
        }
        Ok(())
    }

    /// Notes an entry before it is answered for.
    pub(crate) async fn note(&self, account: AccountId, log: Pin) -> Result<(), Refusal> {
        match &self.journal {
            Some(journal) => Ok(journal.note(account, log).await?),
            None => Ok(()),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<AccountId>> {
        self.whole.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Accounts that are remembered as whole: five megabytes.
const WHOLE: usize = 100_000;

/// When to try again: the device that has what was lost may be asleep.
const AGAIN: Duration = Duration::from_secs(60);
