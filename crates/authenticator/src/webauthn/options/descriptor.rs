//! Lists of credentials.

use serde::Deserialize;

use super::{super::base64url, json::Dictionary};
use crate::{CredentialId, WebauthnError, limits};

/// A `PublicKeyCredentialDescriptorJSON`; its transports are for clients that look for authenticators.
#[derive(Deserialize)]
pub(super) struct RawDescriptor {
    #[serde(rename = "type")]
    kind: String,
    id: String,
}

/// The ids of a list. Credentials of unknown types are skipped (WebAuthn section 5.8.3), and so are ids of impossible
/// lengths: none of ours has one.
pub(super) fn parse_ids(
    descriptors: &[Dictionary<RawDescriptor>],
    member: &'static str,
) -> Result<Vec<CredentialId>, WebauthnError> {
    if descriptors.len() > limits::DESCRIPTORS {
        return Err(WebauthnError::Type("a list of credentials is too long"));
    }
    let mut ids = Vec::with_capacity(descriptors.len());
    for Dictionary(descriptor) in descriptors {
        let bytes = base64url::decode(&descriptor.id, member)?;
        if descriptor.kind == "public-key" {
            ids.extend(CredentialId::try_from(bytes.as_slice()));
        }
    }
    Ok(ids)
}
