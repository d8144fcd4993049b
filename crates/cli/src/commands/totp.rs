//! `roamkey totp`

use roamkey_interchange::otp::Totp;
use roamkey_vault::Content;
use serde_json::json;

use super::{find_item, unlocked};
use crate::{Global, Report, explain::Explanation};

/// `roamkey totp ITEM`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The login: its title, or the beginning of its identifier.
    item: String,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let session = unlocked(global).await?;
        let found = session.item(find_item(&session, &self.item).await?.id).await?;
        let totp = match &found.item.content {
            // Exposed to make the code that the person asked for.
            Content::Login(login) => login.totp.as_ref().and_then(|totp| Totp::parse(totp.expose()).ok()),
            _ => None,
        };
        let totp = totp.ok_or_else(|| Explanation::no_codes(&self.item))?;
        let (code, seconds) = totp.code(session.now());
        Ok(Report::new(format!("{} ({seconds} s)", *code), json!({ "code": *code, "seconds": seconds })))
    }
}
