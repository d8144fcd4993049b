//! Client data: what the client says about a request, and the authenticator signs the hash of.

use sha2::{Digest, Sha256};

use super::{Caller, base64url};
use crate::RequestId;

/// The client data of one request, serialised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ClientData(String);

/// The two ceremonies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ceremony {
    Create,
    Get,
}

impl ClientData {
    /// Serialises byte by byte as WebAuthn section 5.8.1.1 says, because relying parties may compare bytes instead of
    /// parsing.
    ///
    /// The standard's escapes never occur: base64url, and an origin as [`super::Origin`] admits it, hold neither quotes,
    /// backslashes nor control characters.
    pub(super) fn new(ceremony: Ceremony, challenge: &[u8], caller: &Caller) -> Self {
        let kind = match ceremony {
            Ceremony::Create => "webauthn.create",
            Ceremony::Get => "webauthn.get",
        };
        let challenge = base64url::encode(challenge);
        let origin = caller.origin().as_str();
        let cross_origin = caller.is_cross_origin();
        let top_origin = caller.top_origin().map(|top| format!(",\"topOrigin\":\"{top}\"")).unwrap_or_default();
        Self(format!(
            "{{\"type\":\"{kind}\",\"challenge\":\"{challenge}\",\"origin\":\"{origin}\",\
             \"crossOrigin\":{cross_origin}{top_origin}}}"
        ))
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }

    /// The hash that authenticators sign, and the request's identity.
    pub(super) fn request_id(&self) -> RequestId {
        RequestId::from_bytes(Sha256::digest(&self.0).into())
    }
}
