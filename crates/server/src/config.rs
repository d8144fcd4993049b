use std::{net::SocketAddr, path::PathBuf, str::FromStr};

use roamkey_proto::limits;

/// What a server needs to know to start.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where to keep what it is given.
    pub database: Database,
    /// The origins that devices have configured for it; the address that it listens on if there is none.
    pub origins: Vec<String>,
    /// Whether the address of a client is the last one in `X-Forwarded-For`, as the proxy in front writes it.
    pub behind_proxy: bool,
    /// Who may start an account.
    pub registration: Registration,
    /// How much of everything.
    pub limits: Limits,
}

impl Config {
    /// Listens here, keeps things there, and leaves the rest as it is by default.
    #[must_use]
    pub fn new(listen: SocketAddr, database: Database) -> Self {
        Self {
            listen,
            database,
            origins: Vec::new(),
            behind_proxy: false,
            registration: Registration::Open,
            limits: Limits::default(),
        }
    }
}

/// Where a server keeps what it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Database {
    /// A SQLite file, made at the first start.
    Sqlite(PathBuf),
}

/// Text that names no database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a database is given as sqlite:PATH")]
pub struct DatabaseError;

impl FromStr for Database {
    type Err = DatabaseError;
    fn from_str(text: &str) -> Result<Self, DatabaseError> {
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            _ => Err(DatabaseError),
        }
    }
}

/// Who may start an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Registration {
    /// Anyone who reaches the server.
    Open,
    /// No one: the accounts that are there go on.
    Closed,
}

/// How much of everything. What the protocol itself limits is in [`roamkey_proto::limits`].
#[derive(Clone, Debug, clap::Args)]
pub struct Limits {
    /// Records that an account may hold.
    #[arg(long, default_value_t = limits::RECORDS)]
    pub records: u64,
    /// Bytes that the records of an account may take.
    #[arg(long, default_value_t = 1 << 30)]
    pub record_bytes: u64,
    /// Bytes that the database may take; as much as there is disk if not given.
    #[arg(long)]
    pub database_bytes: Option<u64>,
    /// Requests that a device may make at once.
    #[arg(long, default_value_t = 2_000)]
    pub device_burst: u32,
    /// Requests a second that a device may go on making.
    #[arg(long, default_value_t = 200)]
    pub device_rate: u32,
    /// Trust log entries, revocations aside, that an account may make at once.
    #[arg(long, default_value_t = 100)]
    pub entry_burst: u32,
    /// Trust log entries a minute, revocations aside, that an account may go on making.
    #[arg(long, default_value_t = 1)]
    pub entries_per_minute: u32,
    /// Sign-ins that an address may make at once.
    #[arg(long, default_value_t = 600)]
    pub sign_in_burst: u32,
    /// Sign-ins a second that an address may go on making.
    #[arg(long, default_value_t = 20)]
    pub sign_in_rate: u32,
    /// Accounts that an address may start at once.
    #[arg(long, default_value_t = 100)]
    pub account_burst: u32,
    /// Accounts a minute that an address may go on starting.
    #[arg(long, default_value_t = 10)]
    pub accounts_per_minute: u32,
    /// Pairing mailboxes that an address may open or claim at once.
    #[arg(long, default_value_t = 60)]
    pub mailbox_burst: u32,
    /// Pairing mailboxes a minute that an address may go on opening or claiming.
    #[arg(long, default_value_t = 30)]
    pub mailboxes_per_minute: u32,
    /// Mailbox messages, reads and writes, that an address may make at once.
    #[arg(long, default_value_t = 600)]
    pub message_burst: u32,
    /// Mailbox messages, reads and writes, a second that an address may go on making.
    #[arg(long, default_value_t = 20)]
    pub message_rate: u32,
    /// Sessions that a device may have open; the oldest give way.
    #[arg(long, default_value_t = 8)]
    pub sessions: u32,
    /// Wake-up sockets that a device may have open.
    #[arg(long, default_value_t = 4)]
    pub sockets: u32,
    /// Connections open at the same time, sockets included; others wait.
    #[arg(long, default_value_t = 12_000)]
    pub connections: usize,
    /// Seconds in which the head and the body of a request have to be here, each.
    #[arg(long, default_value_t = 15)]
    pub request_seconds: u64,
    /// Seconds between pings on a wake-up socket; one that is silent for three of them is closed.
    #[arg(long, default_value_t = 30)]
    pub ping_seconds: u64,
    /// Verified trust logs kept in memory.
    #[arg(long, default_value_t = 1_000)]
    pub cached_logs: usize,
}

impl Default for Limits {
    fn default() -> Self {
        /// The flags and nothing else, so that each default is written once.
        #[derive(clap::Parser)]
        struct Flags {
            #[command(flatten)]
            limits: Limits,
        }
        <Flags as clap::Parser>::parse_from(["limits"]).limits
    }
}
