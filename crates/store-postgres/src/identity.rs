use roamkey_server_store::{Answer, Identity, ServerSecrets};

use crate::{PostgresStore, failure::Failure, row::bytes, session::Session, work::Work};

impl Identity for PostgresStore {
    fn identity(&self, fresh: ServerSecrets) -> Answer<'_, ServerSecrets> {
        self.run(Keep(fresh))
    }
}

struct Keep(ServerSecrets);

impl Work for Keep {
    type Outcome = ServerSecrets;

    async fn attempt(&mut self, session: &Session) -> Result<ServerSecrets, Failure> {
        let (receipt_seed, challenge_key) = (self.0.receipt_seed.as_slice(), self.0.challenge_key.as_slice());
        session
            .execute_one(
                "INSERT INTO server (id, receipt_seed, challenge_key) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING",
                &[&receipt_seed, &challenge_key],
            )
            .await?;
        let row = session.row_of("SELECT receipt_seed, challenge_key FROM server WHERE id = 1", &[]).await?;
        let row = row.ok_or(Failure::Corrupt("server"))?;
        Ok(ServerSecrets { receipt_seed: bytes(&row, 0)?, challenge_key: bytes(&row, 1)? })
    }
}
