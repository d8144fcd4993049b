//! The WebAuthn client: options in as JSON, a prompt for the person, a response out as JSON.

mod base64url;
mod caller;
mod capabilities;
mod client;
mod client_data;
mod hints;
mod mediation;
mod options;
mod origin;
mod proxied;
mod related_origins;
mod response;
mod rp_id;
mod signal;

pub use caller::Caller;
pub use capabilities::merge_capabilities;
pub use client::{AttestationPolicy, Client, CreatePrompt, GetPrompt};
pub use hints::{Hint, Place};
pub use mediation::{
    CreateDecision, Creation, FilledPassword, GetDecision, Mediation, UiMode, Vault, decide_create, decide_get,
};
pub use options::{Attachment, CreationOptions, RequestOptions, UserVerification};
pub use origin::Origin;
pub use proxied::Proxied;
pub use related_origins::{Fetched, RelatedOriginsRequest, Relation};
pub use response::{AuthenticationResponse, RegistrationResponse};
pub use rp_id::registrable_domain;
pub use signal::{Change, Held, Names, Signal, SignalKind};
