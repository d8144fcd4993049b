//! The contract of the store where one answer in six gets lost with its connection, after the
//! database has done what it was asked: nothing is done twice, and nothing of one's own looks like another's.

use std::ops::Deref;

use roamkey_store_postgres::PostgresStore;
use roamkey_test_services::{Cluster, Faults};

use crate::fresh::{FreshStore, name};

roamkey_server_store::contract_tests!(Unlucky::open().await);

#[tokio::test]
async fn answers_do_get_lost() {
    let store = Unlucky::open().await;
    roamkey_server_store::contract::chains::pages_of_a_pull_add_up_to_the_whole(&*store).await;
    assert!(store.faults.lost() > 2, "{} answers were lost", store.faults.lost());
}

struct Unlucky {
    store: FreshStore,
    faults: Faults,
}

impl Unlucky {
    async fn open() -> Self {
        let cluster = Cluster::shared();
        let faults = Faults::before(&cluster.socket(), 6).unwrap();
        let address = faults.address(name(&cluster.database().unwrap()));
        Self { store: FreshStore::open_at(&address).await, faults }
    }
}

impl Deref for Unlucky {
    type Target = PostgresStore;
    fn deref(&self) -> &PostgresStore {
        &self.store
    }
}
