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
    /// How long a listener may be silent before it is asked whether it still hears, and then to answer.
    pub listener_silence: Duration,
    /// Whether to bring the database to the newest schema: for the server at its start alone.
    pub migrate: bool,
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
        if config.get_keepalives_idle() == DRIVERS_IDLE {
            config.keepalives_idle(KEEPALIVE).keepalives_interval(KEEPALIVE).keepalives_retries(2);
        }
        Ok(Self {
            config,
            authorities: None,
            connections: 20,
            patience: PATIENCE,
            try_time: TRY_TIME,
            listener_silence: SILENCE,
            migrate: true,
        })
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

/// How long a connection that nobody uses may be silent before the system asks whether the other end is there, and how
/// long it waits for each of two answers.
const KEEPALIVE: Duration = Duration::from_secs(10);

/// The driver's own choice, which is the system's: a host that went away is noticed after two hours.
const DRIVERS_IDLE: Duration = Duration::from_secs(2 * 60 * 60);

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
    fn a_host_that_goes_away_is_noticed_within_the_minute() {
        let idle = |text: &str| text.parse::<Options>().unwrap().config.get_keepalives_idle();
        assert_eq!(idle("postgres://u@db.example.org/d"), KEEPALIVE);
        assert_eq!(idle("postgres://u@db.example.org/d?keepalives_idle=90"), Duration::from_secs(90));
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
