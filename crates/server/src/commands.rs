//! What the program does, a file a command.

mod backup;
mod check;
mod config;
mod export;
mod flags;
mod forget;
mod invite;
mod logging;
mod serve;

use clap::{Parser, Subcommand};

/// The Roamkey sync server: keeps sealed vaults, and opens none.
#[derive(Debug, Parser)]
#[command(name = "roamkey-server", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Config(config::Config),
    Invite(invite::Invite),
    Export(export::Export),
    Check(check::Check),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Forget(forget::Forget),
    /// Print the OpenAPI document of all endpoints
    Openapi,
}

impl Arguments {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(command) => command.run(),
            Command::Config(command) => command.run(),
            Command::Invite(command) => command.run(),
            Command::Export(command) => command.run(),
            Command::Check(command) => command.run(),
            Command::Backup(command) => command.run(),
            Command::Restore(command) => command.run(),
            Command::Forget(command) => command.run(),
            Command::Openapi => {
                println!("{:#}", roamkey_server::openapi());
                Ok(())
            }
        }
    }
}

/// Runs what waits for a database, on a small runtime.
fn wait<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
