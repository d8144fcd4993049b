//! The schema and its versions.

use roamkey_server_store::contract;
use roamkey_store_postgres::{OpenError, PostgresStore};
use roamkey_test_services::Cluster;

use crate::fresh::{FreshStore, name, options};

#[tokio::test]
async fn a_database_of_a_newer_server_is_left_alone() {
    let cluster = Cluster::shared();
    let address = cluster.database().unwrap();
    drop(FreshStore::open_at(&address).await);
    cluster.sql(name(&address), "UPDATE roamkey_schema SET version = 900").unwrap();
    let error = PostgresStore::open(&options(&address)).await.unwrap_err();
    assert!(matches!(error, OpenError::UpdateNeeded { found: 900, .. }), "{error}");
    assert_eq!(cluster.sql(name(&address), "SELECT version FROM roamkey_schema").unwrap(), "900");
}

/// An account from before the store kept a tree has one from its next commit on, of all its records.
#[tokio::test]
async fn an_account_without_a_tree_gets_one() {
    let cluster = Cluster::shared();
    let address = cluster.database().unwrap();
    let store = FreshStore::open_at(&address).await;
    contract::chains::a_vault_that_lost_its_tree_goes_on(&*store, || {
        cluster.sql(name(&address), "DELETE FROM tree").unwrap();
    })
    .await;
}

/// So that accounts can be spread over machines by their first column.
#[tokio::test]
async fn every_table_of_an_account_is_keyed_first_by_it() {
    let cluster = Cluster::shared();
    let address = cluster.database().unwrap();
    drop(FreshStore::open_at(&address).await);
    let others = cluster.sql(name(&address), KEYED_OTHERWISE).unwrap();
    let small = ["invitations", "mailbox_messages", "mailboxes", "roamkey_schema", "server"];
    assert_eq!(others.lines().collect::<Vec<_>>(), small);
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_an_error_that_says_so() {
    let mut options = options("host=/nonexistent dbname=x user=x");
    options.patience = std::time::Duration::from_millis(50);
    let error = PostgresStore::open(&options).await.unwrap_err();
    assert!(matches!(error, OpenError::Database(_)), "{error}");
}

const KEYED_OTHERWISE: &str = "
    SELECT c.relname FROM pg_class c
        JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE c.relnamespace = 'public'::regnamespace AND a.attname <> 'account' ORDER BY 1";
