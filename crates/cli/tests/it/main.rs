//! The binary against a real server, as a person sees it: whole screens, input and output together.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod authenticator;
mod crash;
mod fail_over;
mod failures;
mod first_device;
mod journey;
mod json;
mod moving;
mod pairing;
mod process;
mod recovery;
mod repair;
mod revoked;
mod stage;
mod trust;
mod two_devices;
mod unapplied;
