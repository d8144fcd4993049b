#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod arbitration;
mod client;
mod hostile;
mod initialization;
mod processing;
