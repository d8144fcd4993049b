//! The crate as its callers see it: JSON in, JSON out, checked by an independent relying party.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod algorithms;
mod attestation;
mod attesters;
mod client_extensions;
mod client_rules;
mod commands;
mod consent;
mod extensions;
mod faulty_store;
mod hostile_input;
mod identifiers;
mod prf;
mod private_key;
mod protection;
mod proxied;
mod registration;
mod relabelled;
mod relying_party;
mod replacing;
mod sample;
mod sign_in;
mod storage_faults;
mod strictness;
mod vectors;
mod world;
