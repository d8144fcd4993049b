//! The two ceremonies, each in two steps so that whoever runs them may die in between.

mod create;
mod get;

pub use create::CreatePrompt;
pub use get::GetPrompt;

use crate::{Attester, CredentialStore, Enterprise};

/// A WebAuthn client over a credential store.
///
/// Each ceremony is a prompt, which only reads, and then an answer, given the person's [`Consent`]. Nothing is kept
/// between the two: both take the same caller and options.
///
/// [`Consent`]: crate::Consent
pub struct Client<'s, S> {
    store: &'s mut S,
    attestation: AttestationPolicy<'s>,
    enterprise: Option<&'s Enterprise>,
}

impl<'s, S: CredentialStore> Client<'s, S> {
    /// A client that gives no attestation.
    pub fn new(store: &'s mut S) -> Self {
        Self { store, attestation: AttestationPolicy::None, enterprise: None }
    }

    /// Chooses the attestation policy.
    #[must_use]
    pub fn with_attestation(self, attestation: AttestationPolicy<'s>) -> Self {
        Self { attestation, ..self }
    }

    /// Lets an organisation's own sites have its enterprise attestation where they ask for it; to others, asking for it is
    /// asking for any.
    #[must_use]
    pub fn with_enterprise(self, enterprise: &'s Enterprise) -> Self {
        Self { enterprise: Some(enterprise), ..self }
    }
}

/// Whether new credentials are vouched for.
#[derive(Clone, Copy)]
pub enum AttestationPolicy<'a> {
    /// Never: sites learn nothing about the authenticator but its AAGUID.
    None,
    /// A self attestation where a site asks for any attestation.
    SelfIfAsked,
    /// An attester's, with certificates, where a site asks for any attestation.
    CertifiedIfAsked(&'a dyn Attester),
}
