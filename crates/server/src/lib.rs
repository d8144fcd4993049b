//! The sync server: it keeps sealed bytes and signed chains, and opens none of them.
//!
//! It verifies what its own store must not be filled with: entries, commits and sessions by devices
//! that are active. It does not link the code that decrypts. [`start`] runs it in this process;
//! `roamkey-server serve` does the same from the command line.

mod body;
mod caller;
mod challenge;
mod config;
mod connections;
mod endpoints;
mod logs;
mod path;
mod rate;
mod receipts;
mod refusal;
mod running;
mod state;
mod wake;

pub use config::{Config, Database, Limits, Registration};
pub use running::{Running, StartError, start};
