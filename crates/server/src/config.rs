//! What a server needs to know to start, and where it is told.

mod given;
mod limits;
mod settings;

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr};

use tracing_subscriber::EnvFilter;

use crate::Clock;

pub use self::{
    given::{ConfigError, Given, LogFormat, Source},
    limits::Limits,
    settings::{SETTINGS, Setting},
};

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
    /// The certificate for TLS in this process.
    pub tls: Option<TlsFiles>,
    /// Whether plain HTTP may be spoken beyond this machine without a proxy in front.
    pub plain_http: bool,
    /// Where to answer those who measure: metrics and health, for the operator alone.
    pub metrics: Option<SocketAddr>,
    /// Where to note how far the trust logs are, apart from the database and its backups.
    pub journal: Option<PathBuf>,
    /// A NATS server that carries wake-ups between instances.
    pub nats: Option<String>,
    /// Who may start an account.
    pub registration: Registration,
    /// How log lines look.
    pub log_format: LogFormat,
    /// What is logged.
    pub log: String,
    /// How much of everything.
    pub limits: Limits,
    /// Where the time is read.
    pub clock: Clock,
}

/// A certificate and its key, each in a PEM file. Both are read again when they change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate chain, the server's own first.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
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
            tls: None,
            plain_http: false,
            metrics: None,
            journal: None,
            nats: None,
            registration: Registration::Open,
            log_format: LogFormat::Text,
            log: settings::LOG.to_owned(),
            limits: Limits::default(),
            clock: Clock::system(),
        }
    }

    /// Reads everything that was given.
    ///
    /// # Errors
    /// All that is wrong, together: nobody corrects one line to learn of the next.
    pub fn read(given: &mut Given) -> Result<Self, Vec<ConfigError>> {
        let database = given.require("database");
        let listen = given.take("listen").unwrap_or(settings::LISTEN);
        let config = Self {
            listen,
            origins: given.take_all("origin"),
            behind_proxy: given.switch("behind-proxy"),
            tls: tls(given),
            plain_http: given.switch("plain-http"),
            metrics: given.take("metrics"),
            journal: given.take("journal"),
            nats: given.take("nats"),
            registration: given.take("registration").unwrap_or(Registration::Open),
            log_format: given.take("log-format").unwrap_or(LogFormat::Text),
            log: given.take("log").unwrap_or_else(|| settings::LOG.to_owned()),
            limits: Limits::read(given),
            clock: Clock::system(),
            // What is missing is an error below; nobody gets a config with this.
            database: database.unwrap_or_else(|| Database::Sqlite(PathBuf::new())),
        };
        config.check(given);
        given.finish().map(|()| config)
    }

    /// Returns what starts and is probably not what the operator wants.
    #[must_use]
    pub fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        let is_public = self.origins.iter().any(|origin| origin.starts_with("https:"));
        if is_public && self.tls.is_none() && !self.behind_proxy {
            warnings.push(
                "origins are https, TLS is not spoken here, and behind-proxy is not set: behind a proxy, all clients \
                 share one address and its limits",
            );
        }
        if self.plain_http && self.tls.is_none() && !self.behind_proxy && !self.listen.ip().is_loopback() {
            warnings.push("speaking plain HTTP beyond this machine: clients refuse that");
        }
        if self.metrics.is_some_and(|address| !address.ip().is_loopback()) {
            warnings.push("metrics are answered beyond this machine, to anyone who reaches them");
        }
        warnings
    }

    fn check(&self, given: &mut Given) {
        for origin in &self.origins {
            if let Err(reason) = check_origin(origin) {
                given.refuse("origin", reason);
            }
        }
        let is_private = self.listen.ip().is_loopback() || self.behind_proxy || self.plain_http;
        if self.tls.is_none() && !is_private {
            given.refuse(
                "listen",
                "plain HTTP beyond this machine: give tls-certificate and tls-key, or behind-proxy with a proxy that \
                 speaks TLS, or plain-http",
            );
        }
        if self.tls.is_some() && self.behind_proxy {
            given.refuse("behind-proxy", "TLS ends either here or in the proxy, not in both");
        }
        if let Err(error) = EnvFilter::builder().parse(&self.log) {
            given.refuse("log", &error.to_string());
        }
        if self.metrics == Some(self.listen) && self.listen.port() != 0 {
            given.refuse("metrics", "this is where the server itself listens");
        }
        if self.journal.is_some() && matches!(self.database, Database::Postgres(_)) {
            given.refuse(
                "journal",
                "PostgreSQL archives its own log, up to the last moment, and serves several instances",
            );
        }
        if self.nats.is_some() && matches!(self.database, Database::Sqlite(_)) {
            given.refuse("nats", "SQLite serves one instance, which needs nobody to carry its wake-ups");
        }
    }
}

/// Reads where the certificate is: both files or none.
fn tls(given: &mut Given) -> Option<TlsFiles> {
    match (given.take("tls-certificate"), given.take("tls-key")) {
        (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
        (None, None) => None,
        (Some(_), None) => {
            given.refuse("tls-key", "missing: a certificate needs its key");
            None
        }
        (None, Some(_)) => {
            given.refuse("tls-certificate", "missing: a key needs its certificate");
            None
        }
    }
}

/// Devices sign their server's origin, letter by letter, so that one in another form admits nobody.
fn check_origin(origin: &str) -> Result<(), &'static str> {
    let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let authority = rest.ok_or("an origin starts with https:// or http://")?.trim_end_matches('/');
    let is_plain =
        authority.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b':' | b'[' | b']'));
    if authority.is_empty() || !is_plain {
        return Err("an origin is a scheme, a host in lower case, and a port where it is not the usual one");
    }
    if (origin.starts_with("https://") && authority.ends_with(":443"))
        || (origin.starts_with("http://") && authority.ends_with(":80"))
    {
        return Err("an origin leaves out the usual port");
    }
    Ok(())
}

/// Where a server keeps what it is given.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Database {
    /// A SQLite file, made at the first start.
    Sqlite(PathBuf),
    /// A PostgreSQL database, by its URL.
    Postgres(String),
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            // The URL may hold a password.
            Self::Postgres(_) => f.write_str("Postgres(redacted)"),
        }
    }
}

/// Text that names no database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a database is given as sqlite:PATH or postgres://USER@HOST/NAME")]
pub struct DatabaseError;

impl FromStr for Database {
    type Err = DatabaseError;
    fn from_str(text: &str) -> Result<Self, DatabaseError> {
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            None if text.starts_with("postgres://") || text.starts_with("postgresql://") => {
                Ok(Self::Postgres(text.to_owned()))
            }
            _ => Err(DatabaseError),
        }
    }
}

/// Who may start an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Anyone who reaches the server.
    Open,
    /// Whoever holds an invitation: see `roamkey-server invite`.
    Invitation,
    /// No one: the accounts that are there go on.
    Closed,
}

impl FromStr for Registration {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "open" => Ok(Self::Open),
            "invitation" => Ok(Self::Invitation),
            "closed" => Ok(Self::Closed),
            _ => Err("registration is open, invitation or closed"),
        }
    }
}

#[cfg(test)]
mod tests;
