use roamkey_proto::{AccountId, Bundle, DeviceId, EntryWrap, Pin};
use roamkey_server_store::{Answer, Appended, Closing, Heads, Logs, NewEntry};
use tokio_postgres::Row;

use crate::{
    PostgresStore,
    accounts::was_deleted,
    failure::Failure,
    row::{device, heads, int},
    session::Session,
    work::Work,
};

impl Logs for PostgresStore {
    fn append(&self, entry: NewEntry) -> Answer<'_, Appended> {
        self.run(Append(entry))
    }

    fn heads(&self, account: AccountId) -> Answer<'_, Option<Heads>> {
        self.run(ReadHeads(account))
    }

    fn bundles(
        &self,
        account: AccountId,
        after: u64,
        limit: usize,
        wraps_of: Option<DeviceId>,
    ) -> Answer<'_, Vec<Bundle>> {
        self.run(Bundles { account, after, limit, wraps_of })
    }
}

struct Append(NewEntry);

impl Work for Append {
    type Outcome = Appended;

    async fn attempt(&mut self, session: &Session) -> Result<Appended, Failure> {
        session.begin().await?;
        let decided = self.decide(session).await?;
        let (is_new, after) = match decided {
            Decided::Append { is_new, after } => (is_new, after),
            Decided::Known(outcome) => {
                session.rollback().await?;
                return Ok(outcome);
            }
        };
        match is_new {
            true => self.create_account(session).await?,
            false => self.move_head(session).await?,
        }
        insert_entry(session, &self.0).await?;
        session.commit().await?;
        Ok(Appended::Accepted(after))
    }
}

enum Decided {
    /// The entry is to be written, the account with it if it is new.
    Append { is_new: bool, after: Heads },
    /// Nothing is to be written.
    Known(Appended),
}

impl Append {
    async fn decide(&self, session: &Session) -> Result<Decided, Failure> {
        let entry = &self.0;
        let account = entry.account.as_bytes().as_slice();
        let before = session.row_of(LOCK, &[&account]).await?.map(|row| heads(&row, 0)).transpose()?;
        Ok(match before {
            // From its first slice on an account counts as deleted: nobody calls that off half-way.
            _ if was_deleted(session, entry.account).await? => Decided::Known(Appended::Deleted),
            None if entry.prev != Pin::START => Decided::Known(Appended::UnknownAccount),
            None => {
                let after = Heads { log: entry.pin, vault: Pin::START, vault_log: 0 };
                Decided::Append { is_new: true, after }
            }
            Some(before) if before.log == entry.prev => {
                Decided::Append { is_new: false, after: Heads { log: entry.pin, ..before } }
            }
            Some(before) if before.log == entry.pin => Decided::Known(Appended::Accepted(before)),
            Some(before) if before.log.seq > entry.pin.seq && self.is_there(session).await? => {
                Decided::Known(Appended::Accepted(before))
            }
            Some(before) => Decided::Known(Appended::Conflict(before)),
        })
    }

    /// Whether this very entry is in its place, from a try whose answer was lost: others may have followed.
    async fn is_there(&self, session: &Session) -> Result<bool, Failure> {
        let account = self.0.account.as_bytes().as_slice();
        let sql = "SELECT entry = $3 FROM entries WHERE account = $1 AND seq = $2";
        let row = session.row_of(sql, &[&account, &int(self.0.pin.seq), &self.0.bundle.entry]).await?;
        row.map_or(Ok(false), |row| Ok(row.try_get(0)?))
    }

    async fn create_account(&self, session: &Session) -> Result<(), Failure> {
        let entry = &self.0;
        let (account, id) = (entry.account.as_bytes().as_slice(), entry.pin.id.as_slice());
        let start = Pin::START.id.as_slice();
        let made = session
            .execute_one(
                "INSERT INTO accounts (account, log_seq, log_id, vault_seq, vault_id, vault_log, records, record_bytes)
                 VALUES ($1, $2, $3, 0, $4, 0, 0, 0) ON CONFLICT (account) DO NOTHING",
                &[&account, &int(entry.pin.seq), &id, &start],
            )
            .await?;
        if made == 1 { Ok(()) } else { Err(Failure::Overtaken) }
    }

