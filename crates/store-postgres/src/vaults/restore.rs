use std::{collections::BTreeMap, convert::Infallible};

use roamkey_proto::ItemId;
use roamkey_server_store::{Grown, Heads, Holdings, NewRestore, Replaced, Restored};

use super::{
    push::{ADD, LOCK, PUT, REPLACED, account_of, replaced_of},
    tree::{self, PUT_PAGES, Tree},
};
use crate::{accounts::was_deleted, failure::Failure, logs::insert_entry, row::int, session::Session, work::Work};

pub(super) struct Restore {
    restore: NewRestore,
    /// A try may have been made: if all of it is there, it was us.
    in_doubt: bool,
}

impl Restore {
    pub(super) fn new(restore: NewRestore) -> Self {
        Self { restore, in_doubt: false }
    }
}

impl Work for Restore {
    type Outcome = Restored;

    async fn attempt(&mut self, session: &Session) -> Result<Restored, Failure> {
        let Self { restore, in_doubt } = self;
        let account = restore.account.as_bytes().as_slice();
        session.begin().await?;
        let locked = session.row_of(LOCK, &[&account]).await?.map(|row| account_of(&row)).transpose()?;
        match decide(session, restore, locked, *in_doubt).await? {
            Decided::Write(after, holdings, tree) => {
                write(session, restore, after, holdings, &tree).await?;
                session.commit_noting(in_doubt).await?;
                Ok(Restored::Accepted(after))
            }
            Decided::Known(outcome) => {
                session.rollback().await?;
                Ok(outcome)
            }
        }
    }
}

enum Decided {
    Write(Heads, Holdings, Grown),
    Known(Restored),
}

async fn decide(
    session: &Session,
    restore: &NewRestore,
    locked: Option<(Heads, Holdings)>,
    in_doubt: bool,
) -> Result<Decided, Failure> {
    let Some((before, holdings)) = locked else {
        return Ok(Decided::Known(Restored::UnknownAccount));
    };
    if was_deleted(session, restore.account).await? {
        return Ok(Decided::Known(Restored::UnknownAccount));
    }
    let after = after(restore, before);
    if in_doubt && before == after {
        return Ok(Decided::Known(Restored::Accepted(before)));
    }
    if (before.log, before.vault) != (restore.log, restore.vault) {
        return Ok(Decided::Known(Restored::Conflict(before)));
    }
    let replaced = replaced(session, restore).await?;
    let records = || restore.commits.iter().flat_map(|commit| &commit.records);
    let Ok(counted) = holdings.with::<Infallible>(records(), |record| Ok(replaced.get(&record.item).copied()));
    let holdings = match counted {
        Ok(holdings) => holdings,
        Err(item) => return Ok(Decided::Known(Restored::StaleRevision(item))),
    };
    let tree = Tree::new(records()).grow(session, restore.account).await?;
    if let Some(last) = restore.commits.last() {
        if holdings.records != int(last.count) {
            return Ok(Decided::Known(Restored::WrongCount { records: holdings.records.unsigned_abs() }));
        }
        if holdings.exceed(last) {
            return Ok(Decided::Known(Restored::OverQuota));
        }
        if !last.is_over(&tree) {
            return Ok(Decided::Known(Restored::WrongRoot));
        }
    }
    Ok(match holdings.charged(restore.history) {
        Ok(holdings) => Decided::Write(after, holdings, tree),
        Err(wait_ms) => Decided::Known(Restored::OverHistory { wait_ms }),
    })
}

/// Where the chains are when all of it is there.
fn after(restore: &NewRestore, before: Heads) -> Heads {
    let log = restore.entries.last().map_or(restore.log, |entry| entry.pin);
    match restore.commits.last() {
        Some(last) => Heads { log, vault: last.pin, vault_log: last.log.seq },
        None => Heads { log, vault: restore.vault, ..before },
    }
}

async fn replaced(session: &Session, restore: &NewRestore) -> Result<BTreeMap<ItemId, Replaced>, Failure> {
    let account = restore.account.as_bytes().as_slice();
    let records = restore.commits.iter().flat_map(|commit| &commit.records);
    let items: Vec<&[u8]> = records.map(|record| record.item.as_bytes().as_slice()).collect();
    let rows = session.rows_of(REPLACED, &[&account, &items]).await?;
    rows.iter().map(replaced_of).collect()
}

async fn write(
    session: &Session,
    restore: &NewRestore,
    after: Heads,
    holdings: Holdings,
    tree: &Grown,
) -> Result<(), Failure> {
    let account = restore.account.as_bytes().as_slice();
    for entry in &restore.entries {
        insert_entry(session, entry).await?;
    }
    for commit in &restore.commits {
        let seq = int(commit.pin.seq);
        session.execute_one(ADD, &[&account, &seq, &commit.signed]).await?;
        let items: Vec<&[u8]> = commit.records.iter().map(|record| record.item.as_bytes().as_slice()).collect();
        let records: Vec<&[u8]> = commit.records.iter().map(|record| record.bytes.as_slice()).collect();
        let revisions: Vec<i64> = commit.records.iter().map(|record| int(record.revision)).collect();
        session.execute_one(PUT, &[&account, &seq, &items, &revisions, &records]).await?;
    }
    let (paths, pages) = tree::values(tree);
    session.execute_one(PUT_PAGES, &[&account, &paths, &pages]).await?;
    let Heads { log, vault, vault_log } = after;
    session
        .execute_one(
            "UPDATE accounts SET log_seq = $2, log_id = $3, vault_seq = $4, vault_id = $5, vault_log = $6,
                 records = $7, record_bytes = $8, history_owed = $9, history_as_of = $10
             WHERE account = $1",
            &[
                &account,
                &int(log.seq),
                &log.id.as_slice(),
                &int(vault.seq),
                &vault.id.as_slice(),
                &int(vault_log),
                &holdings.records,
                &holdings.bytes,
                &holdings.history_owed,
                &holdings.history_as_of,
            ],
        )
        .await?;
    Ok(())
}
