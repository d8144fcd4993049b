use roamkey_proto::{
    Time,
    api::{MailboxMessage, MailboxMessages},
};
use roamkey_server_store::{Answer, Claimed, MailboxOpening, MailboxSend, Mailboxes, Sent, TokenHash};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{SqliteStore, row::int};

impl Mailboxes for SqliteStore {
    fn open_mailbox(&self, opening: MailboxOpening) -> Answer<'_, Option<u32>> {
        Box::pin(self.writer.write(move |connection| open(connection, &opening)))
    }

    fn claim_mailbox(&self, number: u32, newcomer: TokenHash, now: Time) -> Answer<'_, Claimed> {
        Box::pin(self.writer.write(move |connection| claim(connection, number, newcomer, now)))
    }

    fn send(&self, message: MailboxSend) -> Answer<'_, Sent> {
        Box::pin(self.writer.write(move |connection| send(connection, &message)))
    }

    fn messages(&self, number: u32, token: TokenHash, after: u64, now: Time) -> Answer<'_, Option<MailboxMessages>> {
        Box::pin(self.readers.read(move |connection| messages(connection, number, token, after, now)))
    }

    fn close_mailbox(&self, number: u32, token: TokenHash, now: Time) -> Answer<'_, bool> {
        Box::pin(self.writer.write(move |connection| match find(connection, number, token, now)? {
            None => Ok(false),
            Some(_) => delete(connection, number).map(|()| true),
        }))
    }
}

/// Which side a token opens, and whether there is a newcomer.
struct Found {
    newcomer: bool,
    claimed: bool,
}

fn find(connection: &Connection, number: u32, token: TokenHash, now: Time) -> rusqlite::Result<Option<Found>> {
    connection
        .prepare_cached(
            "SELECT member = ?2, newcomer IS ?2, newcomer IS NOT NULL
             FROM mailboxes WHERE number = ?1 AND expires > ?3",
        )?
        .query_row(params![number, token.as_bytes(), int(now.0)], |row| {
            let (member, newcomer): (bool, bool) = (row.get(0)?, row.get(1)?);
            Ok((member || newcomer).then_some(Found { newcomer, claimed: row.get(2)? }))
        })
        .optional()
        .map(Option::flatten)
}

fn open(connection: &Connection, opening: &MailboxOpening) -> rusqlite::Result<Option<u32>> {
    for number in &opening.numbers {
        // Messages go with their mailbox.
        connection
            .prepare_cached("DELETE FROM mailboxes WHERE number = ?1 AND expires <= ?2")?
            .execute(params![number, int(opening.now.0)])?;
        let opened = connection
            .prepare_cached(
                "INSERT OR IGNORE INTO mailboxes (number, account, member, expires) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![number, opening.account.as_bytes(), opening.member.as_bytes(), int(opening.expires.0)])?;
        if opened == 1 {
            return make_way(connection, opening, *number).map(|()| Some(*number));
        }
    }
    Ok(None)
}

/// Who opens one after another gives up the ones before.
fn make_way(connection: &Connection, opening: &MailboxOpening, opened: u32) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM mailboxes WHERE number IN (
                 SELECT number FROM mailboxes WHERE account = ?1 AND number <> ?2
                 ORDER BY expires DESC LIMIT -1 OFFSET ?3)",
        )?
        .execute(params![opening.account.as_bytes(), opened, opening.keep.saturating_sub(1)])
        .map(drop)
}

fn claim(connection: &Connection, number: u32, newcomer: TokenHash, now: Time) -> rusqlite::Result<Claimed> {
    let claimed = connection
        .prepare_cached("UPDATE mailboxes SET newcomer = ?2 WHERE number = ?1 AND newcomer IS NULL AND expires > ?3")?
        .execute(params![number, newcomer.as_bytes(), int(now.0)])?;
    Ok(if claimed == 1 { Claimed::Yes } else { Claimed::Gone })
}

fn send(connection: &Connection, message: &MailboxSend) -> rusqlite::Result<Sent> {
    let Some(side) = find(connection, message.number, message.token, message.now)? else {
        return Ok(Sent::Gone);
    };
    let (all, bytes, own): (usize, usize, i64) = connection
        .prepare_cached(
            "SELECT count(*), coalesce(sum(length(body)), 0), count(*) FILTER (WHERE from_newcomer = ?2)
             FROM mailbox_messages WHERE mailbox = ?1",
        )?
        .query_row(params![message.number, side.newcomer], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if all >= message.at_most || bytes + message.body.len() > message.at_most_bytes {
        return Ok(Sent::Full);
    }
    connection
        .prepare_cached("INSERT INTO mailbox_messages (mailbox, from_newcomer, number, body) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![message.number, side.newcomer, own + 1, message.body])?;
    Ok(Sent::Yes)
}

fn messages(
    connection: &Connection,
    number: u32,
    token: TokenHash,
    after: u64,
    now: Time,
) -> rusqlite::Result<Option<MailboxMessages>> {
    let Some(side) = find(connection, number, token, now)? else {
        return Ok(None);
    };
    let mut select = connection.prepare_cached(
        "SELECT body FROM mailbox_messages
         WHERE mailbox = ?1 AND from_newcomer = ?2 AND number > ?3 ORDER BY number",
    )?;
    let messages = select
        .query_map(params![number, !side.newcomer, int(after)], |row| Ok(MailboxMessage { body: row.get(0)? }))?
        .collect::<Result<_, _>>()?;
    Ok(Some(MailboxMessages { messages, claimed: side.claimed }))
}

fn delete(connection: &Connection, number: u32) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM mailboxes WHERE number = ?1")?.execute([number]).map(drop)
}
