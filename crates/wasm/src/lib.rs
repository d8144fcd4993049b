//! The core for browsers: converts types, decides nothing.
//!
//! The background worker opens one `Core` over a `Host` that forwards to the browser, and asks
//! it with the [`messages`]. What a request means is in `roamkey-client` and below.

#[cfg(target_arch = "wasm32")]
mod browser;
mod convert;
mod core;
pub mod messages;

pub use core::{Browser, Core};
