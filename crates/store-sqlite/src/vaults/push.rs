use roamkey_proto::AccountId;
use roamkey_server_store::{Heads, Holdings, NewCommit, NewRecord, Pushed, Replaced};
use rusqlite::{Connection, OptionalExtension, params};

use super::tree;
use crate::row::{heads_in, int};

/// Decides first and writes after, so that a refusal leaves nothing to undo.
pub(super) fn push(connection: &Connection, commit: &NewCommit) -> rusqlite::Result<Pushed> {
    let Some((before, holdings)) = account(connection, commit.account)? else {
        return Ok(Pushed::UnknownAccount);
    };
    let is_there = || is_there(connection, commit);
    let judged = commit.judge(before, holdings, is_there, |record| replaced(connection, commit.account, record))?;
    let (after, holdings) = match judged {
        Ok(judged) => judged,
        Err(outcome) => return Ok(outcome),
    };
    let tree = tree::grown(connection, commit.account, &commit.records)?;
    if !commit.is_over(&tree) {
        return Ok(Pushed::WrongRoot);
    }
    store(connection, commit, holdings)?;
    tree::put(connection, commit.account, &tree)?;
    Ok(Pushed::Accepted(after))
}

/// Whether this very commit is in its place.
fn is_there(connection: &Connection, commit: &NewCommit) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM commits WHERE account = ?1 AND seq = ?2 AND signed = ?3")?.exists(params![
        commit.account.as_bytes(),
        int(commit.pin.seq),
        commit.signed
    ])
}

pub(super) fn account(connection: &Connection, account: AccountId) -> rusqlite::Result<Option<(Heads, Holdings)>> {
    connection
        .prepare_cached(
            "SELECT log_seq, log_id, vault_seq, vault_id, vault_log, records, record_bytes, history_owed,
                 history_as_of
             FROM accounts WHERE account = ?1",
        )?
        .query_row([account.as_bytes()], |row| {
            let holdings = Holdings {
                records: row.get(5)?,
                bytes: row.get(6)?,
                history_owed: row.get(7)?,
                history_as_of: row.get(8)?,
            };
            Ok((heads_in(row, 0)?, holdings))
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
                 history_owed = ?7, history_as_of = ?8
             WHERE account = ?1",
        )?
        .execute(params![
            account,
            seq,
            commit.pin.id,
            int(commit.log.seq),
            holdings.records,
            holdings.bytes,
            holdings.history_owed,
            holdings.history_as_of,
        ])
        .map(drop)
}
