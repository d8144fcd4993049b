//! The engine over a network that tests decide: what several devices hold, and what they refuse.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod attacks;
mod convergence;
mod cost;
mod crashes;
mod healing;
mod items;
mod keys;
mod members;
mod offline;
mod recovery;
mod rekeying;
mod repair;
mod restores;
mod rogue;
mod shut_out;
mod vault;
mod witness;
