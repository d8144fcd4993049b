//! Stores on empty databases of their own.

use std::{ops::Deref, time::Duration};

use roamkey_store_postgres::{Options, PostgresStore};
use roamkey_test_services::Cluster;

pub(crate) struct FreshStore(PostgresStore);

impl FreshStore {
    pub(crate) async fn open() -> Self {
        Self::open_at(&Cluster::shared().database().unwrap()).await
    }

    pub(crate) async fn open_at(address: &str) -> Self {
        Self(PostgresStore::open(&options(address)).await.unwrap())
    }
}

impl Deref for FreshStore {
    type Target = PostgresStore;
    fn deref(&self) -> &PostgresStore {
        &self.0
    }
}

pub(crate) fn options(address: &str) -> Options {
    let mut options: Options = address.parse().unwrap();
    options.connections = 4;
    // Neighbours may take every core of a small machine for a while.
    options.patience = Duration::from_secs(30);
    options
}

/// The name of the database in an address.
pub(crate) fn name(address: &str) -> &str {
    address.rsplit('=').next().unwrap()
}
