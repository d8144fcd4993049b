use roamkey_proto::{AccountId, Time, WritePublicKey};
use roamkey_server_store::{Admission, Answer, Hold, NewSession, Opened, Sessions, TokenHash};
use tokio_postgres::Row;

use crate::{
    PostgresStore,
    failure::Failure,
    row::{account, bytes, device, heads, int, time},
    session::Session,
    work::Work,
};

impl Sessions for PostgresStore {
    fn open(&self, session: NewSession) -> Answer<'_, Opened> {
        self.run(Open { new: session, in_doubt: false })
    }

    fn admit(&self, account: AccountId, token: TokenHash, now: Time) -> Answer<'_, Option<Admission>> {
        self.run(Admit { account, token, now })
    }
}

struct Open {
    new: NewSession,
    /// A try may have been made: a challenge that our token spent, we spent.
    in_doubt: bool,
}

impl Work for Open {
    type Outcome = Opened;

    async fn attempt(&mut self, session: &Session) -> Result<Opened, Failure> {
        let Self { new, in_doubt } = self;
        let (account, token) = (new.account.as_bytes().as_slice(), new.token.as_bytes().as_slice());
        let (member, write) = (new.member.as_bytes().as_slice(), new.write.as_bytes().as_slice());
        let (challenge, keep) = (new.challenge.as_bytes().as_slice(), i64::from(new.keep));
        let [spend, spent_by, insert, make_way] = session.prepare([SPEND, SPENT_BY, INSERT, MAKE_WAY]).await?;
        session.begin().await?;
        let spent = session.execute(&spend, &[&account, &challenge, &token, &int(new.challenge_expires.0)]).await?;
        if spent == 0 && !(*in_doubt && session.row(&spent_by, &[&account, &challenge, &token]).await?.is_some()) {
            session.rollback().await?;
            return Ok(Opened::ChallengeSpent);
        }
        session.execute(&insert, &[&account, &token, &member, &write, &int(new.expires.0)]).await?;
        session.execute(&make_way, &[&account, &member, &keep]).await?;
        session.commit_noting(in_doubt).await?;
        Ok(Opened::Yes)
    }
}

const SPEND: &str = "INSERT INTO spent_challenges (account, challenge, token, expires) VALUES ($1, $2, $3, $4)
    ON CONFLICT (account, challenge) DO NOTHING";

const SPENT_BY: &str = "SELECT token FROM spent_challenges WHERE account = $1 AND challenge = $2 AND token = $3";

const INSERT: &str = "INSERT INTO sessions (account, token, member, write, expires) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (account, token) DO NOTHING";

const MAKE_WAY: &str = "DELETE FROM sessions WHERE account = $1 AND token IN (
    SELECT token FROM sessions WHERE account = $1 AND member = $2 ORDER BY expires DESC, token OFFSET $3)";

struct Admit {
    account: AccountId,
    token: TokenHash,
    now: Time,
}

impl Work for Admit {
    type Outcome = Option<Admission>;

    /// One statement, so one moment: a row for each hold, or one row without.
    async fn attempt(&mut self, session: &Session) -> Result<Option<Admission>, Failure> {
        let (account, token) = (self.account.as_bytes().as_slice(), self.token.as_bytes().as_slice());
        let rows = session.rows_of(ADMIT, &[&account, &token, &int(self.now.0)]).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let mut admission = admission(first)?;
        for row in &rows {
            if row.try_get::<_, Option<&[u8]>>(9)?.is_some() {
                admission.holds.push(Hold { device: device(row, 9)?, until: time(row, 10)? });
            }
        }
        Ok(Some(admission))
    }
}

fn admission(row: &Row) -> Result<Admission, Failure> {
    Ok(Admission {
        account: account(row, 0)?,
        member: device(row, 1)?,
        write: WritePublicKey::new(bytes(row, 2)?),
        expires: time(row, 3)?,
        heads: heads(row, 4)?,
        holds: Vec::new(),
    })
}

const ADMIT: &str = "SELECT s.account, s.member, s.write, s.expires,
        a.log_seq, a.log_id, a.vault_seq, a.vault_id, a.vault_log, h.device, h.until
    FROM sessions s JOIN accounts a ON a.account = s.account
        LEFT JOIN holds h ON h.account = s.account AND h.until > $3
    WHERE s.account = $1 AND s.token = $2 AND s.expires > $3";
