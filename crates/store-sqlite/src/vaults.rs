mod pull;
mod push;
mod restore;
mod tree;

use roamkey_proto::AccountId;
use roamkey_server_store::{Answer, NewCommit, NewRestore, PullQuery, Pulled, Pushed, Restored, Restores, Vaults};

use crate::SqliteStore;

impl Vaults for SqliteStore {
    fn push(&self, commit: NewCommit) -> Answer<'_, Pushed> {
        Box::pin(self.writer.write(move |connection| push::push(connection, &commit)))
    }

    fn pull(&self, query: PullQuery) -> Answer<'_, Pulled> {
        Box::pin(self.readers.read(move |connection| pull::pull(connection, &query)))
    }

    fn tree(&self, account: AccountId) -> Answer<'_, Vec<(Vec<u8>, Vec<u8>)>> {
        Box::pin(self.readers.read(move |connection| tree::resting(connection, account)))
    }
}

impl Restores for SqliteStore {
    fn restore(&self, restore: NewRestore) -> Answer<'_, Restored> {
        Box::pin(self.writer.write(move |connection| restore::restore(connection, &restore)))
    }
}
