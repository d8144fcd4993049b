use roamkey_proto::{
    Time,
    api::{MailboxMessage, MailboxMessages},
};
use roamkey_server_store::{Answer, Claimed, MailboxOpening, MailboxSend, Mailboxes, Sent, TokenHash};

use crate::{
    PostgresStore,
    failure::Failure,
    row::{int, number},
    session::Session,
    work::Work,
};

impl Mailboxes for PostgresStore {
    fn open_mailbox(&self, opening: MailboxOpening) -> Answer<'_, Option<u32>> {
        self.run(Open { opening, in_doubt: false })
    }

    fn claim_mailbox(&self, number: u32, newcomer: TokenHash, now: Time) -> Answer<'_, Claimed> {
        self.run(Claim { number, newcomer, now })
    }

    fn send(&self, message: MailboxSend) -> Answer<'_, Sent> {
        self.run(Send { message, place: None })
    }

    fn messages(&self, number: u32, token: TokenHash, after: u64, now: Time) -> Answer<'_, Option<MailboxMessages>> {
        self.run(Read { number, token, after, now })
    }

    fn close_mailbox(&self, number: u32, token: TokenHash, now: Time) -> Answer<'_, bool> {
        self.run(Close { number, token, now, was_there: false })
    }
}

/// Which side a token opens, and whether there is a newcomer.
struct Found {
    newcomer: bool,
    claimed: bool,
}

/// Finds a mailbox; a `lock` keeps others from changing it meanwhile.
async fn find(
    session: &Session,
    number: u32,
    token: TokenHash,
    now: Time,
    lock: bool,
) -> Result<Option<Found>, Failure> {
    let token = token.as_bytes().as_slice();
    let sql = if lock { FIND_AND_LOCK } else { FIND };
    let Some(row) = session.row_of(sql, &[&i64::from(number), &token, &int(now.0)]).await? else {
        return Ok(None);
    };
    let (member, newcomer): (bool, bool) = (row.try_get(0)?, row.try_get(1)?);
    Ok((member || newcomer).then_some(Found { newcomer, claimed: row.try_get(2)? }))
}

struct Open {
    opening: MailboxOpening,
    /// A try may have been made: a number that has our token is ours then.
    in_doubt: bool,
}

impl Work for Open {
    type Outcome = Option<u32>;

    async fn attempt(&mut self, session: &Session) -> Result<Option<u32>, Failure> {
        let Self { opening, in_doubt } = self;
        let (account, member) = (opening.account.as_bytes().as_slice(), opening.member.as_bytes().as_slice());
        session.begin().await?;
        for number in opening.numbers.iter().map(|number| i64::from(*number)) {
            // Messages go with their mailbox.
            let over = "DELETE FROM mailboxes WHERE number = $1 AND expires <= $2";
            session.execute_one(over, &[&number, &int(opening.now.0)]).await?;
            let expires = int(opening.expires.0);
            let opened = session.row_of(TAKE, &[&number, &account, &member, &expires, &*in_doubt]).await?;
            if opened.is_some() {
                let keep = i64::from(opening.keep.saturating_sub(1));
                session.execute_one(MAKE_WAY, &[&account, &number, &keep]).await?;
                session.commit_noting(in_doubt).await?;
                return Ok(u32::try_from(number).ok());
            }
        }
        session.rollback().await?;
        Ok(None)
    }
}

struct Claim {
    number: u32,
    newcomer: TokenHash,
    now: Time,
}

impl Work for Claim {
    type Outcome = Claimed;

    async fn attempt(&mut self, session: &Session) -> Result<Claimed, Failure> {
        let newcomer = self.newcomer.as_bytes().as_slice();
        let claimed = session
            .execute_one(
                "UPDATE mailboxes SET newcomer = $2
                 WHERE number = $1 AND (newcomer IS NULL OR newcomer = $2) AND expires > $3",
                &[&i64::from(self.number), &newcomer, &int(self.now.0)],
            )
            .await?;
        Ok(if claimed == 1 { Claimed::Yes } else { Claimed::Gone })
    }
}

struct Send {
    message: MailboxSend,
    /// The number that a try gave the message, on its side: if the same body is there, it was us.
    place: Option<i64>,
}

impl Work for Send {
    type Outcome = Sent;

    async fn attempt(&mut self, session: &Session) -> Result<Sent, Failure> {
        session.begin().await?;
        let sent = self.send(session).await?;
        match sent {
            Sent::Yes => session.commit().await?,
            Sent::Gone | Sent::Full => session.rollback().await?,
        }
        Ok(sent)
    }
}

