//! `roamkey-server export`

use std::{
    io::{Write, stdout},
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Context;
use roamkey_proto::{AccountId, Time};
use roamkey_server::{Limits, open};

use super::{flags::Flags, wait};

/// Write everything that is kept of an account to standard output, as a member can read it
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// Whose.
    account: AccountId,
    #[command(flatten)]
    flags: Flags,
}

impl Export {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let database = self.flags.database()?;
        wait(async {
            let store = open(&database, &Limits::default()).await?;
            let heads = store.heads(self.account).await?.context("there is no such account")?;
            let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
            let now = Time(u64::try_from(now.as_millis())?);
            let mut export = roamkey_server::Export::new(Arc::clone(&store), self.account, heads, now);
            while let Some(page) = export.next().await? {
                stdout().write_all(&page)?;
            }
            Ok(stdout().flush()?)
        })
    }
}
