//! The crate as its callers see it: JSON in, JSON out, checked by an independent relying party.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod attestation;
mod client_extensions;
mod client_rules;
mod consent;
mod faulty_store;
mod hostile_input;
mod identifiers;
mod prf;
mod private_key;
mod registration;
mod relabelled;
mod relying_party;
mod sample;
mod sign_in;
mod strictness;
mod vectors;
mod world;
