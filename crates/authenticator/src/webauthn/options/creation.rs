//! Options of a creation.

use std::time::Duration;

use serde::Deserialize;

use super::{
    Attachment, CreateWishes, UserVerification, cut_name,
    descriptor::{RawDescriptor, parse_ids},
    extensions::RawCreate,
    json::{self, Dictionary},
    timeout,
};
use crate::{
    Algorithm, AttestationFormat, CredentialId, User, UserHandle, WebauthnError, limits,
    webauthn::{Caller, Hint, Place, RelatedOriginsRequest, base64url, hints},
};

/// A parsed `PublicKeyCredentialCreationOptionsJSON`.
///
/// Whether the site wants the credential to be discoverable is not in it: all of ours are.
#[derive(Clone, Debug)]
pub struct CreationOptions {
    pub(in super::super) challenge: Vec<u8>,
    pub(in super::super) rp_id: Option<String>,
    pub(in super::super) rp_name: String,
    pub(in super::super) user: User,
    pub(in super::super) algorithm: Option<Algorithm>,
    pub(in super::super) exclude: Vec<CredentialId>,
    pub(in super::super) attestation: AttestationWish,
    pub(in super::super) wishes: CreateWishes,
    attachment: Option<Attachment>,
    hints: Vec<Hint>,
    user_verification: UserVerification,
    timeout: Duration,
}

impl CreationOptions {
    /// Parses the JSON form.
    ///
    /// # Errors
    /// [`WebauthnError::Type`] for malformed options, [`WebauthnError::Encoding`] for bad base64url,
    /// [`WebauthnError::NotSupported`] where the site wants no public key at all; this and [`WebauthnError::Syntax`] for
    /// inputs of extensions that make no sense.
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

    /// Where the site wants the credential to be.
    pub fn place(&self) -> Place {
        Place::of(&self.hints, self.attachment)
    }

    /// The hints that are known, most important first.
    pub fn hints(&self) -> &[Hint] {
        &self.hints
    }

    /// What the credential would sign with; none if the site wants algorithms that only others have.
    pub fn algorithm(&self) -> Option<Algorithm> {
        self.algorithm
    }

    /// Whose word the request needs, if `caller` may not use the relying party id by its own name.
    pub fn related_origins(&self, caller: &Caller) -> Option<RelatedOriginsRequest> {
        RelatedOriginsRequest::new(caller.origin(), self.rp_id.as_deref())
    }

    /// Whether the person must be verified. A site that would rather not, but evaluates a PRF at once, gets its results
    /// only with verification (WebAuthn section 10.1.4), so it is worth asking.
    pub fn user_verification(&self) -> UserVerification {
        match self.user_verification {
            UserVerification::Discouraged if self.wishes.evaluates() => UserVerification::Preferred,
            wanted => wanted,
        }
    }

    fn parse(raw: RawCreation) -> Result<Self, WebauthnError> {
        let Dictionary(rp) = raw.rp;
        let Dictionary(user) = raw.user;
        let Dictionary(selection) = raw.authenticator_selection.unwrap_or_default();
        let Dictionary(extensions) = raw.extensions.unwrap_or_default();
        Ok(Self {
            challenge: base64url::decode(&raw.challenge, "challenge")?,
            rp_id: rp.id,
            rp_name: rp.name,
            user: user.parse()?,
            algorithm: choose_algorithm(&raw.pub_key_cred_params)?,
            exclude: parse_ids(&raw.exclude_credentials.unwrap_or_default(), "excludeCredentials")?,
            attestation: AttestationWish::parse(raw.attestation.as_deref(), raw.attestation_formats),
            wishes: CreateWishes::parse(extensions)?,
            attachment: selection.authenticator_attachment.as_deref().and_then(Attachment::parse),
            hints: hints::parse(raw.hints),
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
    /// One that names the very device, which only its organisation's sites get to hear.
    EnterpriseStatement,
}

impl AttestationWish {
    /// `attestation` says whether, `attestationFormats` which, most preferred first; the first of these that we know decides,
    /// and a list without one leaves the choice to us.
    fn parse(conveyance: Option<&str>, formats: Option<Vec<String>>) -> Self {
        let formats = formats.unwrap_or_default();
        let preferred = AttestationFormat::first_of(formats.iter().map(String::as_str));
        match (conveyance, preferred) {
            (_, Some(AttestationFormat::None)) => Self::Nothing,
            (Some("indirect" | "direct"), _) => Self::SomeStatement,
            (Some("enterprise"), _) => Self::EnterpriseStatement,
            _ => Self::Nothing,
        }
    }
}

/// The first of the site's algorithms that is ours. An unknown one is somebody else's, so only a list without any public key
/// is an error (WebAuthn section 5.1.3, step 10).
fn choose_algorithm(params: &[Dictionary<RawParameters>]) -> Result<Option<Algorithm>, WebauthnError> {
    if params.len() > limits::ALGORITHMS {
        return Err(WebauthnError::Type("pubKeyCredParams is too long"));
    }
    if params.is_empty() {
        return Ok(Algorithm::FOR_AN_EMPTY_LIST.first().copied());
    }
    let known = params.iter().map(|Dictionary(param)| param).filter(|param| param.kind == "public-key");
    let mut ids = known.map(|param| param.alg).peekable();
    if ids.peek().is_none() {
        return Err(WebauthnError::NotSupported("none of the kinds of credential in pubKeyCredParams"));
    }
    Ok(Algorithm::first_of(ids))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawCreation {
    rp: Dictionary<RawRp>,
    user: Dictionary<RawUser>,
    challenge: String,
    pub_key_cred_params: Vec<Dictionary<RawParameters>>,
    timeout: Option<f64>,
    exclude_credentials: Option<Vec<Dictionary<RawDescriptor>>>,
    authenticator_selection: Option<Dictionary<RawSelection>>,
    attestation: Option<String>,
    attestation_formats: Option<Vec<String>>,
    hints: Option<Vec<String>>,
    extensions: Option<Dictionary<RawCreate>>,
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
            handle: Some(
                UserHandle::try_from(id.as_slice()).map_err(|_| WebauthnError::Type("user.id has 1 to 64 bytes"))?,
            ),
            name: Some(cut_name(self.name)),
            display_name: Some(cut_name(self.display_name)),
        })
    }
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
