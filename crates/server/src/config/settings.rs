use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::limits::LIMITS;

/// Something that can be set: by a flag, by a variable, in a file, under one name.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name, with underscores.
    pub(super) field: &'static str,
    /// What a value is called; a switch has none.
    pub value: &'static str,
    /// What it does, as it is written beside its definition.
    pub(super) help: &'static str,
    /// What it is when nobody says, if there is such a value.
    pub default: Option<&'static str>,
}

impl Setting {
    /// Returns the name in files; the flag is the same after two dashes.
    #[must_use]
    pub fn name(&self) -> String {
        self.field.replace('_', "-")
    }

    /// Returns the name of the environment variable.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("{VARIABLES}{}", self.field.to_uppercase())
    }

    /// Returns what it does, in a sentence or two.
    #[must_use]
    pub fn help(&self) -> &'static str {
        self.help.trim()
    }

    /// Tells whether it is on or off and has no value.
    #[must_use]
    pub fn is_switch(&self) -> bool {
        self.value.is_empty()
    }

    /// Tells whether it may be given more than once.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.field == "origin"
    }

    /// Finds a setting by its name in files.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        SETTINGS.iter().copied().flatten().find(|setting| setting.name() == name)
    }
}

/// Everything that can be set: how the server runs, then how much it takes.
pub const SETTINGS: [&[Setting]; 2] = [SERVER, LIMITS];

const SERVER: &[Setting] = &[
    Setting { field: "listen", value: "ADDRESS", help: "Where to listen.", default: Some("127.0.0.1:8800") },
    Setting {
        field: "database",
        value: "URL",
        help: "Where to keep what it is given: sqlite:PATH, or postgres://USER@HOST/NAME.",
        default: None,
    },
    Setting {
        field: "origin",
        value: "URL",
        help: "An address by which devices reach the server, such as https://roamkey.example.org. They sign it when they \
               sign in, so it is theirs to the letter. May be repeated; without one it is the address that the server \
               listens on.",
        default: None,
    },
    Setting {
        field: "behind_proxy",
        value: "",
        help: "Take the address of a client from the last one in X-Forwarded-For. Only behind a proxy that sets it.",
        default: None,
    },
    Setting {
        field: "tls_certificate",
        value: "PATH",
        help: "Speak TLS with the certificate chain in this PEM file; it is read again when it changes, and on SIGHUP.",
        default: None,
    },
    Setting { field: "tls_key", value: "PATH", help: "The certificate's private key, a PEM file.", default: None },
    Setting {
        field: "plain_http",
        value: "",
        help: "Speak plain HTTP beyond this machine, with no proxy in front. Clients refuse that; it is for closed networks \
               of a test.",
        default: None,
    },
    Setting {
        field: "metrics",
        value: "ADDRESS",
        help: "Answer /metrics, /healthz and /readyz here as well, for those who watch the server.",
        default: None,
    },
    Setting {
        field: "journal",
        value: "PATH",
        help: "Note here how far the trust logs are, in a file that no backup of the database holds, better on another disk. A \
               database that is restored is then not written to before devices have given back the entries that it lacks.",
        default: None,
    },
    Setting {
        field: "nats",
        value: "URL",
        help: "Carry wake-ups between several instances by this NATS server; without it PostgreSQL does.",
        default: None,
    },
    Setting {
        field: "registration",
        value: "WHO",
        help: "Who may start an account: open, invitation (see the command invite) or closed.",
        default: Some("open"),
    },
    Setting {
        field: "log_format",
        value: "FORMAT",
        help: "How log lines look on standard error: text or json.",
        default: Some("text"),
    },
    Setting {
        field: "log",
        value: "FILTER",
        help: "What is logged: error, warn, info, debug, or a filter such as info,roamkey_server=debug.",
        default: Some(LOG),
    },
];

/// What is logged when nobody says.
pub(super) const LOG: &str = "info";

/// Where the server listens when nobody says.
pub(super) const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8800);

/// How the names of variables start.
pub(super) const VARIABLES: &str = "ROAMKEY_SERVER_";
