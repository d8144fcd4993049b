//! `roamkey-server invite`

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use roamkey_proto::{InvitationToken, Time};
use roamkey_server::{Limits, open};
use roamkey_server_store::{NewInvitation, TokenHash};

use super::{flags::Flags, wait};

/// Let one account start, on a server whose registration is by invitation
#[derive(Debug, clap::Args)]
pub(super) struct Invite {
    /// Days for which the invitation serves.
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    days: u32,
    /// Take back an invitation that nobody has used.
    #[arg(long, value_name = "TOKEN")]
    withdraw: Option<InvitationToken>,
    #[command(flatten)]
    flags: Flags,
}

impl Invite {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let database = self.flags.database()?;
        wait(async {
            let store = open(&database, &Limits::default()).await?;
            if let Some(token) = self.withdraw {
                let withdrawn = store.withdraw(TokenHash::of_invitation(&token)).await?;
                anyhow::ensure!(withdrawn, "there is no such invitation, or it was used");
                println!("withdrawn");
                return Ok(());
            }
            let mut bytes = [0; InvitationToken::LEN];
            getrandom::fill(&mut bytes).ok().context("no random bytes")?;
            let token = InvitationToken::new(bytes);
            let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
            let expires = Time(u64::try_from(now.as_millis())?).plus_millis(u64::from(self.days) * DAY_MS);
            store.invite(NewInvitation { token: TokenHash::of_invitation(&token), expires }).await?;
            // The token alone, so that a script can take it.
            println!("{token}");
            Ok(())
        })
    }
}

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
