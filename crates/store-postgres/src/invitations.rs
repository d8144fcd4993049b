use roamkey_proto::{AccountId, Time};
use roamkey_server_store::{Answer, Invitations, NewInvitation, TokenHash};

use crate::{PostgresStore, failure::Failure, row::int, session::Session, work::Work};

impl Invitations for PostgresStore {
    fn invite(&self, invitation: NewInvitation) -> Answer<'_, ()> {
        self.run(Invite(invitation))
    }

    fn redeem(&self, token: TokenHash, account: AccountId, now: Time) -> Answer<'_, bool> {
        self.run(Redeem { token, account, now })
    }

    fn withdraw(&self, token: TokenHash) -> Answer<'_, bool> {
        self.run(Withdraw(token))
    }
}

struct Invite(NewInvitation);

impl Work for Invite {
    type Outcome = ();

    async fn attempt(&mut self, session: &Session) -> Result<(), Failure> {
        let token = self.0.token.as_bytes().as_slice();
        // A token is drawn once: one that is there is ours, from a try whose answer was lost.
        let sql = "INSERT INTO invitations (token, expires) VALUES ($1, $2) ON CONFLICT (token) DO NOTHING";
        session.execute_one(sql, &[&token, &int(self.0.expires.0)]).await?;
        Ok(())
    }
}

struct Redeem {
    token: TokenHash,
    account: AccountId,
    now: Time,
}

impl Work for Redeem {
    type Outcome = bool;

    async fn attempt(&mut self, session: &Session) -> Result<bool, Failure> {
        let (token, account) = (self.token.as_bytes().as_slice(), self.account.as_bytes().as_slice());
        let redeemed = session
            .execute_one(
                "UPDATE invitations SET account = $2
                 WHERE token = $1 AND ((account IS NULL AND expires > $3) OR account = $2)",
                &[&token, &account, &int(self.now.0)],
            )
            .await?;
        Ok(redeemed == 1)
    }
}

struct Withdraw(TokenHash);

impl Work for Withdraw {
    type Outcome = bool;

    async fn attempt(&mut self, session: &Session) -> Result<bool, Failure> {
        let token = self.0.as_bytes().as_slice();
        let sql = "DELETE FROM invitations WHERE token = $1 AND account IS NULL";
        Ok(session.execute_one(sql, &[&token]).await? == 1)
    }
}
