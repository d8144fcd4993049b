use roamkey_proto::{
    ItemId,
    api::{PullCursor, PullPage, SealedRecord, SignedCommit},
};
use roamkey_server_store::{Heads, PageLimits, PullQuery, Pulled};
use tokio::try_join;

use crate::{
    failure::Failure,
    logs::HEADS,
    row::{bytes, heads, int, number},
    session::{Session, Values},
    work::Work,
};

pub(super) struct Pull(pub(super) PullQuery);

impl Work for Pull {
    type Outcome = Pulled;

    async fn attempt(&mut self, session: &Session) -> Result<Pulled, Failure> {
        let account = self.0.account.as_bytes().as_slice();
        let [select] = session.prepare([HEADS]).await?;
        let of_account: Values<'_> = &[&account];
        let ((), row) = try_join!(biased; session.begin_read(), session.row(&select, of_account))?;
        let pulled = match row {
            None => Pulled::UnknownAccount,
            Some(row) => page(session, &self.0, heads(&row, 0)?).await?,
        };
        session.commit().await?;
        Ok(pulled)
    }
}

async fn page(session: &Session, query: &PullQuery, heads: Heads) -> Result<Pulled, Failure> {
    if heads.vault != query.target {
        return Ok(Pulled::HeadMoved(heads));
    }
    let mut room = Room::new(query.limits);
    let cursor = query.cursor.unwrap_or(PullCursor { commit: query.commits_after, item: None });
    let (commits, last) = commits(session, query, cursor, &mut room).await?;
    if last < query.target.seq {
        let next = Some(PullCursor { commit: last, item: None });
        return Ok(Pulled::Page(PullPage { commits, records: Vec::new(), next }));
    }
    let (records, next) = records(session, query, cursor.item, &mut room).await?;
    let next = next.map(|item| PullCursor { commit: query.target.seq, item });
    Ok(Pulled::Page(PullPage { commits, records, next }))
}

/// What still fits into the page.
struct Room {
    commits: usize,
    bytes: usize,
    empty: bool,
    /// The first thing took more than there was.
    is_over: bool,
}

impl Room {
    fn new(limits: PageLimits) -> Self {
        Self { commits: limits.commits, bytes: limits.bytes, empty: true, is_over: false }
    }

    /// The most bytes to ask for: the database leaves out what is beyond.
    fn bytes(&self) -> i64 {
        int(self.bytes as u64)
    }

    /// Takes room, unless there is not enough; the first thing of a page always fits.
    fn take(&mut self, bytes: usize) -> bool {
        if !self.empty && bytes > self.bytes {
            return false;
        }
        self.empty = false;
        self.is_over |= bytes > self.bytes;
        self.bytes = self.bytes.saturating_sub(bytes);
        true
    }
}

/// Commits after the cursor, and the seq of the last that fits.
async fn commits(
    session: &Session,
    query: &PullQuery,
    cursor: PullCursor,
    room: &mut Room,
) -> Result<(Vec<SignedCommit>, u64), Failure> {
    // A cursor or a client that is ahead of the target asks for no commits.
    if cursor.commit >= query.target.seq {
        return Ok((Vec::new(), cursor.commit));
    }
    let account = query.account.as_bytes().as_slice();
    let at_most = int(room.commits as u64);
    let rows = session.rows_of(COMMITS, &[&account, &int(cursor.commit), &room.bytes(), &at_most]).await?;
    let mut commits = Vec::with_capacity(rows.len());
    let mut last = cursor.commit;
    for row in &rows {
        let signed: Vec<u8> = row.try_get(1)?;
        if !room.take(signed.len()) {
            break;
        }
        last = number(row, 0)?;
        commits.push(SignedCommit(signed));
    }
    Ok((commits, last))
}

/// Records after the cursor, and, if there are more, the last item that fits: none of them when
/// the commits took all the room.
async fn records(
    session: &Session,
    query: &PullQuery,
    after: Option<ItemId>,
    room: &mut Room,
) -> Result<(Vec<SealedRecord>, Option<Option<ItemId>>), Failure> {
    if query.records_after >= query.target.seq {
        return Ok((Vec::new(), None));
    }
    let (account, changed) = (query.account.as_bytes().as_slice(), int(query.records_after));
    // The empty string of bytes sorts before every item.
    let from = after.as_ref().map_or(&[][..], |item| item.as_bytes());
    // A device that has nothing gets all items in the order of their key; one that is behind gets what changed since.
    let rows = match query.records_after {
        0 => session.rows_of(ALL_RECORDS, &[&account, &from, &room.bytes(), &ROWS]).await?,
        _ => session.rows_of(CHANGED_RECORDS, &[&account, &from, &room.bytes(), &ROWS, &changed]).await?,
    };
    let mut records = Vec::with_capacity(rows.len());
    let mut last = after;
    for row in &rows {
        let record: Vec<u8> = row.try_get(1)?;
        if !room.take(record.len()) {
            return Ok((records, Some(last)));
        }
        last = Some(ItemId::new(bytes(row, 0)?));
        records.push(SealedRecord(record));
    }
    // The database stops after a first record that is too large for any page, and after so many rows.
    let is_cut = int(rows.len() as u64) == ROWS || room.is_over;
    Ok((records, is_cut.then_some(last)))
}

/// Rows that one page looks at. A page of the smallest records there are has fewer.
const ROWS: i64 = 8_192;

/// Things in order up to the first that does not fit: `before` counts the bytes ahead of each.
const COMMITS: &str = "SELECT seq, signed FROM (
        SELECT seq, signed,
            coalesce(sum(octet_length(signed)) OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
                AS before
        FROM (SELECT seq, signed FROM commits WHERE account = $1 AND seq > $2 ORDER BY seq LIMIT $4) AS next
    ) AS summed
    WHERE before <= $3::bigint ORDER BY seq";

const ALL_RECORDS: &str = "SELECT item, record FROM (
        SELECT item, record,
            coalesce(sum(octet_length(record)) OVER (ORDER BY item ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
                AS before
        FROM (SELECT item, record FROM records WHERE account = $1 AND item > $2 ORDER BY item LIMIT $4) AS next
    ) AS summed
    WHERE before <= $3::bigint ORDER BY item";

const CHANGED_RECORDS: &str = "SELECT item, record FROM (
        SELECT item, record,
            coalesce(sum(octet_length(record)) OVER (ORDER BY item ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
                AS before
        FROM (SELECT item, record FROM records
              WHERE account = $1 AND item > $2 AND changed_by > $5 ORDER BY item LIMIT $4) AS next
    ) AS summed
    WHERE before <= $3::bigint ORDER BY item";
