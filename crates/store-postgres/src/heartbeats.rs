use roamkey_proto::AccountId;
use roamkey_server_store::{Answer, Heartbeat, Heartbeats};

use crate::{PostgresStore, failure::Failure, row::device, session::Session, work::Work};

impl Heartbeats for PostgresStore {
    fn beat(&self, account: AccountId, heartbeat: Heartbeat) -> Answer<'_, ()> {
        self.run(Beat(account, heartbeat))
    }

    fn heartbeats(&self, account: AccountId) -> Answer<'_, Vec<Heartbeat>> {
        self.run(List(account))
    }
}

struct Beat(AccountId, Heartbeat);

impl Work for Beat {
    type Outcome = ();

    async fn attempt(&mut self, session: &Session) -> Result<(), Failure> {
        let (account, device) = (self.0.as_bytes().as_slice(), self.1.device.as_bytes().as_slice());
        session
            .execute_one(
                "INSERT INTO heartbeats (account, device, signed) VALUES ($1, $2, $3)
                 ON CONFLICT (account, device) DO UPDATE SET signed = excluded.signed",
                &[&account, &device, &self.1.signed],
            )
            .await?;
        Ok(())
    }
}

struct List(AccountId);

impl Work for List {
    type Outcome = Vec<Heartbeat>;

    async fn attempt(&mut self, session: &Session) -> Result<Vec<Heartbeat>, Failure> {
        let account = self.0.as_bytes().as_slice();
        let sql = "SELECT device, signed FROM heartbeats WHERE account = $1 ORDER BY device";
        let rows = session.rows_of(sql, &[&account]).await?;
        rows.iter().map(|row| Ok(Heartbeat { device: device(row, 0)?, signed: row.try_get(1)? })).collect()
    }
}
