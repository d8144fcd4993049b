use roamkey_proto::AccountId;
use roamkey_server_store::{Answer, Heartbeat, Heartbeats};
use rusqlite::params;

use crate::{SqliteStore, row::device};

impl Heartbeats for SqliteStore {
    fn beat(&self, account: AccountId, heartbeat: Heartbeat) -> Answer<'_, ()> {
        Box::pin(self.writer.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO heartbeats (account, device, signed) VALUES (?1, ?2, ?3)
                     ON CONFLICT (account, device) DO UPDATE SET signed = excluded.signed",
                )?
                .execute(params![account.as_bytes(), heartbeat.device.as_bytes(), heartbeat.signed])
                .map(drop)
        }))
    }

    fn heartbeats(&self, account: AccountId) -> Answer<'_, Vec<Heartbeat>> {
        Box::pin(self.readers.read(move |connection| {
            connection
                .prepare_cached("SELECT device, signed FROM heartbeats WHERE account = ?1 ORDER BY device")?
                .query_map([account.as_bytes()], |row| Ok(Heartbeat { device: device(row, 0)?, signed: row.get(1)? }))?
                .collect()
        }))
    }
}
