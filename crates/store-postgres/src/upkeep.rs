use std::time::Duration;

use roamkey_proto::Time;
use roamkey_server_store::{Answer, Store};

use crate::{
    PostgresStore,
    failure::Failure,
    row::int,
    session::Session,
    work::{Effort, Work},
};

impl Store for PostgresStore {
    fn sweep(&self, now: Time) -> Answer<'_, ()> {
        self.run(Sweep { now, done: 0 })
    }

    fn check(&self) -> Answer<'_, ()> {
        self.run_with(Check, CHECK)
    }
}

struct Sweep {
    now: Time,
    /// How many of the statements are done.
    done: usize,
}

impl Work for Sweep {
    type Outcome = ();

    /// Each statement is a transaction of its own: nothing depends on their being one.
    async fn attempt(&mut self, session: &Session) -> Result<(), Failure> {
        let now = int(self.now.0);
        for (sql, remembered_ms) in SWEEPS.iter().skip(self.done) {
            session.execute_one(sql, &[&now.saturating_sub(*remembered_ms)]).await?;
            self.done += 1;
        }
        Ok(())
    }
}

struct Check;

impl Work for Check {
    type Outcome = ();

    /// The pool takes only a connection to a host that takes writes.
    async fn attempt(&mut self, session: &Session) -> Result<(), Failure> {
        session.row_of("SELECT id FROM server", &[]).await?.map(drop).ok_or(Failure::Corrupt("server"))
    }
}

/// Who asks whether the store works wants to know how it is now.
const CHECK: Effort = Effort { patience: Duration::from_secs(2), try_time: Duration::from_secs(2) };

/// What is over, and how long it is remembered after that.
const SWEEPS: [(&str, i64); 5] = [
    ("DELETE FROM sessions WHERE expires <= $1", 0),
    ("DELETE FROM spent_challenges WHERE expires <= $1", 0),
    ("DELETE FROM mailboxes WHERE expires <= $1", 0),
    ("DELETE FROM invitations WHERE expires <= $1 AND account IS NULL", 0),
    // A hold is remembered as long as it keeps its device from another one.
    ("DELETE FROM holds WHERE until <= $1", HOLD_MEMORY_MS),
];

/// Longer than any pause between two holds of a device.
const HOLD_MEMORY_MS: i64 = 60 * 60 * 1000;
