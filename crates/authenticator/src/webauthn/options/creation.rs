//! Options of a creation.

use std::time::Duration;

use serde::Deserialize;

use super::{
    Attachment, CreatePrf, UserVerification,
    descriptor::{RawDescriptor, parse_ids},
    json,
    prf::RawPrf,
    timeout,
};
use crate::{Algorithm, CredentialId, UserHandle, WebauthnError, limits, make_credential::User, webauthn::base64url};

/// A parsed `PublicKeyCredentialCreationOptionsJSON`.
///
/// Whether the site wants the credential to be discoverable is not in it: all of ours are.
#[derive(Clone, Debug)]
pub struct CreationOptions {
    pub(in super::super) challenge: Vec<u8>,
    pub(in super::super) rp_id: Option<String>,
    pub(in super::super) rp_name: String,
    pub(in super::super) user: User,
    pub(in super::super) algorithm: Algorithm,
    pub(in super::super) exclude: Vec<CredentialId>,
    pub(in super::super) attestation: AttestationWish,
    pub(in super::super) cred_props: bool,
    pub(in super::super) prf: Option<CreatePrf>,
    attachment: Option<Attachment>,
    user_verification: UserVerification,
    timeout: Duration,
}

impl CreationOptions {
    /// Parses the JSON form.
    ///
    /// # Errors
    /// [`WebauthnError::Type`] for malformed options, [`WebauthnError::Encoding`] for bad base64url,
    /// [`WebauthnError::NotSupported`] where none of the site's algorithms is ours, or `prf` has inputs by credential.
    pub fn from_json(json: &str) -> Result<Self, WebauthnError> {
        Self::parse(json::parse(json)?)
    }

    /// How long the person may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The kind of authenticator that the site wants, if it said.
    pub fn attachment(&self) -> Option<Attachment> {
        self.attachment
    }

    /// Whether the person must be verified. A site that would rather not, but evaluates a PRF at once, gets its results
    /// only with verification (WebAuthn section 10.1.4), so it is worth asking.
    pub fn user_verification(&self) -> UserVerification {
        let evaluates = self.prf.as_ref().is_some_and(|prf| prf.eval.is_some());
        match self.user_verification {
            UserVerification::Discouraged if evaluates => UserVerification::Preferred,
            wanted => wanted,
        }
    }

    fn parse(raw: RawCreation) -> Result<Self, WebauthnError> {
        let selection = raw.authenticator_selection.unwrap_or_default();
        let extensions = raw.extensions.unwrap_or_default();
        Ok(Self {
            challenge: base64url::decode(&raw.challenge, "challenge")?,
            rp_id: raw.rp.id,
            rp_name: raw.rp.name,
            user: raw.user.parse()?,
            algorithm: choose_algorithm(&raw.pub_key_cred_params)?,
            exclude: parse_ids(&raw.exclude_credentials.unwrap_or_default(), "excludeCredentials")?,
            attestation: AttestationWish::parse(raw.attestation.as_deref(), raw.attestation_formats),
            cred_props: extensions.cred_props.unwrap_or(false),
            prf: extensions.prf.as_ref().map(CreatePrf::parse).transpose()?,
            attachment: selection.authenticator_attachment.as_deref().and_then(Attachment::parse),
            user_verification: UserVerification::parse(selection.user_verification.as_deref()),
            timeout: timeout(raw.timeout),
        })
    }
}

/// What a site wants to be told about the authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum AttestationWish {
    Nothing,
    SomeStatement,
}

impl AttestationWish {
    /// `attestation` says whether, `attestationFormats` which, most preferred first. Of formats we only know two, so the
    /// first of these decides; a list without either leaves the choice to us.
    fn parse(conveyance: Option<&str>, formats: Option<Vec<String>>) -> Self {
        let formats = formats.unwrap_or_default();
        let preferred = formats.iter().find(|format| ["none", "packed"].contains(&format.as_str()));
        match (conveyance, preferred.map(String::as_str)) {
            (Some("indirect" | "direct" | "enterprise"), None | Some("packed")) => Self::SomeStatement,
            _ => Self::Nothing,
        }
    }
}

/// The first of the site's algorithms that is ours; an empty list stands for ES256 and RS256.
fn choose_algorithm(params: &[RawParameters]) -> Result<Algorithm, WebauthnError> {
    if params.is_empty() {
        return Ok(Algorithm::Es256);
    }
    if params.len() > limits::ALGORITHMS {
        return Err(WebauthnError::Type("pubKeyCredParams is too long"));
    }
    let known = params.iter().filter(|param| param.kind == "public-key");
    known
        .filter_map(|param| Algorithm::from_cose(param.alg))
        .next()
        .ok_or(WebauthnError::NotSupported("none of the algorithms in pubKeyCredParams"))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawCreation {
    rp: RawRp,
    user: RawUser,
    challenge: String,
    pub_key_cred_params: Vec<RawParameters>,
    timeout: Option<f64>,
    exclude_credentials: Option<Vec<RawDescriptor>>,
    authenticator_selection: Option<RawSelection>,
    attestation: Option<String>,
    attestation_formats: Option<Vec<String>>,
    extensions: Option<RawExtensions>,
}

#[derive(Deserialize)]
struct RawRp {
    id: Option<String>,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawUser {
    id: String,
    name: String,
    display_name: String,
}

impl RawUser {
    fn parse(self) -> Result<User, WebauthnError> {
        let id = base64url::decode(&self.id, "user.id")?;
        Ok(User {
            handle: UserHandle::try_from(id.as_slice())
                .map_err(|_| WebauthnError::Type("user.id has 1 to 64 bytes"))?,
            name: cut_name(self.name),
            display_name: cut_name(self.display_name),
        })
    }
}

/// Cuts a name to what we store, between characters.
fn cut_name(mut name: String) -> String {
    name.truncate(name.floor_char_boundary(limits::NAME_LEN));
    name
}

#[derive(Deserialize)]
struct RawParameters {
    #[serde(rename = "type")]
    kind: String,
    alg: i64,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSelection {
    authenticator_attachment: Option<String>,
    user_verification: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawExtensions {
    cred_props: Option<bool>,
    prf: Option<RawPrf>,
}
