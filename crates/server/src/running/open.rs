use std::sync::Arc;

use roamkey_server_store::Store;
use roamkey_store_postgres::PostgresStore;
use roamkey_store_sqlite::{OpenError, Options, SqliteStore};

use crate::{Database, Limits};

/// Why a database does not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseOpenError {
    /// SQLite's reason.
    #[error(transparent)]
    Sqlite(#[from] OpenError),
    /// PostgreSQL's reason.
    #[error(transparent)]
    Postgres(#[from] roamkey_store_postgres::OpenError),
    /// The address names no database.
    #[error(transparent)]
    Address(#[from] roamkey_store_postgres::OptionsError),
}

/// Opens the store that a database is.
///
/// # Errors
/// Every variant of [`DatabaseOpenError`].
pub async fn open(database: &Database, limits: &Limits) -> Result<Arc<dyn Store>, DatabaseOpenError> {
    Ok(Opened::open(database, limits).await?.into_store())
}

/// A store, by what it rests on.
pub(crate) enum Opened {
    /// For this instance alone.
    Sqlite(Arc<SqliteStore>),
    /// For any number of instances.
    Postgres(Arc<PostgresStore>),
}

impl Opened {
    pub(crate) async fn open(database: &Database, limits: &Limits) -> Result<Self, DatabaseOpenError> {
        match database {
            Database::Sqlite(path) => {
                let max_bytes = (limits.database_bytes > 0).then_some(limits.database_bytes);
                Ok(Self::Sqlite(Arc::new(SqliteStore::open(&Options { max_bytes, ..Options::new(path) })?)))
            }
            Database::Postgres(address) => Ok(Self::Postgres(Arc::new(PostgresStore::open(&address.parse()?).await?))),
        }
    }

    pub(crate) fn store(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(store) => Arc::<SqliteStore>::clone(store),
            Self::Postgres(store) => Arc::<PostgresStore>::clone(store),
        }
    }

    fn into_store(self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(store) => store,
            Self::Postgres(store) => store,
        }
    }
}
