//! The WebAuthn client: options in as JSON, a prompt for the person, a response out as JSON.

mod base64url;
mod caller;
mod client;
mod client_data;
mod options;
mod origin;
mod response;
mod rp_id;

pub use caller::Caller;
pub use client::{AttestationPolicy, Client, CreatePrompt, GetPrompt};
pub use options::{Attachment, CreationOptions, RequestOptions, UserVerification};
pub use origin::Origin;
pub use response::{AuthenticationResponse, RegistrationResponse};
