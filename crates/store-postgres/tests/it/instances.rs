//! Several stores on one database, as several instances of the server have them.

use roamkey_server_store::{Identity, ServerSecrets, Store};
use roamkey_store_postgres::PostgresStore;
use roamkey_test_services::Cluster;

use crate::fresh::{FreshStore, name, options};

#[tokio::test(flavor = "multi_thread")]
async fn instances_that_start_at_once_make_one_schema() {
    let address = Cluster::shared().database().unwrap();
    let starts: Vec<_> = (0..8)
        .map(|byte| {
            let options = options(&address);
            tokio::spawn(async move {
                let store = PostgresStore::open(&options).await.unwrap();
                let fresh = ServerSecrets { receipt_seed: [byte; 32], challenge_key: [byte; 32] };
                store.identity(fresh).await.unwrap().receipt_seed
            })
        })
        .collect();
    let mut seeds = Vec::new();
    for start in starts {
        seeds.push(start.await.unwrap());
    }
    seeds.dedup();
    assert_eq!(seeds.len(), 1, "instances with different secrets");
}

#[tokio::test]
async fn a_store_works_again_when_the_database_does() {
    let cluster = Cluster::shared();
    let address = cluster.database().unwrap();
    let store = FreshStore::open_at(&address).await;
    store.identity(ServerSecrets { receipt_seed: [1; 32], challenge_key: [2; 32] }).await.unwrap();
    for _ in 0..3 {
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
            AND pid <> pg_backend_pid()";
        cluster.sql(name(&address), end).unwrap();
        store.check().await.unwrap();
    }
}

#[tokio::test]
async fn a_database_that_takes_no_writes_is_not_ready() {
    let cluster = Cluster::shared();
    let address = cluster.database().unwrap();
    let store = FreshStore::open_at(&address).await;
    store.identity(ServerSecrets { receipt_seed: [1; 32], challenge_key: [2; 32] }).await.unwrap();
    let database = name(&address);
    let sql = |sql: &str| cluster.sql("postgres", sql).unwrap();
    sql(&format!("ALTER DATABASE {database} SET default_transaction_read_only = on"));
    sql(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"));
    assert!(store.check().await.is_err());
    sql(&format!("ALTER DATABASE {database} RESET default_transaction_read_only"));
    store.check().await.unwrap();
}
