//! `roamkey-server serve`

use std::io::{Write, stdout};

use anyhow::Context;
use roamkey_server::{Config, start};
use tokio::signal::unix::{SignalKind, signal};

use super::{flags::Flags, logging};

/// Serve until told to stop
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    flags: Flags,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let config = self.flags.config()?;
        logging::start(config.log_format, &config.log)?;
        // Blocking threads only read the database, which has four connections for it.
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(8).build()?;
        runtime.block_on(serve(config))
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    config.warnings().into_iter().for_each(|warning| tracing::warn!("{warning}"));
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let running = start(config).await.context("cannot start")?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "serving");
    writeln!(stdout(), "listening on {}", running.url())?;
    stdout().flush()?;
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hang_up.recv() => running.reload(),
        }
    }
    tracing::info!("stopping");
    running.shutdown().await;
    Ok(())
}
