use std::{fmt, net::IpAddr, path::PathBuf, str::FromStr, time::Duration};

use tokio_postgres::config::{Config, Host, SslMode, TargetSessionAttrs};

/// How to reach a database.
#[derive(Clone)]
pub struct Options {
    pub(crate) config: Config,
    /// Certificates of the authorities that vouch for the database, as PEM; the system's if none is given.
    pub authorities: Option<PathBuf>,
    /// Connections at the same time.
    pub connections: usize,
    /// How long a change is tried again before it is refused: as long as a fail-over takes.
    pub patience: Duration,
    /// How long one try may take before its connection is given up.
    pub try_time: Duration,
}

/// Text that is no address of a database.
#[derive(Debug, thiserror::Error)]
#[error("a database is given as postgres://USER@HOST:PORT/NAME, with several hosts if there is a standby")]
pub struct OptionsError(#[source] tokio_postgres::Error);

impl FromStr for Options {
    type Err = OptionsError;

    /// Reads an address as `psql` does: `postgres://user@host1,host2/name?sslmode=require`, or
    /// `host=/run/postgresql dbname=name`.
    fn from_str(text: &str) -> Result<Self, OptionsError> {
        let mut config: Config = text.parse().map_err(OptionsError)?;
        // Of several hosts only the one that takes writes serves: after a fail-over it is another.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        if config.get_application_name().is_none() {
            config.application_name("roamkey-server");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIME);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        // The driver's default would try TLS and go on without: as good as none.
        if config.get_ssl_mode() == SslMode::Prefer {
            let near = config.get_hosts().iter().all(is_near);
            config.ssl_mode(if near { SslMode::Disable } else { SslMode::Require });
        }
        Ok(Self { config, authorities: None, connections: 20, patience: PATIENCE, try_time: TRY_TIME })
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password.
        f.debug_struct("Options").field("connections", &self.connections).finish_non_exhaustive()
    }
}

/// Whether a connection to the host never leaves the machine.
fn is_near(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback()),
    }
}

/// How long one host may take to answer a connection.
const CONNECT_TIME: Duration = Duration::from_secs(3);

/// After how long a host that does not acknowledge what was sent counts as gone.
const SILENCE: Duration = Duration::from_secs(10);

const PATIENCE: Duration = Duration::from_secs(20);

const TRY_TIME: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn what_leaves_the_machine_is_encrypted_unless_said_otherwise() {
        let mode = |text: &str| text.parse::<Options>().unwrap().config.get_ssl_mode();
        assert_eq!(mode("postgres://u@db.example.org/d"), SslMode::Require);
        assert_eq!(mode("postgres://u@localhost,db.example.org/d"), SslMode::Require);
        assert_eq!(mode("postgres://u@db.example.org/d?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("postgres://u@127.0.0.1,localhost/d"), SslMode::Disable);
        assert_eq!(mode("host=/run/postgresql dbname=d"), SslMode::Disable);
    }

    #[test]
    fn the_password_is_not_shown() {
        let options: Options = "postgres://user:hunter2@localhost/d".parse().unwrap();
        assert!(!format!("{options:?}").contains("hunter2"));
    }

    #[test]
    fn other_text_is_no_address() {
        assert!("mysql://localhost".parse::<Options>().is_err());
    }
}
