use std::sync::Arc;

use roamkey_server_store::Store;
use roamkey_store_sqlite::{OpenError, Options, SqliteStore};

use crate::{Database, Limits};

/// Why a database does not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseOpenError {
    /// SQLite's reason.
    #[error(transparent)]
    Sqlite(#[from] OpenError),
    /// This program was built without it.
    #[error("this server was built without PostgreSQL")]
    NoPostgres,
}

/// Opens the store that a database is.
///
/// # Errors
/// Every variant of [`DatabaseOpenError`].
pub async fn open(database: &Database, limits: &Limits) -> Result<Arc<dyn Store>, DatabaseOpenError> {
    match database {
        Database::Sqlite(path) => {
            let max_bytes = (limits.database_bytes > 0).then_some(limits.database_bytes);
            Ok(Arc::new(SqliteStore::open(&Options { max_bytes, ..Options::new(path) })?))
        }
        Database::Postgres(_) => Err(DatabaseOpenError::NoPostgres),
    }
}
