use roamkey_proto::{AccountId, EntryWrap, Time};
use roamkey_server_store::{Accounts, Answer, Deleted};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    SqliteStore,
    row::{device, int},
};

impl Accounts for SqliteStore {
    fn list(&self, after: Option<AccountId>, at_most: usize) -> Answer<'_, Vec<AccountId>> {
        Box::pin(self.readers.read(move |connection| {
            // The empty blob sorts before every account.
            let after = after.as_ref().map_or(&[][..], |account| account.as_bytes());
            connection
                .prepare_cached("SELECT account FROM accounts WHERE account > ?1 ORDER BY account LIMIT ?2")?
                .query_map(params![after, rows(at_most)], |row| row.get(0).map(AccountId::new))?
                .collect()
        }))
    }

    fn due(&self, now: Time, at_most: usize) -> Answer<'_, Vec<AccountId>> {
        Box::pin(self.readers.read(move |connection| {
            connection
                .prepare_cached("SELECT account FROM accounts WHERE deletes_at <= ?1 ORDER BY deletes_at LIMIT ?2")?
                .query_map(params![int(now.0), rows(at_most)], |row| row.get(0).map(AccountId::new))?
                .collect()
        }))
    }

    fn delete(&self, account: AccountId, now: Time, at_most: usize) -> Answer<'_, Deleted> {
        Box::pin(self.writer.write(move |connection| delete(connection, account, now, at_most)))
    }

    fn was_deleted(&self, account: AccountId) -> Answer<'_, bool> {
        Box::pin(self.readers.read(move |connection| was_deleted(connection, account)))
    }

    fn wraps(&self, account: AccountId, after: u64, through: u64) -> Answer<'_, Vec<(u64, EntryWrap)>> {
        Box::pin(self.readers.read(move |connection| {
            connection
                .prepare_cached(
                    "SELECT seq, device, wrap FROM wraps
                     WHERE account = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq, device",
                )?
                .query_map(params![account.as_bytes(), int(after), int(through)], |row| {
                    Ok((row.get(0)?, EntryWrap { recipient: device(row, 1)?, wrap: row.get(2)? }))
                })?
                .collect()
        }))
    }
}

pub(crate) fn was_deleted(connection: &Connection, account: AccountId) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM deleted_accounts WHERE account = ?1")?.exists([account.as_bytes()])
}

fn delete(connection: &Connection, account: AccountId, now: Time, at_most: usize) -> rusqlite::Result<Deleted> {
    let due = connection
        .prepare_cached(
            "SELECT coalesce(deletes_at <= ?2, FALSE)
                 OR EXISTS (SELECT 1 FROM deleted_accounts d WHERE d.account = accounts.account)
             FROM accounts WHERE account = ?1",
        )?
        .query_row(params![account.as_bytes(), int(now.0)], |row| row.get::<_, bool>(0))
        .optional()?;
    if due != Some(true) {
        return Ok(Deleted::NotDue);
    }
    connection
        .prepare_cached("INSERT OR IGNORE INTO deleted_accounts (account, since) VALUES (?1, ?2)")?
        .execute(params![account.as_bytes(), int(now.0)])?;
    connection.prepare_cached("DELETE FROM sessions WHERE account = ?1")?.execute([account.as_bytes()])?;
    let mut left = at_most;
    for slice in SLICES {
        left -= connection.prepare_cached(slice)?.execute(params![account.as_bytes(), rows(left)])?.min(left);
        if left == 0 {
            return Ok(Deleted::More);
        }
    }
    for rest in REST {
        connection.prepare_cached(rest)?.execute([account.as_bytes()])?;
    }
    Ok(Deleted::Done)
}

fn rows(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// What an account may have many of, in an order that the foreign keys allow.
const SLICES: [&str; 5] = [
    "DELETE FROM tree WHERE rowid IN (SELECT rowid FROM tree WHERE account = ?1 LIMIT ?2)",
    "DELETE FROM records WHERE rowid IN (SELECT rowid FROM records WHERE account = ?1 LIMIT ?2)",
    "DELETE FROM commits WHERE rowid IN (SELECT rowid FROM commits WHERE account = ?1 LIMIT ?2)",
    "DELETE FROM wraps WHERE rowid IN (SELECT rowid FROM wraps WHERE account = ?1 LIMIT ?2)",
    "DELETE FROM entries WHERE rowid IN (SELECT rowid FROM entries WHERE account = ?1 LIMIT ?2)",
];

/// What it has few of, and the account itself last.
const REST: [&str; 4] = [
    "DELETE FROM holds WHERE account = ?1",
    "DELETE FROM heartbeats WHERE account = ?1",
    "DELETE FROM mailboxes WHERE account = ?1",
    "DELETE FROM accounts WHERE account = ?1",
];
