//! A malicious server, and the world that it is let loose on.
//!
//! An [`EvilServer`] stands between real clients and the real server, behind the same
//! [`Transport`](roamkey_client::Transport): it sees every byte, and a [`Lie`] decides what becomes of a request and
//! what comes back. It can go back to an older state and show each device another history, as whoever runs the server
//! can. A [`World`] is an account with its devices, its clock and an [`Oracle`], a plain list of what honest devices
//! wrote. However a test ends, [`World::end`] makes the same assertions: nothing secret was seen, no device shows what
//! nobody wrote, nothing regressed, nobody but members was given a key, and service resumes.

#![expect(clippy::indexing_slicing, clippy::panic, reason = "a harness of tests fails by panicking")]

mod canary;
mod clock;
mod device;
mod exchange;
pub mod fleet;
mod honest;
mod keyring;
pub mod lies;
mod oracle;
mod server;
mod world;

pub use self::{
    canary::Canaries,
    device::{Device, Disk, EvilHost, Wire, joined, paired, passphrase, vacant},
    exchange::{Answer, Ask, Endpoint},
    keyring::{KeyRing, forged_epoch_key},
    lies::Lie,
    oracle::Oracle,
    server::{EvilServer, Snapshot},
    world::{Ending, Seen, World},
};
