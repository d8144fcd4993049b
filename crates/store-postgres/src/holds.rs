use roamkey_proto::{AccountId, Time};
use roamkey_server_store::{Answer, Hold, Holds};

use crate::{PostgresStore, failure::Failure, row::int, session::Session, work::Work};

impl Holds for PostgresStore {
    fn hold(&self, account: AccountId, hold: Hold, now: Time, not_since: Time) -> Answer<'_, ()> {
        self.run(Keep { account, hold, now, not_since })
    }
}

struct Keep {
    account: AccountId,
    hold: Hold,
    now: Time,
    not_since: Time,
}

impl Work for Keep {
    type Outcome = ();

    async fn attempt(&mut self, session: &Session) -> Result<(), Failure> {
        let (account, device) = (self.account.as_bytes().as_slice(), self.hold.device.as_bytes().as_slice());
        let (now, until, not_since) = (int(self.now.0), int(self.hold.until.0), int(self.not_since.0));
        session
            .execute_one(
                "INSERT INTO holds (account, device, since, until) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (account, device) DO UPDATE SET since = excluded.since, until = excluded.until
                 WHERE holds.since <= $5",
                &[&account, &device, &now, &until, &not_since],
            )
            .await?;
        Ok(())
    }
}
