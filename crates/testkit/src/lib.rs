//! What tests of several devices stand on: seeded randomness, a clock that is moved by hand, an
//! in-memory server that is honest by the real rules, a store that survives crashes, and a
//! [`Fleet`] of engines over a network whose order, losses and lies a test decides. With the feature
//! `evil`, real clients against the real server, and between them one that is malicious.

#[cfg(feature = "evil")]
pub mod evil;
pub mod fleet;
mod rng;
mod server;
mod store;

pub use fleet::{Deed, Fleet, Wire};
pub use rng::seeded;
pub use server::ModelServer;
pub use store::MemoryStore;
