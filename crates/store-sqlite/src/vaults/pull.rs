use roamkey_proto::{
    ItemId,
    api::{PullCursor, PullPage, SealedRecord, SignedCommit},
};
use roamkey_server_store::{PageLimits, PullQuery, Pulled};
use rusqlite::{CachedStatement, Connection, params};

use crate::row::{heads, int};

pub(super) fn pull(connection: &Connection, query: &PullQuery) -> rusqlite::Result<Pulled> {
    let Some(heads) = heads(connection, query.account)? else {
        return Ok(Pulled::UnknownAccount);
    };
    if heads.vault != query.target {
        return Ok(Pulled::HeadMoved(heads));
    }
    let mut room = Room::new(query.limits);
    let cursor = query.cursor.unwrap_or(PullCursor { commit: query.commits_after, item: None });
    let (commits, last) = commits(connection, query, cursor, &mut room)?;
    if last < query.target.seq {
        return Ok(page(commits, Vec::new(), Some(PullCursor { commit: last, item: None })));
    }
    let (records, next) = records(connection, query, cursor.item, &mut room)?;
    let next = next.map(|item| PullCursor { commit: query.target.seq, item });
    Ok(page(commits, records, next))
}

fn page(commits: Vec<SignedCommit>, records: Vec<SealedRecord>, next: Option<PullCursor>) -> Pulled {
    Pulled::Page(PullPage { commits, records, next })
}

/// What still fits into the page.
struct Room {
    commits: usize,
    bytes: usize,
    empty: bool,
}

impl Room {
    fn new(limits: PageLimits) -> Self {
        Self { commits: limits.commits, bytes: limits.bytes, empty: true }
    }

    /// Takes room, unless there is not enough; the first thing of a page always fits.
    fn take(&mut self, bytes: usize) -> bool {
        if !self.empty && bytes > self.bytes {
            return false;
        }
        self.empty = false;
        self.bytes = self.bytes.saturating_sub(bytes);
        true
    }

    fn take_commit(&mut self, bytes: usize) -> bool {
        if self.commits == 0 || !self.take(bytes) {
            return false;
        }
        self.commits -= 1;
        true
    }
}

/// Commits after the cursor, and the seq of the last that fits.
fn commits(
    connection: &Connection,
    query: &PullQuery,
    cursor: PullCursor,
    room: &mut Room,
) -> rusqlite::Result<(Vec<SignedCommit>, u64)> {
    let mut select =
        connection.prepare_cached("SELECT seq, signed FROM commits WHERE account = ?1 AND seq > ?2 ORDER BY seq")?;
    let mut rows = select.query(params![query.account.as_bytes(), int(cursor.commit)])?;
    let mut commits = Vec::new();
    // A cursor or a client that is ahead of the target asks for no commits.
    let mut last = cursor.commit;
    while let Some(row) = rows.next()? {
        let signed: Vec<u8> = row.get(1)?;
        if !room.take_commit(signed.len()) {
            break;
        }
        last = row.get(0)?;
        commits.push(SignedCommit(signed));
    }
    Ok((commits, last))
}

/// Records after the cursor, and, if there are more, the last item that fits: none of them when
/// the commits took all the room.
fn records(
    connection: &Connection,
    query: &PullQuery,
    after: Option<ItemId>,
    room: &mut Room,
) -> rusqlite::Result<(Vec<SealedRecord>, Option<Option<ItemId>>)> {
    let mut select = select_records(connection, query.records_after)?;
    // The empty blob sorts before every item.
    let from = after.as_ref().map_or(&[][..], |item| item.as_bytes());
    let mut rows = select.query(params![query.account.as_bytes(), int(query.records_after), from])?;
    let mut records = Vec::new();
    let mut last = after;
    while let Some(row) = rows.next()? {
        let record: Vec<u8> = row.get(1)?;
        if !room.take(record.len()) {
            return Ok((records, Some(last)));
        }
        last = Some(ItemId::new(row.get(0)?));
        records.push(SealedRecord(record));
    }
    Ok((records, None))
}

/// A device that has nothing gets all items in the order of their key; one that is behind gets
/// what changed since, found by the commit and then sorted. The plan is named, not left to guess:
/// either one is slow for the other's question.
fn select_records(connection: &Connection, records_after: u64) -> rusqlite::Result<CachedStatement<'_>> {
    connection.prepare_cached(match records_after {
        0 => {
            "SELECT item, record FROM records
             WHERE account = ?1 AND item > ?3 AND ?2 = 0 ORDER BY item"
        }
        _ => {
            "SELECT r.item, r.record
             FROM (SELECT item FROM records INDEXED BY records_changed
                   WHERE account = ?1 AND changed_by > ?2 AND item > ?3 ORDER BY item) AS changed
             CROSS JOIN records AS r ON r.account = ?1 AND r.item = changed.item
             ORDER BY changed.item"
        }
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

    use rusqlite::StatementStatus;

    use super::*;
    use crate::{Options, SqliteStore, open::connect_to_read};

    #[test]
    fn a_kept_statement_is_not_planned_anew_for_each_account() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::new(folder.path().join("server.db"));
        drop(SqliteStore::open(&options).unwrap());
        let connection = connect_to_read(&options.path).unwrap();
        for records_after in [0, 7] {
            for account in 1..4_u8 {
                let mut select = select_records(&connection, records_after).unwrap();
                assert!(!select.exists(params![[account; 32], int(records_after), [account; 16]]).unwrap());
            }
            let select = select_records(&connection, records_after).unwrap();
            assert_eq!(select.get_status(StatementStatus::RePrepare), 0, "after {records_after}");
        }
    }
}
