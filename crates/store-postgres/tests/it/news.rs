//! What instances tell each other.

use roamkey_test_services::Cluster;

use crate::fresh::{FreshStore, name};

#[tokio::test]
async fn every_listener_hears_every_message() {
    let address = Cluster::shared().database().unwrap();
    let (one, other) = (FreshStore::open_at(&address).await, FreshStore::open_at(&address).await);
    let mut listeners = [one.listen().await.unwrap(), other.listen().await.unwrap()];
    one.notify(vec!["a".into(), "b".into()]).await.unwrap();
    other.notify(vec!["c".into()]).await.unwrap();
    for listener in &mut listeners {
        for expected in ["a", "b", "c"] {
            assert_eq!(listener.next().await.as_deref(), Some(expected));
        }
    }
}

#[tokio::test]
async fn a_listener_learns_that_its_connection_is_lost() {
    let cluster = Cluster::shared();
    let address = cluster.database().unwrap();
    let store = FreshStore::open_at(&address).await;
    let mut listener = store.listen().await.unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN roamkey'
        AND datname = current_database()";
    cluster.sql(name(&address), end).unwrap();
    assert_eq!(listener.next().await, None);
}
