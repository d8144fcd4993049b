//! Web origins that may use WebAuthn.

use crate::WebauthnError;

/// The origin of a page that may use WebAuthn: `https` on a domain, or `http` on `localhost` and below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    serialized: String,
    domain: String,
}

impl Origin {
    /// Takes an origin exactly as browsers serialise it, such as `https://login.example.com:8443`.
    ///
    /// # Errors
    /// [`WebauthnError::NotAllowed`] for an opaque origin (`null`); [`WebauthnError::Security`] for an insecure one, one
    /// whose host is an IP address or no valid domain, or one in another form than the browser's.
    pub fn parse(text: &str) -> Result<Self, WebauthnError> {
        unimplemented!("{text}")
    }
}
