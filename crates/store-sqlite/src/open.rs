use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::{readers::Readers, schema, writer::Writer};

/// The store on one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    pub(crate) writer: Writer,
    pub(crate) readers: Readers,
}

/// How to open a store.
#[derive(Clone, Debug)]
pub struct Options {
    /// The database file; made if it is not there.
    pub path: PathBuf,
    /// Connections that read at the same time.
    pub readers: usize,
    /// The most bytes that the database may take; at that size it is full, and says so.
    pub max_bytes: Option<u64>,
}

impl Options {
    /// Opens this file with four readers and no limit but the disk.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), readers: 4, max_bytes: None }
    }
}

/// Why a store does not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file was written by a newer server.
    #[error("the database has schema version {found}, this server knows up to {known}: update the server")]
    UpdateNeeded {
        /// The version of the file.
        found: usize,
        /// The newest that this server knows.
        known: usize,
    },
    /// SQLite cannot open or migrate it.
    #[error("cannot open the database {path}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// No thread to write in.
    #[error("cannot start the writing thread")]
    Thread(#[source] std::io::Error),
}

impl SqliteStore {
    /// Opens the file, and brings it to the newest schema.
    ///
    /// # Errors
    /// Every variant of [`OpenError`].
    pub fn open(options: &Options) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Sqlite { path: options.path.clone(), source };
        let mut connection = connect_to_write(&options.path, options.max_bytes).map_err(failed)?;
        let found = schema::version(&connection).map_err(failed)?;
        if found > schema::MIGRATIONS.len() {
            return Err(OpenError::UpdateNeeded { found, known: schema::MIGRATIONS.len() });
        }
        schema::migrate(&mut connection, found).map_err(failed)?;
        let readers = Readers::connect(options.readers, || connect_to_read(&options.path)).map_err(failed)?;
        Ok(Self { writer: Writer::start(connection).map_err(OpenError::Thread)?, readers })
    }
}

fn connect_to_write(path: &Path, max_bytes: Option<u64>) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    prepare(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // An answer means that the change survives a power cut, so every commit is synced.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Folded into the file every few megabytes; what a burst makes of it is given back after.
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
    if let Some(bytes) = max_bytes {
        let page: u64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        connection.pragma_update(None, "max_page_count", (bytes / page.max(1)).max(1))?;
    }
    Ok(connection)
}

fn connect_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    prepare(&connection)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Kibibytes when negative: a small server stays small, the system's own cache does the rest.
    connection.pragma_update(None, "cache_size", -1024)?;
    connection.pragma_update(None, "foreign_keys", true)
}

/// Pages of changes after which they are folded into the file: 8 MiB, so that a page that changes often is written once.
const CHECKPOINT_PAGES: u32 = 2_048;

/// Bytes of the log of changes that are kept when it begins anew.
const LOG_BYTES: u32 = 16 << 20;

/// How long to wait for another process on the file, such as a backup.
const BUSY: std::time::Duration = std::time::Duration::from_secs(5);

/// More than the statements of this crate.
const STATEMENTS: usize = 64;
