//! How this crate uses its primitives: one way each.

pub(crate) mod context;
pub(crate) mod kdf;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod known;
pub(crate) mod once;
pub(crate) mod secret;
#[cfg(any(test, feature = "vectors"))]
pub(crate) mod testing;
