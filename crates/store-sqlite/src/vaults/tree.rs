use roamkey_proto::{AccountId, ItemId, Record, RecordHash};
use roamkey_server_store::{Grown, NewRecord, PagePath, TreeDamaged, TreeUpdate};
use rusqlite::{Connection, OptionalExtension, params, types::Type};

/// Finds what the tree over an account's records becomes when these are put.
pub(super) fn grown<'a>(
    connection: &Connection,
    account: AccountId,
    records: impl IntoIterator<Item = &'a NewRecord>,
) -> rusqlite::Result<Grown> {
    let mut update = TreeUpdate::new(records.into_iter().map(|record| (record.item, record.hash)));
    loop {
        let wanted = update.wanted(0);
        if wanted.is_empty() {
            break;
        }
        let pages = pages(connection, account, &wanted)?;
        update.found(wanted, pages).map_err(damaged)?;
    }
    if !update.has_tree() {
        update.and_all_of(all(connection, account)?);
    }
    update.grow().map_err(damaged)
}

pub(super) fn put(connection: &Connection, account: AccountId, grown: &Grown) -> rusqlite::Result<()> {
    let mut put = connection.prepare_cached(
        "INSERT INTO tree (account, path, page) VALUES (?1, ?2, ?3)
         ON CONFLICT (account, path) DO UPDATE SET page = excluded.page",
    )?;
    for (path, page) in &grown.pages {
        put.execute(params![account.as_bytes(), path.as_bytes(), page])?;
    }
    Ok(())
}

fn pages(
    connection: &Connection,
    account: AccountId,
    wanted: &[PagePath],
) -> rusqlite::Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut select = connection.prepare_cached("SELECT path, page FROM tree WHERE account = ?1 AND path = ?2")?;
    let mut pages = Vec::with_capacity(wanted.len());
    for path in wanted {
        let page = select.query_row(params![account.as_bytes(), path.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)));
        pages.extend(page.optional()?);
    }
    Ok(pages)
}

/// All pages, unread.
pub(super) fn resting(connection: &Connection, account: AccountId) -> rusqlite::Result<Vec<(Vec<u8>, Vec<u8>)>> {
    connection
        .prepare_cached("SELECT path, page FROM tree WHERE account = ?1")?
        .query_map([account.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Every record of an account from before there was a tree.
fn all(connection: &Connection, account: AccountId) -> rusqlite::Result<Vec<(ItemId, RecordHash)>> {
    connection
        .prepare_cached("SELECT item, record FROM records WHERE account = ?1")?
        .query_map([account.as_bytes()], |row| {
            Ok((ItemId::new(row.get(0)?), Record::hash_of(row.get_ref(1)?.as_blob()?)))
        })?
        .collect()
}

fn damaged(error: TreeDamaged) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(1, Type::Blob, Box::new(error))
}
