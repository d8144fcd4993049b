//! The device's store in one SQLite file.

use std::{cell::RefCell, fs::OpenOptions, path::Path};

use roamkey_client::{LocalStore, Row, StoreError};
use roamkey_sync::{Batch, StoreKey, Table};
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, TransactionBehavior, params};

use super::folder::private_file;

/// Rows in SQLite; everything secret in them is sealed.
#[derive(Debug)]
pub struct SqliteStore {
    connection: RefCell<Connection>,
}

impl SqliteStore {
    /// Opens the file, makes it if it is not there, and brings an older schema up to date.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        make_file(path)?;
        let connection = Connection::open(path).map_err(told)?;
        Self::prepare(connection).map_err(|error| match error {
            Prepare::Sqlite(error) => told(error),
            Prepare::Newer => StoreError::UpdateNeeded,
            Prepare::NotOurs => StoreError::Damaged("the file is of another program".to_owned()),
        })
    }

    fn prepare(mut connection: Connection) -> Result<Self, Prepare> {
        // A write-ahead log, flushed at each commit: what was answered survives a power cut.
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        // What was removed must not be found in the file.
        connection.pragma_update(None, "secure_delete", true)?;
        migrate(&mut connection)?;
        Ok(Self { connection: RefCell::new(connection) })
    }
}

impl LocalStore for SqliteStore {
    async fn load(&self, keys: &[StoreKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let mut connection = self.connection.borrow_mut();
        let transaction = connection.transaction().map_err(told)?;
        let mut statement =
            transaction.prepare_cached("SELECT value FROM rows WHERE kind = ?1 AND key = ?2").map_err(told)?;
        let read = |key: &StoreKey| {
            statement.query_row(params![key.table.name(), key.key], |row| row.get(0)).optional().map_err(told)
        };
        keys.iter().map(read).collect()
    }

    async fn scan(&self, table: Table, after: Option<&[u8]>, limit: usize) -> Result<Vec<Row>, StoreError> {
        let connection = self.connection.borrow();
        let mut statement = connection
            .prepare_cached(
                "SELECT key, value FROM rows WHERE kind = ?1 AND (?2 IS NULL OR key > ?2) ORDER BY key LIMIT ?3",
            )
            .map_err(told)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map(params![table.name(), after, limit], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.map_err(told)?.collect::<Result<_, _>>().map_err(told)
    }

    async fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        let mut connection = self.connection.borrow_mut();
        // A transaction that is dropped before its end is rolled back.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
        for (place, value) in &batch.writes {
            match value {
                Some(value) => transaction
                    .prepare_cached("INSERT OR REPLACE INTO rows (kind, key, value) VALUES (?1, ?2, ?3)")
                    .and_then(|mut put| put.execute(params![place.table.name(), place.key, value])),
                None => transaction
                    .prepare_cached("DELETE FROM rows WHERE kind = ?1 AND key = ?2")
                    .and_then(|mut remove| remove.execute(params![place.table.name(), place.key])),
            }
            .map_err(told)?;
        }
        transaction.commit().map_err(told)
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.connection.borrow().execute("DELETE FROM rows", []).map(drop).map_err(told)
    }
}

/// Each step leads from the version of its place to the next. A step that was released never changes.
const STEPS: [&str; 1] = ["CREATE TABLE rows (
        kind TEXT NOT NULL,     -- the name of a table of the engine
        key BLOB NOT NULL,
        value BLOB NOT NULL,
        PRIMARY KEY (kind, key)
    ) WITHOUT ROWID, STRICT"];

/// The version that the steps lead to.
const VERSION: u32 = STEPS.len() as u32;

enum Prepare {
    Sqlite(rusqlite::Error),
    Newer,
    NotOurs,
}

impl From<rusqlite::Error> for Prepare {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

fn migrate(connection: &mut Connection) -> Result<(), Prepare> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i32 = transaction.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if version > 0 && application != APPLICATION {
        return Err(Prepare::NotOurs);
    }
    let steps = usize::try_from(version).ok().and_then(|version| STEPS.get(version..)).ok_or(Prepare::Newer)?;
    if steps.is_empty() {
        return Ok(());
    }
    for step in steps {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(transaction.commit()?)
}

/// SQLite would make the file readable for others.
fn make_file(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    private_file(&mut options);
    options.open(path).map(drop).map_err(|error| StoreError::Unavailable(error.to_string()))
}

fn told(error: rusqlite::Error) -> StoreError {
    match &error {
        rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DiskFull => StoreError::Full,
            // A quota or a limit on the size of files is reported as a failed write.
            ErrorCode::SystemIoFailure if failure.extended_code == rusqlite::ffi::SQLITE_IOERR_WRITE => {
                StoreError::Full
            }
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Damaged(error.to_string()),
            _ => StoreError::Unavailable(error.to_string()),
        },
        _ => StoreError::Damaged(error.to_string()),
    }
}

/// `RKdv`, by which `file` and the next version know the file.
const APPLICATION: i32 = 0x524b_6476;

#[cfg(test)]
mod tests;
