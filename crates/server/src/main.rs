//! The sync server's command line.

use std::{
    io::{IsTerminal, Write, stderr, stdout},
    net::SocketAddr,
};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use roamkey_server::{Config, Database, Limits, Registration, start};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// The Roamkey sync server: keeps sealed vaults, and opens none.
#[derive(Debug, Parser)]
#[command(name = "roamkey-server", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until told to stop.
    Serve(Box<Serve>),
}

#[derive(Debug, Args)]
struct Serve {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8800")]
    listen: SocketAddr,
    /// Where to keep what it is given: sqlite:PATH.
    #[arg(long)]
    database: Database,
    /// An address by which devices reach the server, such as https://roamkey.example.org; may be
    /// repeated. Without one it is the address that it listens on.
    #[arg(long = "origin", value_name = "URL")]
    origins: Vec<String>,
    /// Take the address of a client from the last one in X-Forwarded-For. Only behind a proxy that sets it.
    #[arg(long)]
    behind_proxy: bool,
    /// Who may start an account.
    #[arg(long, value_enum, default_value = "open")]
    registration: Registration,
    #[command(flatten)]
    limits: Limits,
}

fn main() -> anyhow::Result<()> {
    let Arguments { command: Command::Serve(serve) } = Arguments::parse();
    let filter = EnvFilter::try_from_env("ROAMKEY_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_ansi(stderr().is_terminal()).init();
    // Blocking threads only read the database, which has four connections for it.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(8).build()?;
    runtime.block_on(run(*serve))
}

async fn run(serve: Serve) -> anyhow::Result<()> {
    if !serve.listen.ip().is_loopback() {
        tracing::warn!("listening beyond this machine without TLS: put a proxy with TLS in front");
    }
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let running = start(serve.into()).await.context("cannot start")?;
    writeln!(stdout(), "listening on {}", running.url())?;
    stdout().flush()?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    running.shutdown().await;
    Ok(())
}

impl From<Serve> for Config {
    fn from(serve: Serve) -> Self {
        Self {
            listen: serve.listen,
            database: serve.database,
            origins: serve.origins,
            behind_proxy: serve.behind_proxy,
            registration: serve.registration,
            limits: serve.limits,
        }
    }
}
