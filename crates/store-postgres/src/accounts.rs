use roamkey_proto::{AccountId, EntryWrap, Time};
use roamkey_server_store::{Accounts, Answer, Deleted};

use crate::{
    PostgresStore,
    failure::Failure,
    row::{account, device, int, number},
    session::Session,
    work::Work,
};

impl Accounts for PostgresStore {
    fn list(&self, after: Option<AccountId>, at_most: usize) -> Answer<'_, Vec<AccountId>> {
        self.run(List { after, at_most })
    }

    fn due(&self, now: Time, at_most: usize) -> Answer<'_, Vec<AccountId>> {
        self.run(Due { now, at_most })
    }

    fn delete(&self, account: AccountId, now: Time, at_most: usize) -> Answer<'_, Deleted> {
        self.run(Delete { account, now, at_most, in_doubt: false })
    }

    fn was_deleted(&self, account: AccountId) -> Answer<'_, bool> {
        self.run(WasDeleted(account))
    }

    fn wraps(&self, account: AccountId, after: u64, through: u64) -> Answer<'_, Vec<(u64, EntryWrap)>> {
        self.run(Wraps { account, after, through })
    }
}

struct List {
    after: Option<AccountId>,
    at_most: usize,
}

impl Work for List {
    type Outcome = Vec<AccountId>;

    async fn attempt(&mut self, session: &Session) -> Result<Vec<AccountId>, Failure> {
        // The empty string of bytes sorts before every account.
        let after = self.after.as_ref().map_or(&[][..], |account| account.as_bytes());
        let sql = "SELECT account FROM accounts WHERE account > $1 ORDER BY account LIMIT $2";
        let rows = session.rows_of(sql, &[&after, &int(self.at_most as u64)]).await?;
        rows.iter().map(|row| account(row, 0)).collect()
    }
}

struct Due {
    now: Time,
    at_most: usize,
}

impl Work for Due {
    type Outcome = Vec<AccountId>;

    async fn attempt(&mut self, session: &Session) -> Result<Vec<AccountId>, Failure> {
        let sql = "SELECT account FROM accounts WHERE deletes_at <= $1 ORDER BY deletes_at LIMIT $2";
        let rows = session.rows_of(sql, &[&int(self.now.0), &int(self.at_most as u64)]).await?;
        rows.iter().map(|row| account(row, 0)).collect()
    }
}

struct Delete {
    account: AccountId,
    now: Time,
    at_most: usize,
    /// A try that got to the account's own row may have been made: if that is gone, it was us.
    in_doubt: bool,
}

impl Work for Delete {
    type Outcome = Deleted;

    async fn attempt(&mut self, session: &Session) -> Result<Deleted, Failure> {
        session.begin().await?;
        if !self.is_due(session).await? {
            session.rollback().await?;
            return Ok(if self.in_doubt { Deleted::Done } else { Deleted::NotDue });
        }
        let account = self.account.as_bytes().as_slice();
        session.execute_one(BURY, &[&account, &int(self.now.0)]).await?;
        session.execute_one("DELETE FROM sessions WHERE account = $1", &[&account]).await?;
        let mut left = self.at_most as u64;
        for slice in SLICES {
            left -= session.execute_one(slice, &[&account, &int(left)]).await?.min(left);
            if left == 0 {
                session.commit().await?;
                return Ok(Deleted::More);
            }
        }
        for rest in REST {
            session.execute_one(rest, &[&account]).await?;
        }
        session.commit_noting(&mut self.in_doubt).await?;
        Ok(Deleted::Done)
    }
}

impl Delete {
    async fn is_due(&self, session: &Session) -> Result<bool, Failure> {
        let account = self.account.as_bytes().as_slice();
        let sql = "SELECT coalesce(deletes_at <= $2, FALSE) FROM accounts WHERE account = $1 FOR UPDATE";
        let Some(row) = session.row_of(sql, &[&account, &int(self.now.0)]).await? else { return Ok(false) };
        Ok(row.try_get(0)? || was_deleted(session, self.account).await?)
    }
}

struct WasDeleted(AccountId);

impl Work for WasDeleted {
    type Outcome = bool;

    async fn attempt(&mut self, session: &Session) -> Result<bool, Failure> {
        was_deleted(session, self.0).await
    }
}

pub(crate) async fn was_deleted(session: &Session, account: AccountId) -> Result<bool, Failure> {
    let account = account.as_bytes().as_slice();
    let sql = "SELECT account FROM deleted_accounts WHERE account = $1";
    Ok(session.row_of(sql, &[&account]).await?.is_some())
}

struct Wraps {
    account: AccountId,
    after: u64,
    through: u64,
}

impl Work for Wraps {
    type Outcome = Vec<(u64, EntryWrap)>;

    async fn attempt(&mut self, session: &Session) -> Result<Vec<(u64, EntryWrap)>, Failure> {
        let account = self.account.as_bytes().as_slice();
        let sql = "SELECT seq, device, wrap FROM wraps
            WHERE account = $1 AND seq > $2 AND seq <= $3 ORDER BY seq, device";
        let rows = session.rows_of(sql, &[&account, &int(self.after), &int(self.through)]).await?;
        let wrap = |row| Ok((number(row, 0)?, EntryWrap { recipient: device(row, 1)?, wrap: row.try_get(2)? }));
        rows.iter().map(wrap).collect()
    }
}

/// From its first slice on an account counts as deleted.
const BURY: &str = "INSERT INTO deleted_accounts (account, since) VALUES ($1, $2) ON CONFLICT (account) DO NOTHING";

/// What an account may have many of, in an order that the foreign keys allow.
const SLICES: [&str; 5] = [
    "DELETE FROM tree WHERE account = $1
         AND path IN (SELECT path FROM tree WHERE account = $1 LIMIT $2)",
    "DELETE FROM records WHERE account = $1
         AND item IN (SELECT item FROM records WHERE account = $1 LIMIT $2)",
    "DELETE FROM commits WHERE account = $1
         AND seq IN (SELECT seq FROM commits WHERE account = $1 LIMIT $2)",
    "DELETE FROM wraps WHERE account = $1
         AND (seq, device) IN (SELECT seq, device FROM wraps WHERE account = $1 LIMIT $2)",
    "DELETE FROM entries WHERE account = $1
         AND seq IN (SELECT seq FROM entries WHERE account = $1 LIMIT $2)",
];

/// What it has few of, and the account itself last.
const REST: [&str; 5] = [
    "DELETE FROM spent_challenges WHERE account = $1",
    "DELETE FROM holds WHERE account = $1",
    "DELETE FROM heartbeats WHERE account = $1",
    "DELETE FROM mailboxes WHERE account = $1",
    "DELETE FROM accounts WHERE account = $1",
];
