use roamkey_server_store::{Heads, NewRestore, Restored};
use rusqlite::Connection;

use super::{
    push::{account, replaced, store},
    tree,
};
use crate::{accounts::was_deleted, logs::enter, row::int};

/// Decides first and writes after, as a push does.
pub(super) fn restore(connection: &Connection, restore: &NewRestore) -> rusqlite::Result<Restored> {
    let Some((before, mut holdings)) = account(connection, restore.account)? else {
        return Ok(Restored::UnknownAccount);
    };
    if was_deleted(connection, restore.account)? {
        return Ok(Restored::UnknownAccount);
    }
    if before.log != restore.log || before.vault != restore.vault {
        return Ok(Restored::Conflict(before));
    }
    let records = || restore.commits.iter().flat_map(|commit| &commit.records);
    holdings = match holdings.with(records(), |record| replaced(connection, restore.account, record))? {
        Ok(holdings) => holdings,
        Err(item) => return Ok(Restored::StaleRevision(item)),
    };
    let tree = tree::grown(connection, restore.account, records())?;
    if let Some(last) = restore.commits.last() {
        if holdings.records != int(last.count) {
            return Ok(Restored::WrongCount { records: holdings.records.unsigned_abs() });
        }
        if holdings.exceed(last) {
            return Ok(Restored::OverQuota);
        }
        if !last.is_over(&tree) {
            return Ok(Restored::WrongRoot);
        }
    }
    holdings = match holdings.charged(restore.history) {
        Ok(holdings) => holdings,
        Err(wait_ms) => return Ok(Restored::OverHistory { wait_ms }),
    };
    for entry in &restore.entries {
        enter(connection, entry)?;
    }
    for commit in &restore.commits {
        store(connection, commit, holdings)?;
    }
    tree::put(connection, restore.account, &tree)?;
    let log = restore.entries.last().map_or(before.log, |entry| entry.pin);
    let heads = restore.commits.last().map_or(Heads { log, ..before }, |last| Heads {
        log,
        vault: last.pin,
        vault_log: last.log.seq,
    });
    Ok(Restored::Accepted(heads))
}
