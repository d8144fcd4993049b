use roamkey_server_store::{Answer, Identity, ServerSecrets};
use rusqlite::params;

use crate::SqliteStore;

impl Identity for SqliteStore {
    fn identity(&self, fresh: ServerSecrets) -> Answer<'_, ServerSecrets> {
        Box::pin(self.writer.write(move |connection| {
            connection.execute(
                "INSERT OR IGNORE INTO server (id, receipt_seed, challenge_key) VALUES (1, ?1, ?2)",
                params![fresh.receipt_seed, fresh.challenge_key],
            )?;
            connection.query_row("SELECT receipt_seed, challenge_key FROM server WHERE id = 1", [], |row| {
                Ok(ServerSecrets { receipt_seed: row.get(0)?, challenge_key: row.get(1)? })
            })
        }))
    }
}
