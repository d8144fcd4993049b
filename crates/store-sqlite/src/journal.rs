//! Where the trust log of each account was, in a file apart from the database and its backups.

use std::path::Path;

use roamkey_proto::{AccountId, Pin};
use roamkey_server_store::Answer;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    OpenError,
    open::{configure, connect_to_read, prepare},
    readers::Readers,
    row::int,
    writer::Writer,
};

/// The newest log entry of each account that was answered for.
///
/// A database that is restored from a backup goes back, and with it the removal of a device. This does not go back, and so tells which
/// accounts are not whole until their devices have given the rest again.
#[derive(Debug)]
pub struct Journal {
    writer: Writer,
    readers: Readers,
}

impl Journal {
    /// Opens the file, and makes it if it is not there.
    ///
    /// # Errors
    /// [`OpenError::Sqlite`], [`OpenError::UpdateNeeded`], [`OpenError::Thread`].
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Sqlite { path: path.to_owned(), source };
        let connection = Connection::open(path).map_err(failed)?;
        prepare(&connection).map_err(failed)?;
        let found: usize = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
        if found > VERSION {
            return Err(OpenError::UpdateNeeded { found, known: VERSION });
        }
        configure(&connection, None).map_err(failed)?;
        connection.execute_batch(SCHEMA).map_err(failed)?;
        let readers = Readers::connect(1, || connect_to_read(path)).map_err(failed)?;
        Ok(Self { writer: Writer::start(connection).map_err(OpenError::Thread)?, readers })
    }

    /// Notes where a log is, durably. One that was further stays so.
    pub fn note(&self, account: AccountId, log: Pin) -> Answer<'_, ()> {
        Box::pin(self.writer.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO logs (account, seq, id) VALUES (?1, ?2, ?3)
                     ON CONFLICT (account) DO UPDATE SET seq = excluded.seq, id = excluded.id
                         WHERE excluded.seq > seq",
                )?
                .execute(params![account.as_bytes(), int(log.seq), log.id])
                .map(drop)
        }))
    }

    /// Returns where the log of an account was at least.
    pub fn newest(&self, account: AccountId) -> Answer<'_, Option<Pin>> {
        Box::pin(self.readers.read(move |connection| {
            connection
                .prepare_cached("SELECT seq, id FROM logs WHERE account = ?1")?
                .query_row([account.as_bytes()], |row| Ok(Pin { seq: row.get(0)?, id: row.get(1)? }))
                .optional()
        }))
    }

    /// Forgets an account whose devices cannot give back what was lost. Tells whether there was something to forget.
    pub fn forget(&self, account: AccountId) -> Answer<'_, bool> {
        Box::pin(self.writer.write(move |connection| {
            connection.execute("DELETE FROM logs WHERE account = ?1", [account.as_bytes()]).map(|rows| rows > 0)
        }))
    }
}

const VERSION: usize = 1;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS logs (
        account BLOB PRIMARY KEY CHECK (length(account) = 32),
        seq     INTEGER NOT NULL CHECK (seq >= 1),
        id      BLOB NOT NULL CHECK (length(id) = 32)
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = 1;";
