//! What a page gets: the JSON forms of WebAuthn section 5.1.
//!
//! An answer says that it comes from the platform: that is what a provider on the person's device is to a site. Its
//! transports add `hybrid`, since the person's phone holds the same credential.

use serde::Serialize;

use super::{
    base64url::{Base64Url, SecretBase64Url, encode},
    client_data::ClientData,
};
use crate::{CredentialId, get_assertion::Assertion, make_credential::MadeCredential, prf::PrfResults};

/// The answer to a creation request.
#[derive(Debug)]
pub struct RegistrationResponse {
    credential_id: CredentialId,
    envelope: Envelope<Attestation>,
}

impl RegistrationResponse {
    pub(super) fn new(client_data: ClientData, made: MadeCredential, extensions: ExtensionResults) -> Self {
        let response = Attestation {
            client_data: Base64Url(client_data.into_bytes()),
            public_key_algorithm: made.public_key.algorithm().cose(),
            public_key: Base64Url(made.public_key.to_spki()),
            authenticator_data: Base64Url(made.authenticator_data),
            attestation_object: Base64Url(made.attestation_object),
            transports: ["hybrid", "internal"],
        };
        Self { envelope: Envelope::new(&made.id, response, extensions), credential_id: made.id }
    }

    /// The new credential.
    pub fn credential_id(&self) -> &CredentialId {
        &self.credential_id
    }

    /// The `RegistrationResponseJSON`. It holds secrets where the site evaluated a PRF.
    pub fn to_json(&self) -> String {
        self.envelope.to_json()
    }
}

/// The answer to a sign-in request.
#[derive(Debug)]
pub struct AuthenticationResponse {
    credential_id: CredentialId,
    envelope: Envelope<Signed>,
}

impl AuthenticationResponse {
    pub(super) fn new(
        client_data: ClientData,
        credential_id: CredentialId,
        assertion: Assertion,
        extensions: ExtensionResults,
    ) -> Self {
        let response = Signed {
            client_data: Base64Url(client_data.into_bytes()),
            authenticator_data: Base64Url(assertion.authenticator_data),
            signature: Base64Url(assertion.signature),
            user_handle: Base64Url(assertion.user_handle.as_bytes().to_vec()),
        };
        Self { envelope: Envelope::new(&credential_id, response, extensions), credential_id }
    }

    /// The credential that signed.
    pub fn credential_id(&self) -> &CredentialId {
        &self.credential_id
    }

    /// The `AuthenticationResponseJSON`. It holds secrets where the site evaluated a PRF.
    pub fn to_json(&self) -> String {
        self.envelope.to_json()
    }
}

/// The results of the client extensions that were asked for.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExtensionResults {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cred_props: Option<CredProps>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) prf: Option<PrfOutput>,
}

#[derive(Debug, Serialize)]
pub(super) struct CredProps {
    /// Whether the credential is discoverable.
    pub(super) rk: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct PrfOutput {
    /// At creation only: whether the credential has PRFs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) results: Option<PrfValues>,
}

#[derive(Debug, Serialize)]
pub(super) struct PrfValues {
    first: SecretBase64Url,
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<SecretBase64Url>,
}

impl From<PrfResults> for PrfValues {
    fn from(results: PrfResults) -> Self {
        Self { first: SecretBase64Url(results.first), second: results.second.map(SecretBase64Url) }
    }
}

/// What both answers have around them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<R> {
    id: String,
    raw_id: String,
    response: R,
    authenticator_attachment: &'static str,
    client_extension_results: ExtensionResults,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl<R: Serialize> Envelope<R> {
    fn new(id: &CredentialId, response: R, extensions: ExtensionResults) -> Self {
        let id = encode(id.as_bytes());
        Self {
            raw_id: id.clone(),
            id,
            response,
            authenticator_attachment: "platform",
            client_extension_results: extensions,
            kind: "public-key",
        }
    }

    fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and bools always serialise")
    }
}

/// `AuthenticatorAttestationResponseJSON`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Attestation {
    #[serde(rename = "clientDataJSON")]
    client_data: Base64Url,
    authenticator_data: Base64Url,
    transports: [&'static str; 2],
    public_key: Base64Url,
    public_key_algorithm: i64,
    attestation_object: Base64Url,
}

/// `AuthenticatorAssertionResponseJSON`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    #[serde(rename = "clientDataJSON")]
    client_data: Base64Url,
    authenticator_data: Base64Url,
    signature: Base64Url,
    user_handle: Base64Url,
}
