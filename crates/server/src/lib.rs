//! The sync server: it keeps sealed bytes and signed chains, and opens none of them.
//!
//! It verifies what its own store must not be filled with: entries, commits and sessions by devices
//! that are active. It does not link the code that decrypts. [`start`] runs it in this process;
//! `roamkey-server serve` does the same from the command line.

mod body;
mod caller;
mod chains;
mod challenge;
mod clock;
mod config;
mod connections;
mod deletion;
mod endpoints;
mod export;
mod journal;
mod logs;
mod metrics;
mod openapi;
mod operation;
mod path;
mod places;
mod rate;
mod receipts;
mod refusal;
mod running;
mod state;
mod wake;

pub use chains::{ChainReport, check_chains};
pub use clock::Clock;
pub use config::{
    Config, ConfigError, Database, Given, Limits, LogFormat, Registration, SETTINGS, Setting, Source, TlsFiles,
};
pub use connections::TlsError;
pub use export::{Export, ExportError};
pub use openapi::openapi;
pub use running::{DatabaseOpenError, Running, StartError, open, start};