impl Send {
    async fn send(&mut self, session: &Session) -> Result<Sent, Failure> {
        let message = &self.message;
        let mailbox = i64::from(message.number);
        let Some(side) = find(session, message.number, message.token, message.now, true).await? else {
            return Ok(Sent::Gone);
        };
        if let Some(place) = self.place {
            let sql =
                "SELECT body = $4 FROM mailbox_messages WHERE mailbox = $1 AND from_newcomer = $2 AND number = $3";
            let ours = session.row_of(sql, &[&mailbox, &side.newcomer, &place, &message.body]).await?;
            if ours.map(|row| row.try_get(0)).transpose()?.unwrap_or(false) {
                return Ok(Sent::Yes);
            }
        }
        let row = session.row_of(COUNT, &[&mailbox, &side.newcomer]).await?.ok_or(Failure::Corrupt("count"))?;
        let (all, bytes, own) = (number(&row, 0)?, number(&row, 1)?, number(&row, 2)?);
        let room = (message.at_most as u64, message.at_most_bytes as u64);
        if all >= room.0 || bytes + message.body.len() as u64 > room.1 {
            return Ok(Sent::Full);
        }
        let place = int(own) + 1;
        self.place = Some(place);
        let sql = "INSERT INTO mailbox_messages (mailbox, from_newcomer, number, body) VALUES ($1, $2, $3, $4)";
        session.execute_one(sql, &[&mailbox, &side.newcomer, &place, &message.body]).await?;
        Ok(Sent::Yes)
    }
}

struct Read {
    number: u32,
    token: TokenHash,
    after: u64,
    now: Time,
}

impl Work for Read {
    type Outcome = Option<MailboxMessages>;

    async fn attempt(&mut self, session: &Session) -> Result<Option<MailboxMessages>, Failure> {
        let Some(side) = find(session, self.number, self.token, self.now, false).await? else {
            return Ok(None);
        };
        let rows = session
            .rows_of(
                "SELECT body FROM mailbox_messages
                 WHERE mailbox = $1 AND from_newcomer = $2 AND number > $3 ORDER BY number",
                &[&i64::from(self.number), &!side.newcomer, &int(self.after)],
            )
            .await?;
        let message = |row: &tokio_postgres::Row| Ok(MailboxMessage { body: row.try_get(0)? });
        let messages = rows.iter().map(message).collect::<Result<_, Failure>>()?;
        Ok(Some(MailboxMessages { messages, claimed: side.claimed }))
    }
}

struct Close {
    number: u32,
    token: TokenHash,
    now: Time,
    /// A try found it: if it is gone now, it was us.
    was_there: bool,
}

impl Work for Close {
    type Outcome = bool;

    async fn attempt(&mut self, session: &Session) -> Result<bool, Failure> {
        if find(session, self.number, self.token, self.now, false).await?.is_none() {
            return Ok(self.was_there);
        }
        self.was_there = true;
        let token = self.token.as_bytes().as_slice();
        let sql = "DELETE FROM mailboxes WHERE number = $1 AND (member = $2 OR newcomer = $2)";
        session.execute_one(sql, &[&i64::from(self.number), &token]).await?;
        Ok(true)
    }
}

const FIND: &str = "SELECT member = $2, coalesce(newcomer = $2, false), newcomer IS NOT NULL
    FROM mailboxes WHERE number = $1 AND expires > $3";

const FIND_AND_LOCK: &str = "SELECT member = $2, coalesce(newcomer = $2, false), newcomer IS NOT NULL
    FROM mailboxes WHERE number = $1 AND expires > $3 FOR NO KEY UPDATE";

/// Takes a number that is free, or ours from a try whose answer was lost.
const TAKE: &str = "INSERT INTO mailboxes (number, account, member, expires) VALUES ($1, $2, $3, $4)
    ON CONFLICT (number) DO UPDATE SET expires = mailboxes.expires WHERE $5 AND mailboxes.member = $3
    RETURNING number";

/// Who opens one after another gives up the ones before.
const MAKE_WAY: &str = "DELETE FROM mailboxes WHERE number IN (
    SELECT number FROM mailboxes WHERE account = $1 AND number <> $2 ORDER BY expires DESC OFFSET $3)";

const COUNT: &str = "SELECT count(*), coalesce(sum(octet_length(body)), 0)::bigint,
        coalesce(sum(CASE WHEN from_newcomer = $2 THEN 1 ELSE 0 END), 0)::bigint
    FROM mailbox_messages WHERE mailbox = $1";
