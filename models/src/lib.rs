//! The trust log and its epochs, and a realm's guess counter, small enough that a checker tries every order of what can
//! happen.
//!
//! [`Chain`] has the rules of `spec/trust-log.md` and `spec/epochs.md` over device numbers and key numbers in place of
//! signatures and secrets; a test holds it against the real log. [`World`] lets honest devices, a stolen one and a server
//! on its side act in any order; its properties are what a person is promised. [`guesses`] is about realms.

mod chain;
pub mod guesses;
mod world;

pub use chain::{Chain, Device, Devices, Entry, Opened, Operation, Rules};
pub use world::{Action, Bounds, World};
