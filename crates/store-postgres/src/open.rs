use std::{fmt, path::PathBuf, sync::Arc};

use roamkey_server_store::StoreError;

use crate::{
    options::Options,
    pool::{Pool, SharedPool},
    schema,
    tls::Tls,
    work::Effort,
};

/// The store on one PostgreSQL database, shared with other instances.
pub struct PostgresStore {
    pub(crate) pool: SharedPool,
    pub(crate) effort: Effort,
}

/// Why a store does not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The database was written by a newer server.
    #[error("the database has schema version {found}, this server knows up to {known}: update the server")]
    UpdateNeeded {
        /// The version of the database.
        found: usize,
        /// The newest that this server knows.
        known: usize,
    },
    /// It cannot be reached, or refuses us or our schema.
    #[error("cannot open the database")]
    Database(#[source] StoreError),
    /// The file holds no certificates.
    #[error("no certificates of authorities in {path}")]
    Authorities {
        /// The file.
        path: PathBuf,
    },
}

impl PostgresStore {
    /// Connects, and brings the database to the newest schema. Of several instances that start at once, one does it.
    ///
    /// # Errors
    /// Every variant of [`OpenError`].
    pub async fn open(options: &Options) -> Result<Self, OpenError> {
        let tls = Tls::new(options.authorities.as_deref())?;
        let store = Self { pool: Arc::new(Pool::new(options, tls)), effort: options.into() };
        let found = store.run(schema::Migrate).await.map_err(OpenError::Database)?;
        match found <= schema::MIGRATIONS.len() {
            true => Ok(store),
            false => Err(OpenError::UpdateNeeded { found, known: schema::MIGRATIONS.len() }),
        }
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("effort", &self.effort).finish_non_exhaustive()
    }
}
