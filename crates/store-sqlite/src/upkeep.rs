use roamkey_proto::Time;
use roamkey_server_store::{Answer, Store};
use rusqlite::Connection;

use crate::{SqliteStore, row::int};

impl Store for SqliteStore {
    fn sweep(&self, now: Time) -> Answer<'_, ()> {
        Box::pin(self.writer.write(move |connection| sweep(connection, now)))
    }

    fn check(&self) -> Answer<'_, ()> {
        Box::pin(async {
            self.readers.read(|connection| connection.query_row("SELECT id FROM server", [], |_| Ok(()))).await?;
            // A change of nothing: costs no `fsync`, and shows that the writer answers.
            self.writer.write(|_| Ok(())).await
        })
    }
}

fn sweep(connection: &Connection, now: Time) -> rusqlite::Result<()> {
    for sql in [
        "DELETE FROM sessions WHERE expires <= ?1",
        "DELETE FROM spent_challenges WHERE expires <= ?1",
        "DELETE FROM mailboxes WHERE expires <= ?1",
        "DELETE FROM invitations WHERE expires <= ?1 AND account IS NULL",
    ] {
        connection.prepare_cached(sql)?.execute([int(now.0)])?;
    }
    // A hold is remembered as long as it keeps its device from another one.
    connection
        .prepare_cached("DELETE FROM holds WHERE until <= ?1")?
        .execute([int(now.0).saturating_sub(int(HOLD_MEMORY_MS))])
        .map(drop)
}

/// Longer than any pause between two holds of a device.
const HOLD_MEMORY_MS: u64 = 60 * 60 * 1000;
