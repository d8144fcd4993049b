//! What stands between a store and its database.

use std::time::Duration;

use roamkey_server_store::{Identity, ServerSecrets, Store, contract};
use roamkey_store_postgres::{OpenError, PostgresStore};
use roamkey_test_services::{Cluster, Faults, Pooler};
use tokio::time::timeout;

use crate::fresh::{FreshStore, name, options};

/// What is set once a connection would hold for others, and a listener would hear nothing.
#[tokio::test]
async fn a_pooler_that_shares_connections_is_refused() {
    let cluster = Cluster::shared();
    let pooler = Pooler::before(cluster, "transaction").unwrap();
    let address = pooler.address(name(&cluster.database().unwrap()));
    let error = PostgresStore::open(&options(&address)).await.unwrap_err();
    assert!(matches!(error, OpenError::SharedConnections), "{error}");
}

#[tokio::test]
async fn a_pooler_that_keeps_connections_apart_is_another_hop() {
    let cluster = Cluster::shared();
    let pooler = Pooler::before(cluster, "session").unwrap();
    let store = FreshStore::open_at(&pooler.address(name(&cluster.database().unwrap()))).await;
    contract::chains::a_commit_moves_the_head_and_replaces_records(&*store).await;
    let mut listener = store.listen().await.unwrap();
    store.notify(vec!["a".into()]).await.unwrap();
    assert_eq!(listener.next().await.as_deref(), Some("a"));
}

/// A host that is gone says nothing, and neither does one that has nothing to say: it is asked.
#[tokio::test]
async fn a_listener_learns_that_the_other_end_is_silent() {
    let cluster = Cluster::shared();
    let database = cluster.database().unwrap();
    let faults = Faults::before(&cluster.socket(), u32::MAX).unwrap();
    let mut options = options(&faults.address(name(&database)));
    options.listener_silence = Duration::from_millis(40);
    let store = PostgresStore::open(&options).await.unwrap();
    store.identity(ServerSecrets { receipt_seed: [1; 32], challenge_key: [2; 32] }).await.unwrap();
    let mut listener = store.listen().await.unwrap();
    let told = async {
        for _ in 0..100 {
            store.check().await.unwrap();
        }
        store.notify(vec!["a".into()]).await.unwrap();
    };
    let (heard, ()) = tokio::join!(listener.next(), told);
    assert_eq!(heard.as_deref(), Some("a"), "one that is only quiet is listened to");
    faults.fall_silent();
    assert_eq!(timeout(Duration::from_secs(60), listener.next()).await, Ok(None));
}
