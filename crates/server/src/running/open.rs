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

/// Opens the store that a database is, as it is: only a server at its start makes one or changes its schema.
///
/// # Errors
/// Every variant of [`DatabaseOpenError`].
pub async fn open(database: &Database, limits: &Limits) -> Result<Arc<dyn Store>, DatabaseOpenError> {
    Ok(Opened::open_with(database, limits, false).await?.into_store())
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
        Self::open_with(database, limits, true).await
    }

    async fn open_with(database: &Database, limits: &Limits, migrate: bool) -> Result<Self, DatabaseOpenError> {
        match database {
            Database::Sqlite(path) => {
                let max_bytes = (limits.database_bytes > 0).then_some(limits.database_bytes);
                Ok(Self::Sqlite(Arc::new(SqliteStore::open(&Options { max_bytes, migrate, ..Options::new(path) })?)))
            }
            Database::Postgres(address) => {
                let mut options: roamkey_store_postgres::Options = address.parse()?;
                options.migrate = migrate;
                Ok(Self::Postgres(Arc::new(PostgresStore::open(&options).await?)))
            }
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
