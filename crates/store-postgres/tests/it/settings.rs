//! What the store asks of a connection.

use roamkey_server_store::{Invitations, NewInvitation, TokenHash};
use roamkey_test_services::Cluster;

use crate::fresh::{FreshStore, name};

/// A database that is set to answer before a change is on the disk does not do so for us, and a
/// limit on statements does not cut a commit's wait for its standby short.
#[tokio::test]
async fn a_commit_waits_until_it_is_durable_whatever_the_database_is_set_to() {
    let cluster = Cluster::shared();
    let address = cluster.database().unwrap();
    let database = name(&address);
    for setting in ["synchronous_commit = off", "statement_timeout = '5s'"] {
        cluster.sql("postgres", &format!("ALTER DATABASE {database} SET {setting}")).unwrap();
    }
    let store = FreshStore::open_at(&address).await;
    cluster.sql(database, NOTE).unwrap();
    let token = TokenHash::of_session(&roamkey_proto::SessionToken::new([1; 32]));
    store.invite(NewInvitation { token, expires: roamkey_proto::Time(1) }).await.unwrap();
    assert_eq!(cluster.sql(database, "SELECT * FROM noted").unwrap(), "on|0");
}

/// Notes what the connection that changes something is set to.
const NOTE: &str = "
    CREATE TABLE noted (durable text, timeout text);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO noted VALUES (current_setting('synchronous_commit'), current_setting('statement_timeout'));
        RETURN NULL;
    END $$;
    CREATE TRIGGER note AFTER INSERT ON invitations FOR EACH STATEMENT EXECUTE FUNCTION note();";
