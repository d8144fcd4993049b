//! `roamkey-server forget`

use anyhow::Context;
use roamkey_proto::AccountId;
use roamkey_store_sqlite::Journal;

use super::{flags::Flags, wait};

/// Let an account go on from where a restored database has it, though its journal says that more was there
///
/// For an account whose devices are all gone that could give the rest back. A device that was removed since the backup is a
/// member again. The server must not run.
#[derive(Debug, clap::Args)]
pub(super) struct Forget {
    /// Which.
    account: AccountId,
    #[command(flatten)]
    flags: Flags,
}

impl Forget {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let journal = self.flags.config()?.journal.context("no journal is set")?;
        anyhow::ensure!(journal.exists(), "there is no journal at {}", journal.display());
        wait(async {
            let forgotten = Journal::open(&journal)?.forget(self.account).await?;
            anyhow::ensure!(forgotten, "the journal knows nothing of this account");
            println!("forgotten");
            Ok(())
        })
    }
}
