//! The core as the background worker meets it, over a browser that is not one: JSON in, JSON out.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod accounts;
mod browser;
mod items;
mod logins;
mod moving;
mod passkeys;
