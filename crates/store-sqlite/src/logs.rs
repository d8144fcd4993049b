use roamkey_proto::{AccountId, Bundle, DeviceId, EntryWrap, Pin};
use roamkey_server_store::{Answer, Appended, Closing, Heads, Logs, NewEntry};
use rusqlite::{Connection, params};

use crate::{
    SqliteStore,
    accounts::was_deleted,
    row::{device, heads, int},
};

impl Logs for SqliteStore {
    fn append(&self, entry: NewEntry) -> Answer<'_, Appended> {
        Box::pin(self.writer.write(move |connection| append(connection, &entry)))
    }

    fn heads(&self, account: AccountId) -> Answer<'_, Option<Heads>> {
        Box::pin(self.readers.read(move |connection| heads(connection, account)))
    }

    fn bundles(
        &self,
        account: AccountId,
        after: u64,
        limit: usize,
        wraps_of: Option<DeviceId>,
    ) -> Answer<'_, Vec<Bundle>> {
        Box::pin(self.readers.read(move |connection| bundles(connection, account, after, limit, wraps_of)))
    }
}

fn append(connection: &Connection, entry: &NewEntry) -> rusqlite::Result<Appended> {
    let before = heads(connection, entry.account)?;
    let after = match before {
        // From its first slice on an account counts as deleted: nobody calls that off half-way.
        _ if was_deleted(connection, entry.account)? => return Ok(Appended::Deleted),
        None if entry.prev != Pin::START => return Ok(Appended::UnknownAccount),
        None => Heads { log: entry.pin, vault: Pin::START, vault_log: 0 },
        Some(before) if before.log == entry.pin => return Ok(Appended::Accepted(before)),
        Some(before) if before.log != entry.prev && is_there(connection, entry)? => {
            return Ok(Appended::Accepted(before));
        }
        Some(before) if before.log != entry.prev => return Ok(Appended::Conflict(before)),
        Some(before) => Heads { log: entry.pin, ..before },
    };
    if before.is_none() {
        create_account(connection, entry)?;
    }
    enter(connection, entry)?;
    Ok(Appended::Accepted(after))
}

/// Whether this very entry is in its place, and others have followed.
fn is_there(connection: &Connection, entry: &NewEntry) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM entries e JOIN accounts a USING (account)
             WHERE e.account = ?1 AND e.seq = ?2 AND e.seq < a.log_seq AND e.entry = ?3",
        )?
        .exists(params![entry.account.as_bytes(), int(entry.pin.seq), entry.bundle.entry])
}

/// Puts an entry at the head of a log that is there.
pub(crate) fn enter(connection: &Connection, entry: &NewEntry) -> rusqlite::Result<()> {
    move_head(connection, entry)?;
    insert_bundle(connection, entry)?;
    set_deletion(connection, entry)
}

fn set_deletion(connection: &Connection, entry: &NewEntry) -> rusqlite::Result<()> {
    let deletes_at = match entry.closing {
        Closing::Unchanged => return Ok(()),
        Closing::DeletesAt(time) => Some(int(time.0)),
        Closing::Cancelled => None,
    };
    connection
        .prepare_cached("UPDATE accounts SET deletes_at = ?2 WHERE account = ?1")?
        .execute(params![entry.account.as_bytes(), deletes_at])
        .map(drop)
}

fn create_account(connection: &Connection, entry: &NewEntry) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO accounts
                 (account, log_seq, log_id, vault_seq, vault_id, vault_log, records, record_bytes)
             VALUES (?1, ?2, ?3, 0, ?4, 0, 0, 0)",
        )?
        .execute(params![entry.account.as_bytes(), int(entry.pin.seq), entry.pin.id, Pin::START.id])
        .map(drop)
}

fn move_head(connection: &Connection, entry: &NewEntry) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE accounts SET log_seq = ?2, log_id = ?3 WHERE account = ?1")?
        .execute(params![entry.account.as_bytes(), int(entry.pin.seq), entry.pin.id])
        .map(drop)
}

fn insert_bundle(connection: &Connection, entry: &NewEntry) -> rusqlite::Result<()> {
    let seq = int(entry.pin.seq);
    connection
        .prepare_cached("INSERT INTO entries (account, seq, entry, header) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![entry.account.as_bytes(), seq, entry.bundle.entry, entry.bundle.header])?;
    let mut insert =
        connection.prepare_cached("INSERT INTO wraps (account, seq, device, wrap) VALUES (?1, ?2, ?3, ?4)")?;
    for wrap in &entry.bundle.wraps {
        insert.execute(params![entry.account.as_bytes(), seq, wrap.recipient.as_bytes(), wrap.wrap])?;
    }
    Ok(())
}

fn bundles(
    connection: &Connection,
    account: AccountId,
    after: u64,
    limit: usize,
    wraps_of: Option<DeviceId>,
) -> rusqlite::Result<Vec<Bundle>> {
    let mut select = connection.prepare_cached(
        "SELECT e.entry, e.header, w.device, w.wrap
         FROM entries e LEFT JOIN wraps w ON w.account = e.account AND w.seq = e.seq AND w.device = ?3
         WHERE e.account = ?1 AND e.seq > ?2 ORDER BY e.seq LIMIT ?4",
    )?;
    let asker = wraps_of.map(|device| *device.as_bytes());
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = select.query_map(params![account.as_bytes(), int(after), asker, limit], |row| {
        let wraps = match row.get::<_, Option<Vec<u8>>>(3)? {
            Some(wrap) => vec![EntryWrap { recipient: device(row, 2)?, wrap }],
            None => Vec::new(),
        };
        Ok(Bundle { entry: row.get(0)?, header: row.get(1)?, wraps })
    })?;
    rows.collect()
}
