use roamkey_proto::{AccountId, Time};
use roamkey_server_store::{Answer, Invitations, NewInvitation, TokenHash};
use rusqlite::params;

use crate::{SqliteStore, row::int};

impl Invitations for SqliteStore {
    fn invite(&self, invitation: NewInvitation) -> Answer<'_, ()> {
        Box::pin(self.writer.write(move |connection| {
            connection
                .prepare_cached("INSERT INTO invitations (token, expires) VALUES (?1, ?2)")?
                .execute(params![invitation.token.as_bytes(), int(invitation.expires.0)])
                .map(drop)
        }))
    }

    fn redeem(&self, token: TokenHash, account: AccountId, now: Time) -> Answer<'_, bool> {
        Box::pin(self.writer.write(move |connection| {
            let redeemed = connection
                .prepare_cached(
                    "UPDATE invitations SET account = ?2
                     WHERE token = ?1 AND (account IS NULL AND expires > ?3 OR account = ?2)",
                )?
                .execute(params![token.as_bytes(), account.as_bytes(), int(now.0)])?;
            Ok(redeemed == 1)
        }))
    }

    fn withdraw(&self, token: TokenHash) -> Answer<'_, bool> {
        Box::pin(self.writer.write(move |connection| {
            let withdrawn = connection
                .prepare_cached("DELETE FROM invitations WHERE token = ?1 AND account IS NULL")?
                .execute([token.as_bytes()])?;
            Ok(withdrawn == 1)
        }))
    }
}
