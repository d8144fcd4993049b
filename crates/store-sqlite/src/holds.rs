use roamkey_proto::{AccountId, Time};
use roamkey_server_store::{Answer, Hold, Holds};
use rusqlite::params;

use crate::{SqliteStore, row::int};

impl Holds for SqliteStore {
    fn hold(&self, account: AccountId, hold: Hold, now: Time, not_since: Time) -> Answer<'_, ()> {
        Box::pin(self.writer.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO holds (account, device, since, until) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (account, device) DO UPDATE SET since = excluded.since, until = excluded.until
                     WHERE since <= ?5",
                )?
                .execute(params![
                    account.as_bytes(),
                    hold.device.as_bytes(),
                    int(now.0),
                    int(hold.until.0),
                    int(not_since.0),
                ])
                .map(drop)
        }))
    }
}
