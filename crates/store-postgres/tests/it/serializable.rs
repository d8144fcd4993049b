//! The contract of the store under SERIALIZABLE, where the database itself refuses half of the
//! transactions as a distributed one does under load: some in the middle, some at their commit.

use roamkey_server_store::{Identity, ServerSecrets};
use roamkey_test_services::Cluster;

use crate::fresh::{FreshStore, name};

roamkey_server_store::contract_tests!(open().await);

#[tokio::test]
async fn the_database_does_refuse_transactions() {
    let address = Cluster::shared().database().unwrap();
    let store = open_at(&address).await;
    for byte in 0..20 {
        store.identity(ServerSecrets { receipt_seed: [byte; 32], challenge_key: [byte; 32] }).await.unwrap();
        store.invite(byte).await;
    }
    let sql = |sql: &str| Cluster::shared().sql(name(&address), sql).unwrap();
    assert_eq!(sql("SELECT count(*) FROM invitations"), "20");
    let refused: u32 = sql("SELECT last_value FROM refused").parse().unwrap();
    assert!(refused > 5, "{refused} transactions were refused");
}

async fn open() -> FreshStore {
    open_at(&Cluster::shared().database().unwrap()).await
}

async fn open_at(address: &str) -> FreshStore {
    let store =
        FreshStore::open_at(&format!("{address} options='-c default_transaction_isolation=serializable'")).await;
    Cluster::shared().sql(name(address), REFUSALS).unwrap();
    store
}

impl FreshStore {
    async fn invite(&self, number: u8) {
        use roamkey_server_store::{Invitations, NewInvitation, TokenHash};
        let token = TokenHash::of_session(&roamkey_proto::SessionToken::new([number; 32]));
        Invitations::invite(&**self, NewInvitation { token, expires: roamkey_proto::Time(1) }).await.unwrap();
    }
}

/// Transactions have numbers, and each try is another one: of four, one is refused at its first
/// change and one at its commit.
const REFUSALS: &str = "
    CREATE SEQUENCE refused;
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF txid_current() % 4 = TG_ARGV[0]::int THEN
            PERFORM nextval('refused');
            RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001';
        END IF;
        RETURN NULL;
    END $$;
    DO $$
    DECLARE name text;
    BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('CREATE TRIGGER at_once AFTER INSERT OR UPDATE OR DELETE ON %I
                FOR EACH STATEMENT EXECUTE FUNCTION refuse(1)', name);
            EXECUTE format('CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT OR UPDATE OR DELETE ON %I
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse(3)', name);
        END LOOP;
    END $$;";
