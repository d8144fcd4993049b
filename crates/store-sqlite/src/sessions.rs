use roamkey_proto::{AccountId, Time, WritePublicKey};
use roamkey_server_store::{Admission, Answer, Hold, NewSession, Opened, Sessions, TokenHash};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    SqliteStore,
    row::{device, heads_in, int, time},
};

impl Sessions for SqliteStore {
    fn open(&self, session: NewSession) -> Answer<'_, Opened> {
        Box::pin(self.writer.write(move |connection| open(connection, &session)))
    }

    fn admit(&self, account: AccountId, token: TokenHash, now: Time) -> Answer<'_, Option<Admission>> {
        Box::pin(self.readers.read(move |connection| admit(connection, account, token, now)))
    }
}

fn open(connection: &Connection, session: &NewSession) -> rusqlite::Result<Opened> {
    let spent = connection
        .prepare_cached("INSERT OR IGNORE INTO spent_challenges (challenge, expires) VALUES (?1, ?2)")?
        .execute(params![session.challenge.as_bytes(), int(session.challenge_expires.0)])?;
    if spent == 0 {
        return Ok(Opened::ChallengeSpent);
    }
    connection
        .prepare_cached("INSERT INTO sessions (token, account, member, write, expires) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            session.token.as_bytes(),
            session.account.as_bytes(),
            session.member.as_bytes(),
            session.write.as_bytes(),
            int(session.expires.0),
        ])?;
    connection
        .prepare_cached(
            "DELETE FROM sessions WHERE token IN (
                 SELECT token FROM sessions WHERE account = ?1 AND member = ?2
                 ORDER BY expires DESC LIMIT -1 OFFSET ?3)",
        )?
        .execute(params![session.account.as_bytes(), session.member.as_bytes(), session.keep])?;
    Ok(Opened::Yes)
}

fn admit(
    connection: &Connection,
    account: AccountId,
    token: TokenHash,
    now: Time,
) -> rusqlite::Result<Option<Admission>> {
    let admission = connection
        .prepare_cached(
            "SELECT s.account, s.member, s.write, s.expires,
                    a.log_seq, a.log_id, a.vault_seq, a.vault_id, a.vault_log
             FROM sessions s JOIN accounts a USING (account)
             WHERE s.token = ?1 AND s.expires > ?2 AND s.account = ?3",
        )?
        .query_row(params![token.as_bytes(), int(now.0), account.as_bytes()], |row| {
            Ok(Admission {
                account: AccountId::new(row.get(0)?),
                member: device(row, 1)?,
                write: WritePublicKey::new(row.get(2)?),
                expires: time(row, 3)?,
                heads: heads_in(row, 4)?,
                holds: Vec::new(),
            })
        })
        .optional()?;
    let Some(mut admission) = admission else {
        return Ok(None);
    };
    admission.holds = holds(connection, admission.account, now)?;
    Ok(Some(admission))
}

fn holds(connection: &Connection, account: AccountId, now: Time) -> rusqlite::Result<Vec<Hold>> {
    connection
        .prepare_cached("SELECT device, until FROM holds WHERE account = ?1 AND until > ?2")?
        .query_map(params![account.as_bytes(), int(now.0)], |row| {
            Ok(Hold { device: device(row, 0)?, until: time(row, 1)? })
        })?
        .collect()
}
