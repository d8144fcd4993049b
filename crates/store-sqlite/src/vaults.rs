mod pull;
mod push;

use roamkey_server_store::{Answer, NewCommit, PullQuery, Pulled, Pushed, Vaults};

use crate::SqliteStore;

impl Vaults for SqliteStore {
    fn push(&self, commit: NewCommit) -> Answer<'_, Pushed> {
        Box::pin(self.writer.write(move |connection| push::push(connection, &commit)))
    }

    fn pull(&self, query: PullQuery) -> Answer<'_, Pulled> {
        Box::pin(self.readers.read(move |connection| pull::pull(connection, &query)))
    }
}
