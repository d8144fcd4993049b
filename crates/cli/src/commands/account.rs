//! `roamkey account`

use serde_json::json;

use super::{locked, unlocked};
use crate::{Global, Report, explain::Explanation, prompt, report::date};

/// What to do with the account as a whole.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Action {
    /// Ask for its end: a week later the server deletes all that it holds of it.
    Close,
    /// Call its end off.
    Keep,
    /// Draw new keys for this device, so that copies of the old ones serve nobody.
    RenewKeys,
}

impl Action {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        match self {
            Self::Close => close(global).await,
            Self::Keep => {
                unlocked(global).await?.keep_account().await?;
                Ok(Report::new("The account stays.", json!({ "closing": null })))
            }
            Self::RenewKeys => {
                unlocked(global).await?.renew_keys().await?;
                Ok(Report::new("This device has new keys; the old ones serve nobody.", json!({ "renewed": true })))
            }
        }
    }
}

/// The passphrase is what verifies the person, for this very act.
async fn close(global: &Global) -> Result<Report, Explanation> {
    let passphrase = prompt::passphrase(global)?;
    let session = locked(global).await?.unlock(&passphrase).await?;
    session.close_account(&passphrase).await?;
    let at = session.closing().await?.map(|closing| closing.not_before).unwrap_or_default();
    let text = format!(
        "The account ends on {}. Until then every device shows it, and any calls it off with `roamkey account keep`.",
        date(at)
    );
    Ok(Report::new(text, json!({ "closing": at.0 })))
}