    async fn move_head(&self, session: &Session) -> Result<(), Failure> {
        let entry = &self.0;
        let (account, id) = (entry.account.as_bytes().as_slice(), entry.pin.id.as_slice());
        let sql = "UPDATE accounts SET log_seq = $2, log_id = $3 WHERE account = $1";
        session.execute_one(sql, &[&account, &int(entry.pin.seq), &id]).await?;
        Ok(())
    }
}

/// Writes an entry with its header and wraps, and what it means for the account's end.
pub(crate) async fn insert_entry(session: &Session, entry: &NewEntry) -> Result<(), Failure> {
    let NewEntry { account, pin, bundle, closing, .. } = entry;
    let (account, seq) = (account.as_bytes().as_slice(), int(pin.seq));
    let sql = "INSERT INTO entries (account, seq, entry, header) VALUES ($1, $2, $3, $4)";
    session.execute_one(sql, &[&account, &seq, &bundle.entry, &bundle.header]).await?;
    let devices: Vec<&[u8]> = bundle.wraps.iter().map(|wrap| wrap.recipient.as_bytes().as_slice()).collect();
    let wraps: Vec<&[u8]> = bundle.wraps.iter().map(|wrap| wrap.wrap.as_slice()).collect();
    session.execute_one(INSERT_WRAPS, &[&account, &seq, &devices, &wraps]).await?;
    let deletes_at = match closing {
        Closing::Unchanged => return Ok(()),
        Closing::DeletesAt(time) => Some(int(time.0)),
        Closing::Cancelled => None,
    };
    let sql = "UPDATE accounts SET deletes_at = $2 WHERE account = $1";
    session.execute_one(sql, &[&account, &deletes_at]).await?;
    Ok(())
}

struct ReadHeads(AccountId);

impl Work for ReadHeads {
    type Outcome = Option<Heads>;

    async fn attempt(&mut self, session: &Session) -> Result<Option<Heads>, Failure> {
        let account = self.0.as_bytes().as_slice();
        session.row_of(HEADS, &[&account]).await?.map(|row| heads(&row, 0)).transpose()
    }
}

struct Bundles {
    account: AccountId,
    after: u64,
    limit: usize,
    wraps_of: Option<DeviceId>,
}

impl Work for Bundles {
    type Outcome = Vec<Bundle>;

    async fn attempt(&mut self, session: &Session) -> Result<Vec<Bundle>, Failure> {
        let account = self.account.as_bytes().as_slice();
        let asker = self.wraps_of.as_ref().map(|device| device.as_bytes().as_slice());
        let limit = int(self.limit as u64);
        let rows = session.rows_of(BUNDLES, &[&account, &int(self.after), &asker, &limit]).await?;
        rows.iter().map(bundle).collect()
    }
}

fn bundle(row: &Row) -> Result<Bundle, Failure> {
    let wraps = match row.try_get::<_, Option<Vec<u8>>>(3)? {
        Some(wrap) => vec![EntryWrap { recipient: device(row, 2)?, wrap }],
        None => Vec::new(),
    };
    Ok(Bundle { entry: row.try_get(0)?, header: row.try_get(1)?, wraps })
}

pub(crate) const HEADS: &str =
    "SELECT log_seq, log_id, vault_seq, vault_id, vault_log FROM accounts WHERE account = $1";

/// Whoever changes an account holds its row until they are done.
const LOCK: &str = "SELECT log_seq, log_id, vault_seq, vault_id, vault_log FROM accounts WHERE account = $1
    FOR NO KEY UPDATE";

const INSERT_WRAPS: &str = "INSERT INTO wraps (account, seq, device, wrap)
    SELECT $1, $2, device, wrap FROM unnest($3::bytea[], $4::bytea[]) AS given (device, wrap)";

const BUNDLES: &str = "SELECT e.entry, e.header, w.device, w.wrap
    FROM entries e LEFT JOIN wraps w ON w.account = e.account AND w.seq = e.seq AND w.device = $3
    WHERE e.account = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $4";
