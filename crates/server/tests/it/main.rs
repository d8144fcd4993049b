//! The server from outside: real HTTP, real signatures, made-up ciphertext.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod account;
mod device;
mod http;
mod server;

mod accounts;
mod chains;
mod clocks;
mod closing;
mod command_line;
mod described;
mod disks;
mod durability;
mod export;
mod faults;
mod full_disk;
mod heartbeats;
mod hostile;
mod instances;
mod journal;
mod log;
mod mailboxes;
mod pull;
mod push;
mod recovery;
mod restore;
mod sessions;
mod soak;
mod sockets;
mod tls;
mod wake;
mod watching;
mod write_points;
