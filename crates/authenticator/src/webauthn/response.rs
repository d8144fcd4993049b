//! What a page gets: the JSON forms of WebAuthn section 5.1.
//!
//! An answer says that it comes from the platform: that is what a provider on the person's device is to a site. Its
//! transports add `hybrid`, since the person's phone holds the same credential.

use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    base64url::{Base64Url, SecretBytes, encode},
    client_data::ClientData,
};
use crate::{Assertion, CredentialId, LargeBlob, MadeCredential, PrfResults};

/// The answer to a creation request.
#[derive(Debug)]
pub struct RegistrationResponse {
    credential_id: CredentialId,
    envelope: Envelope<Attestation, CreationResults>,
}

impl RegistrationResponse {
    pub(super) fn new(client_data: ClientData, made: MadeCredential, extensions: CreationResults) -> Self {
        let response = Attestation {
            client_data: Base64Url(client_data.into_bytes()),
            public_key_algorithm: made.public_key.algorithm().cose(),
            public_key: Base64Url(made.public_key.to_spki()),
            attestation_object: Base64Url(made.attestation_object()),
            authenticator_data: Base64Url(made.authenticator_data),
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
    envelope: Envelope<Signed, SignInResults>,
}

impl AuthenticationResponse {
    pub(super) fn new(client_data: ClientData, assertion: Assertion, extensions: SignInResults) -> Self {
        let response = Signed {
            client_data: Base64Url(client_data.into_bytes()),
            authenticator_data: Base64Url(assertion.authenticator_data),
            signature: Base64Url(assertion.signature),
            user_handle: assertion.user.handle.map(|handle| Base64Url(handle.as_bytes().to_vec())),
        };
        Self { envelope: Envelope::new(&assertion.id, response, extensions), credential_id: assertion.id }
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

/// The results of the client extensions at a creation: those that were asked for.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreationResults {
    #[serde(rename = "appidExclude", skip_serializing_if = "Option::is_none")]
    pub(super) app_id_exclude: Option<bool>,
    /// Whether the bytes are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cred_blob: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cred_props: Option<CredProps>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hmac_create_secret: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) large_blob: Option<LargeBlobSupport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) prf: Option<PrfOutput>,
}

/// The results of the client extensions at a sign-in: those that were asked for.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignInResults {
    /// Whether the AppID was used instead of the relying party id.
    #[serde(rename = "appid", skip_serializing_if = "Option::is_none")]
    pub(super) app_id: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) get_cred_blob: Option<SecretBytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) large_blob: Option<LargeBlobOutput>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) prf: Option<PrfOutput>,
}

#[derive(Debug, Serialize)]
pub(super) struct LargeBlobSupport {
    pub(super) supported: bool,
}

/// What came of reading or writing.
#[derive(Debug, Serialize)]
pub(super) struct LargeBlobOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    blob: Option<SecretBytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<bool>,
}

impl LargeBlobOutput {
    pub(super) fn read(blob: Option<LargeBlob>) -> Self {
        Self { blob: blob.map(|blob| SecretBytes(Zeroizing::new(blob.expose().to_vec()))), written: None }
    }

    pub(super) fn written(written: bool) -> Self {
        Self { blob: None, written: Some(written) }
    }
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
    first: SecretBytes,
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<SecretBytes>,
}

impl From<PrfResults> for PrfValues {
    fn from(results: PrfResults) -> Self {
        let secret = |result: Zeroizing<[u8; 32]>| SecretBytes(Zeroizing::new(result.to_vec()));
        Self { first: secret(results.first), second: results.second.map(secret) }
    }
}

/// What both answers have around them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<R, E> {
    id: String,
    raw_id: String,
    response: R,
    authenticator_attachment: &'static str,
    client_extension_results: E,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl<R: Serialize, E: Serialize> Envelope<R, E> {
    fn new(id: &CredentialId, response: R, extensions: E) -> Self {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    user_handle: Option<Base64Url>,
}
