//! The two ceremonies, each in two steps so that whoever runs them may die in between.

mod create;
mod get;

pub use create::CreatePrompt;
pub use get::GetPrompt;

use crate::CredentialStore;

/// A WebAuthn client over a credential store.
///
/// Each ceremony is a prompt, which only reads, and then an answer, given the person's [`Consent`]. Nothing is kept
/// between the two: both take the same caller and options.
///
/// [`Consent`]: crate::Consent
#[derive(Debug)]
pub struct Client<'s, S> {
    store: &'s mut S,
    attestation: AttestationPolicy,
}

impl<'s, S: CredentialStore> Client<'s, S> {
    /// A client that gives no attestation.
    pub fn new(store: &'s mut S) -> Self {
        Self { store, attestation: AttestationPolicy::None }
    }

    /// Chooses the attestation policy.
    #[must_use]
    pub fn with_attestation(self, attestation: AttestationPolicy) -> Self {
        Self { attestation, ..self }
    }
}

/// Whether new credentials vouch for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationPolicy {
    /// Never: sites learn nothing about the authenticator but its AAGUID.
    None,
    /// A self attestation where a site asks for any attestation.
    SelfIfAsked,
}
