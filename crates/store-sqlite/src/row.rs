use roamkey_proto::{AccountId, DeviceId, Pin, Time};
use roamkey_server_store::Heads;
use rusqlite::{Connection, OptionalExtension, Row};

/// SQLite counts in `i64`. What is above (a time or a seq that a stranger made up) is as good as
/// the highest there is.
pub(crate) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Time> {
    row.get(column).map(Time)
}

pub(crate) fn device(row: &Row<'_>, column: usize) -> rusqlite::Result<DeviceId> {
    row.get(column).map(DeviceId::new)
}

pub(crate) fn heads(connection: &Connection, account: AccountId) -> rusqlite::Result<Option<Heads>> {
    connection
        .prepare_cached("SELECT log_seq, log_id, vault_seq, vault_id, vault_log FROM accounts WHERE account = ?1")?
        .query_row([account.as_bytes()], |row| heads_in(row, 0))
        .optional()
}

/// Reads heads from five columns.
pub(crate) fn heads_in(row: &Row<'_>, from: usize) -> rusqlite::Result<Heads> {
    Ok(Heads {
        log: Pin { seq: row.get(from)?, id: row.get(from + 1)? },
        vault: Pin { seq: row.get(from + 2)?, id: row.get(from + 3)? },
        vault_log: row.get(from + 4)?,
    })
}
