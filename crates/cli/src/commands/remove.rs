//! `roamkey remove`

use serde_json::json;

use super::{find_item, hex, send, unlocked};
use crate::{Global, Report, explain::Explanation};

/// `roamkey remove ITEM`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Its title, or the beginning of its identifier.
    item: String,
    /// Destroy it for good, on every device.
    #[arg(long)]
    forever: bool,
    /// Take it out of the trash instead.
    #[arg(long, conflicts_with = "forever")]
    restore: bool,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let session = unlocked(global).await?;
        let item = find_item(&session, &self.item).await?;
        let done = if self.forever {
            session.purge(item.id).await?;
            "Destroyed"
        } else if self.restore {
            session.restore(item.id).await?;
            "Took back"
        } else {
            session.trash(item.id).await?;
            "Put into the trash:"
        };
        send(&session, Report::new(format!("{done} `{}`.", item.title), json!({ "id": hex(item.id) }))).await
    }
}
