//! `roamkey passphrase`

use std::path::PathBuf;

use serde_json::json;

use super::locked;
use crate::{Global, Report, explain::Explanation, prompt};

/// `roamkey passphrase`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Read the new passphrase from a file instead of asking for it.
    #[arg(long, value_name = "PATH")]
    new_passphrase_file: Option<PathBuf>,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let locked = locked(global).await?;
        let old = prompt::passphrase(global)?;
        let session = locked.unlock(&old).await?;
        let new = prompt::new_passphrase(self.new_passphrase_file.as_deref())?;
        session.change_passphrase(&old, &new).await?;
        Ok(Report::new("The new passphrase unlocks this device from now on.", json!({})))
    }
}
