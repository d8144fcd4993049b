//! A WebAuthn client and authenticator without I/O.

mod algorithm;
mod consent;
mod credential;
mod error;
pub mod limits;
mod prf;
mod private_key;
mod public_key;
mod store;
pub mod webauthn;

pub use algorithm::Algorithm;
pub use consent::{Consent, Presence, RequestId, Verification};
pub use credential::{
    BackupEligibility, BackupState, Credential, CredentialId, CredentialSummary, OutOfBounds, RpId, UserHandle,
};
pub use error::{Error, WebauthnError};
pub use prf::PrfSeeds;
pub use private_key::{BadPrivateKey, PrivateKey};
pub use public_key::PublicKey;
pub use store::CredentialStore;
