#![doc = include_str!("../README.md")]

#[macro_use]
mod mutant;

mod algorithm;
mod attestation;
mod authenticator_data;
mod consent;
mod credential;
pub mod ctap;
mod error;
mod get_assertion;
pub mod limits;
mod make_credential;
mod memory_store;
mod prf;
mod private_key;
mod public_key;
mod selection;
mod store;
pub mod webauthn;

pub use algorithm::Algorithm;
pub use authenticator_data::AAGUID;
pub use consent::{Consent, Presence, RequestId, Verification};
pub use credential::{
    BackupEligibility, BackupState, Credential, CredentialId, CredentialSummary, OutOfBounds, RpId, UserHandle,
};
pub use error::{Error, WebauthnError};
pub use memory_store::MemoryStore;
pub use prf::PrfSeeds;
pub use private_key::{BadPrivateKey, PrivateKey};
pub use public_key::PublicKey;
pub use store::CredentialStore;
