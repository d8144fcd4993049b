use roamkey_proto::AccountId;
use roamkey_server_store::{Heads, HistoryCharge, NewCommit, NewRecord, Pushed};
use rusqlite::{Connection, OptionalExtension, params};

use super::tree;
use crate::row::{heads_in, int};

/// Decides first and writes after, so that a refusal leaves nothing to undo.
pub(super) fn push(connection: &Connection, commit: &NewCommit) -> rusqlite::Result<Pushed> {
    let Some((before, holdings)) = account(connection, commit.account)? else {
        return Ok(Pushed::UnknownAccount);
    };
    if before.vault == commit.pin || (before.vault != commit.prev && is_there(connection, commit, before)?) {
        return Ok(Pushed::Accepted(before));
    }
    if before.vault != commit.prev || before.log != commit.log {
        return Ok(Pushed::Conflict(before));
    }
    let mut holdings = holdings;
    for record in &commit.records {
        let replaced = replaced(connection, commit.account, record)?;
        if replaced.is_some_and(|replaced| int(record.revision) <= replaced.revision) {
            return Ok(Pushed::StaleRevision(record.item));
        }
        holdings = holdings.with(record, replaced);
    }
    if holdings.records != int(commit.count) {
        return Ok(Pushed::WrongCount { records: holdings.records.unsigned_abs() });
    }
    if holdings.records > int(commit.quota.records) || holdings.bytes > int(commit.quota.bytes) {
        return Ok(Pushed::OverQuota);
    }
    holdings = match holdings.charged(commit.history) {
        Ok(holdings) => holdings,
        Err(wait_ms) => return Ok(Pushed::OverHistory { wait_ms }),
    };
    let tree = tree::grown(connection, commit.account, &commit.records)?;
    if !commit.is_over(&tree) {
        return Ok(Pushed::WrongRoot);
    }
    store(connection, commit, holdings)?;
    tree::put(connection, commit.account, &tree)?;
    Ok(Pushed::Accepted(Heads { log: before.log, vault: commit.pin, vault_log: commit.log.seq }))
}

/// Whether this very commit is in its place, and others have followed.
fn is_there(connection: &Connection, commit: &NewCommit, before: Heads) -> rusqlite::Result<bool> {
    if commit.pin.seq >= before.vault.seq {
        return Ok(false);
    }
    connection.prepare_cached("SELECT 1 FROM commits WHERE account = ?1 AND seq = ?2 AND signed = ?3")?.exists(params![
        commit.account.as_bytes(),
        int(commit.pin.seq),
        commit.signed
    ])
}

/// What an account holds.
#[derive(Clone, Copy)]
pub(super) struct Holdings {
    pub(super) records: i64,
    pub(super) bytes: i64,
    history_full_at: i64,
}

impl Holdings {
    pub(super) fn with(self, record: &NewRecord, replaced: Option<Replaced>) -> Self {
        let freed = replaced.map_or(0, |replaced| replaced.bytes);
        Self {
            records: self.records + i64::from(replaced.is_none()),
            bytes: self.bytes - freed + i64::try_from(record.bytes.len()).unwrap_or(i64::MAX),
            ..self
        }
    }

    /// Takes growth of the history, or says how many milliseconds to wait for it.
    pub(super) fn charged(self, charge: Option<HistoryCharge>) -> Result<Self, u64> {
        let Some(charge) = charge else { return Ok(self) };
        let now = int(charge.now.0);
        let is_possible = self.history_full_at <= now.saturating_add(int(charge.most_ms));
        let before = if is_possible { self.history_full_at } else { now };
        let after = before.max(now).saturating_add(int(charge.cost_ms));
        match (after - now).saturating_sub(int(charge.depth_ms)) {
            ..=0 => Ok(Self { history_full_at: after, ..self }),
            wait => Err(wait.unsigned_abs()),
        }
    }
}

/// A record that gives way.
#[derive(Clone, Copy)]
pub(super) struct Replaced {
    pub(super) revision: i64,
    bytes: i64,
}

pub(super) fn account(connection: &Connection, account: AccountId) -> rusqlite::Result<Option<(Heads, Holdings)>> {
    connection
        .prepare_cached(
            "SELECT log_seq, log_id, vault_seq, vault_id, vault_log, records, record_bytes, history_full_at
             FROM accounts WHERE account = ?1",
        )?
        .query_row([account.as_bytes()], |row| {
            Ok((heads_in(row, 0)?, Holdings { records: row.get(5)?, bytes: row.get(6)?, history_full_at: row.get(7)? }))
        })
        .optional()
}

pub(super) fn replaced(
    connection: &Connection,
    account: AccountId,
    record: &NewRecord,
) -> rusqlite::Result<Option<Replaced>> {
    connection
        .prepare_cached("SELECT revision, length(record) FROM records WHERE account = ?1 AND item = ?2")?
        .query_row(params![account.as_bytes(), record.item.as_bytes()], |row| {
            Ok(Replaced { revision: row.get(0)?, bytes: row.get(1)? })
        })
        .optional()
}

pub(super) fn store(connection: &Connection, commit: &NewCommit, holdings: Holdings) -> rusqlite::Result<()> {
    let account = commit.account.as_bytes();
    let seq = int(commit.pin.seq);
    connection.prepare_cached("INSERT INTO commits (account, seq, signed) VALUES (?1, ?2, ?3)")?.execute(params![
        account,
        seq,
        commit.signed
    ])?;
    let mut put = connection.prepare_cached(
        "INSERT INTO records (account, item, revision, changed_by, record) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (account, item) DO UPDATE SET
             revision = excluded.revision, changed_by = excluded.changed_by, record = excluded.record",
    )?;
    for record in &commit.records {
        put.execute(params![account, record.item.as_bytes(), int(record.revision), seq, record.bytes])?;
    }
    connection
        .prepare_cached(
            "UPDATE accounts SET vault_seq = ?2, vault_id = ?3, vault_log = ?4, records = ?5, record_bytes = ?6,
                 history_full_at = ?7
             WHERE account = ?1",
        )?
        .execute(params![
            account,
            seq,
            commit.pin.id,
            int(commit.log.seq),
            holdings.records,
            holdings.bytes,
            holdings.history_full_at,
        ])
        .map(drop)
}
