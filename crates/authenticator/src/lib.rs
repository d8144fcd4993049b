#![doc = include_str!("../README.md")]

#[macro_use]
mod mutant;

mod algorithm;
mod attestation;
mod authenticator_data;
mod blob;
mod class;
mod consent;
mod credential;
pub mod ctap;
mod error;
mod extensions;
mod get_assertion;
pub mod limits;
mod make_credential;
mod memory_store;
mod prf;
mod private_key;
mod public_key;
mod selection;
mod store;
pub mod transports;
pub mod webauthn;

pub use algorithm::Algorithm;
pub use attestation::{
    Attestation, AttestationFormat, Attester, CertifiedKey, Claim, Enterprise, EnterpriseRequest, PlatformLists,
    Statement,
};
#[cfg(feature = "organisation")]
pub use attestation::{Names, Organisation, OrganisationError, Subject, Validity};
pub use blob::{CredBlob, LargeBlob, LargeBlobKey, TooLong};
pub use class::AuthenticatorClass;
pub use consent::{Accepted, Approval, Consent, Presence, RequestId, Verification};
pub use credential::{
    BackupEligibility, BackupState, Credential, CredentialId, CredentialSummary, Discoverability, OutOfBounds,
    Protection, RpId, ThirdPartyPayment, User, UserHandle,
};
pub use error::{CommandError, Error, WebauthnError};
pub use extensions::{CreateExtensions, GetExtensions};
pub use get_assertion::{Assertion, GetAssertion};
pub use make_credential::{MadeCredential, MakeCredential};
pub use memory_store::MemoryStore;
pub use prf::{PrfDelivery, PrfRequest, PrfResults, PrfSalts, PrfSeeds};
pub use private_key::{BadPrivateKey, PrivateKey};
pub use public_key::PublicKey;
pub use selection::{AllowList, any_excluded, applicable, replaced};
pub use store::{CredentialStore, Found, ManagedStore, Visibility};
