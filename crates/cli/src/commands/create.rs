//! `roamkey create`

use roamkey_client::{Error, ServerUrl};
use roamkey_proto::InvitationToken;
use serde_json::json;

use super::{machine_name, send, vacant};
use crate::{Global, Report, explain::Explanation, prompt};

/// `roamkey create --server URL`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The server's address.
    #[arg(long, value_name = "URL")]
    server: String,
    /// What whoever runs the server gave you, if it asks for an invitation.
    #[arg(long, value_name = "TOKEN")]
    invitation: Option<InvitationToken>,
    /// What your other devices will call this one.
    #[arg(long)]
    name: Option<String>,
}

impl Arguments {
    pub(super) async fn run(&self, global: &Global) -> Result<Report, Explanation> {
        let vacant = vacant(global).await?;
        let server: ServerUrl = self.server.parse().map_err(Error::Server)?;
        let passphrase = prompt::new_passphrase(global.passphrase_file.as_deref())?;
        let name = self.name.clone().unwrap_or_else(machine_name);
        let session = vacant.create_invited(&server, &passphrase, &name, self.invitation.as_ref()).await?;
        let home = session.home();
        let text = format!("Created account {}\non {}, with this device as `{name}`.", home.account, home.server);
        let json = json!({
            "account": home.account.to_string(),
            "device": home.device.to_string(),
            "server": home.server.to_string(),
            "name": name,
        });
        let advice = "\nIf every device is lost, a kit brings it back: `roamkey recovery set kit`.";
        send(&session, Report::new(text + advice, json)).await
    }
}
