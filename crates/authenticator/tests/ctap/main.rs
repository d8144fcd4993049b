//! The CTAP device as a platform sees it: CBOR in, CBOR out, written and read by an independent CBOR library.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod always_uv;
mod assertions;
mod attestation;
mod config;
mod creations;
mod extensions;
mod faults;
mod hostile;
mod info;
mod large_blobs;
mod management;
mod new_pin;
mod pin_model;
mod platform;
mod readme;
mod reset;
mod stores;
mod tokens;
mod vault;
mod verification;
mod wire;
mod world;
