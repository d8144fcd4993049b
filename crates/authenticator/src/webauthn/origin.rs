//! Web origins that may use WebAuthn.

use url::{Host, Url};

use crate::{WebauthnError, limits};

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
        if text == "null" {
            return Err(WebauthnError::NotAllowed("the origin is opaque"));
        }
        let url = parse_url(text)?;
        let domain = domain(&url)?;
        if !is_secure(&url, domain) {
            return Err(WebauthnError::Security("the origin is not secure"));
        }
        if url.origin().ascii_serialization() != text {
            return Err(WebauthnError::Security("not a serialised origin"));
        }
        Ok(Self { domain: domain.to_owned(), serialized: text.to_owned() })
    }

    /// The origin as browsers serialise it.
    pub fn as_str(&self) -> &str {
        &self.serialized
    }

    pub(super) fn scheme(&self) -> &str {
        self.serialized.split(':').next().unwrap_or_default()
    }

    /// The effective domain: the host without scheme and port, in lower-case ASCII.
    pub fn domain(&self) -> &str {
        &self.domain
    }
}

fn parse_url(text: &str) -> Result<Url, WebauthnError> {
    if text.len() > limits::ORIGIN_LEN {
        return Err(WebauthnError::Security("the origin is too long"));
    }
    Url::parse(text).map_err(|_| WebauthnError::Security("not an origin"))
}

/// A relying party id is a domain, so an address has none to give; a trailing dot makes another name for the same host,
/// whose passkeys nobody would find again.
fn domain(url: &Url) -> Result<&str, WebauthnError> {
    match url.host() {
        Some(Host::Domain(domain)) if !domain.is_empty() && !domain.ends_with('.') => Ok(domain),
        _ => Err(WebauthnError::Security("the origin has no domain")),
    }
}

/// The schemes and hosts that browsers give a secure context.
fn is_secure(url: &Url, domain: &str) -> bool {
    let local = domain == "localhost" || domain.ends_with(".localhost");
    url.scheme() == "https" || (url.scheme() == "http" && local)
}
