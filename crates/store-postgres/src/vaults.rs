mod pull;
mod push;
mod restore;
mod tree;

use roamkey_proto::AccountId;
use roamkey_server_store::{Answer, NewCommit, NewRestore, PullQuery, Pulled, Pushed, Restored, Restores, Vaults};

use crate::PostgresStore;

impl Vaults for PostgresStore {
    fn push(&self, commit: NewCommit) -> Answer<'_, Pushed> {
        self.run(push::Push(commit))
    }

    fn pull(&self, query: PullQuery) -> Answer<'_, Pulled> {
        self.run(pull::Pull(query))
    }

    fn tree(&self, account: AccountId) -> Answer<'_, Vec<(Vec<u8>, Vec<u8>)>> {
        self.run(tree::Resting(account))
    }
}

impl Restores for PostgresStore {
    fn restore(&self, restore: NewRestore) -> Answer<'_, Restored> {
        self.run(restore::Restore::new(restore))
    }
}
