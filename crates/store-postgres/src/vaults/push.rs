use std::{collections::BTreeMap, convert::Infallible};

use roamkey_proto::ItemId;
use roamkey_server_store::{Grown, Heads, Holdings, NewCommit, NewRecord, Pushed, Replaced};
use tokio::try_join;
use tokio_postgres::Row;

use super::tree::{self, PAGES, PUT_PAGES, Tree};
use crate::{
    failure::Failure,
    row::{bytes, heads, int},
    session::{Session, Values},
    work::Work,
};

pub(super) struct Push(pub(super) NewCommit);

impl Work for Push {
    type Outcome = Pushed;

    /// Two round trips: one to lock and look, one to write and commit.
    async fn attempt(&mut self, session: &Session) -> Result<Pushed, Failure> {
        let commit = &self.0;
        let (known, tree) = look(session, commit).await?;
        let outcome = match decide(commit, &known) {
            Ok((after, holdings)) => {
                let tree = tree.grow(session, commit.account).await?;
                if commit.is_over(&tree) {
                    write(session, commit, holdings, &tree).await?;
                    return Ok(Pushed::Accepted(after));
                }
                Pushed::WrongRoot
            }
            Err(outcome) => outcome,
        };
        session.rollback().await?;
        Ok(outcome)
    }
}

/// What the database holds that a commit meets.
struct Known {
    account: Option<(Heads, Holdings)>,
    /// Whether this very commit is in its place already: others may have followed.
    is_there: bool,
    replaced: BTreeMap<ItemId, Replaced>,
}

async fn look(session: &Session, commit: &NewCommit) -> Result<(Known, Tree), Failure> {
    let account = commit.account.as_bytes().as_slice();
    let (seq, items) = (int(commit.pin.seq), items(commit));
    let mut tree = Tree::new(&commit.records);
    let wanted = tree.wanted();
    let [lock, there, replaced, pages] = session.prepare([LOCK, THERE, REPLACED, PAGES]).await?;
    let (of_account, of_commit): (Values<'_>, Values<'_>) = (&[&account], &[&account, &seq, &commit.signed]);
    let (of_items, of_pages): (Values<'_>, Values<'_>) = (&[&account, &items], &[&account, &wanted]);
    let ((), locked, there, replaced, pages) = try_join!(
        biased;
        session.begin(),
        session.row(&lock, of_account),
        session.row(&there, of_commit),
        session.rows(&replaced, of_items),
        session.rows(&pages, of_pages),
    )?;
    tree.found(&pages)?;
    let known = Known {
        account: locked.map(|row| account_of(&row)).transpose()?,
        is_there: there.map(|row| row.try_get(0)).transpose()?.unwrap_or(false),
        replaced: replaced.iter().map(replaced_of).collect::<Result<_, _>>()?,
    };
    Ok((known, tree))
}

pub(super) fn account_of(row: &Row) -> Result<(Heads, Holdings), Failure> {
    let holdings = Holdings {
        records: row.try_get(5)?,
        bytes: row.try_get(6)?,
        history_owed: row.try_get(7)?,
        history_as_of: row.try_get(8)?,
    };
    Ok((heads(row, 0)?, holdings))
}

pub(super) fn replaced_of(row: &Row) -> Result<(ItemId, Replaced), Failure> {
    let bytes_there: i32 = row.try_get(2)?;
    Ok((ItemId::new(bytes(row, 0)?), Replaced { revision: row.try_get(1)?, bytes: bytes_there.into() }))
}

fn decide(commit: &NewCommit, known: &Known) -> Result<(Heads, Holdings), Pushed> {
    let (before, holdings) = known.account.ok_or(Pushed::UnknownAccount)?;
    let replaced = |record: &NewRecord| Ok(known.replaced.get(&record.item).copied());
    let Ok(judged) = commit.judge::<Infallible>(before, holdings, || Ok(known.is_there), replaced);
    judged
}

async fn write(session: &Session, commit: &NewCommit, holdings: Holdings, tree: &Grown) -> Result<(), Failure> {
    let (account, id) = (commit.account.as_bytes().as_slice(), commit.pin.id.as_slice());
    let (seq, log_seq) = (int(commit.pin.seq), int(commit.log.seq));
    let (items, records): (_, Vec<&[u8]>) =
        (items(commit), commit.records.iter().map(|r| r.bytes.as_slice()).collect());
    let revisions: Vec<i64> = commit.records.iter().map(|record| int(record.revision)).collect();
    let Holdings { records: count, bytes, history_owed, history_as_of } = holdings;
    let (paths, pages) = tree::values(tree);

    let [add, put, put_pages, move_head] = session.prepare([ADD, PUT, PUT_PAGES, MOVE_HEAD]).await?;
    let of_commit: Values<'_> = &[&account, &seq, &commit.signed];
    let of_records: Values<'_> = &[&account, &seq, &items, &revisions, &records];
    let of_pages: Values<'_> = &[&account, &paths, &pages];
    let of_head: Values<'_> = &[&account, &seq, &id, &log_seq, &count, &bytes, &history_owed, &history_as_of];
    // The commit goes out with the rest: if one of these fails it undoes, and its error is the one that counts.
    try_join!(
        biased;
        session.execute(&add, of_commit),
        session.execute(&put, of_records),
        session.execute(&put_pages, of_pages),
        session.execute(&move_head, of_head),
        session.commit(),
    )?;
    Ok(())
}

fn items(commit: &NewCommit) -> Vec<&[u8]> {
    commit.records.iter().map(|record| record.item.as_bytes().as_slice()).collect()
}

/// Whoever changes an account holds its row until they are done.
pub(super) const LOCK: &str =
    "SELECT log_seq, log_id, vault_seq, vault_id, vault_log, records, record_bytes, history_owed, history_as_of
    FROM accounts WHERE account = $1 FOR NO KEY UPDATE";

const THERE: &str = "SELECT signed = $3 FROM commits WHERE account = $1 AND seq = $2";

pub(super) const REPLACED: &str = "SELECT item, revision, octet_length(record) FROM records
    WHERE account = $1 AND item = ANY ($2)";

pub(super) const ADD: &str = "INSERT INTO commits (account, seq, signed) VALUES ($1, $2, $3)";

pub(super) const PUT: &str = "INSERT INTO records (account, item, revision, changed_by, record)
    SELECT $1, item, revision, $2, record
    FROM unnest($3::bytea[], $4::bigint[], $5::bytea[]) AS given (item, revision, record)
    ON CONFLICT (account, item) DO UPDATE SET
        revision = excluded.revision, changed_by = excluded.changed_by, record = excluded.record";

pub(super) const MOVE_HEAD: &str = "UPDATE accounts SET vault_seq = $2, vault_id = $3, vault_log = $4, records = $5,
        record_bytes = $6, history_owed = $7, history_as_of = $8
    WHERE account = $1";
