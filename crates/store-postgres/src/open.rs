use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use roamkey_server_store::StoreError;

use crate::{
    options::Options,
    pool::{Pool, SharedPool, SharesConnections},
    schema,
    tls::Tls,
    work::Effort,
};

/// The store on one PostgreSQL database, shared with other instances.
pub struct PostgresStore {
    pub(crate) pool: SharedPool,
    pub(crate) effort: Effort,
    pub(crate) listener_silence: Duration,
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
    /// The database was written by an older server, and is not to be changed.
    #[error("the database has schema version {found}, this program works on {known}: start its server first")]
    Outdated {
        /// The version of the database.
        found: usize,
        /// The one that this server writes.
        known: usize,
    },
    /// A pooler between us and the database gives a connection away between two transactions.
    #[error("a pooler shares connections between transactions: put it into session mode, or connect past it")]
    SharedConnections,
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
    /// Connects, and brings the database to the newest schema if it may. Of several instances that start at once, one does it.
    ///
    /// # Errors
    /// Every variant of [`OpenError`].
    pub async fn open(options: &Options) -> Result<Self, OpenError> {
        let tls = Tls::new(options.authorities.as_deref())?;
        let listener_silence = options.listener_silence;
        let store = Self { pool: Arc::new(Pool::new(options, tls)), effort: options.into(), listener_silence };
        let look = SharesConnections(Arc::clone(&store.pool));
        if store.run(look).await.map_err(OpenError::Database)? {
            return Err(OpenError::SharedConnections);
        }
        let found = match options.migrate {
            true => store.run(schema::Migrate).await,
            false => store.run(schema::Look).await,
        };
        match (found.map_err(OpenError::Database)?, schema::MIGRATIONS.len()) {
            (found, known) if found > known => Err(OpenError::UpdateNeeded { found, known }),
            (found, known) if found < known => Err(OpenError::Outdated { found, known }),
            _ => Ok(store),
        }
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("effort", &self.effort).finish_non_exhaustive()
    }
}
