use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

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
    /// The database file.
    pub path: PathBuf,
    /// Connections that read at the same time.
    pub readers: usize,
    /// The most bytes that the database may take; at that size it is full, and says so.
    pub max_bytes: Option<u64>,
    /// Whether to make the file if it is not there, and to bring it to the newest schema: for the server at its start alone.
    pub migrate: bool,
}

impl Options {
    /// Opens this file with four readers and no limit but the disk.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), readers: 4, max_bytes: None, migrate: true }
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
    /// The file was written by an older server, and is not to be changed.
    #[error("the database has schema version {found}, this program works on {known}: start its server first")]
    Outdated {
        /// The version of the file.
        found: usize,
        /// The one that this server writes.
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
    /// Opens the file, and brings it to the newest schema if it may.
    ///
    /// # Errors
    /// Every variant of [`OpenError`].
    pub fn open(options: &Options) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Sqlite { path: options.path.clone(), source };
        let mut connection = connect_to_write(options).map_err(failed)?;
        let (found, known) = (schema::version(&connection).map_err(failed)?, schema::MIGRATIONS.len());
        if found > known {
            return Err(OpenError::UpdateNeeded { found, known });
        }
        if found < known && !options.migrate {
            return Err(OpenError::Outdated { found, known });
        }
        configure(&connection, options.max_bytes).map_err(failed)?;
        schema::migrate(&mut connection, found).map_err(failed)?;
        let readers = Readers::connect(options.readers, || connect_to_read(&options.path)).map_err(failed)?;
        Ok(Self { writer: Writer::start(connection).map_err(OpenError::Thread)?, readers })
    }
}

fn connect_to_write(options: &Options) -> rusqlite::Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags.set(OpenFlags::SQLITE_OPEN_CREATE, options.migrate);
    let connection = Connection::open_with_flags(&options.path, flags)?;
    prepare(&connection)?;
    Ok(connection)
}

/// What a file is written with; the first of it stays with the file.
pub(crate) fn configure(connection: &Connection, max_bytes: Option<u64>) -> rusqlite::Result<()> {
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
    Ok(())
}

pub(crate) fn connect_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    prepare(&connection)?;
    Ok(connection)
}

pub(crate) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Plans don't depend on what is bound. Otherwise a kept statement is compiled anew for each account, which costs more than
    // running it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
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
