//! Options of a sign-in.

use std::time::Duration;

use serde::Deserialize;

use super::{
    GetWishes, UserVerification,
    descriptor::{RawDescriptor, parse_ids},
    extensions::RawGet,
    json::{self, Dictionary},
    timeout,
};
use crate::{
    AllowList, CredentialSummary, Protection, WebauthnError,
    webauthn::{Caller, Hint, Place, RelatedOriginsRequest, base64url, hints},
};

/// A parsed `PublicKeyCredentialRequestOptionsJSON`.
#[derive(Clone, Debug)]
pub struct RequestOptions {
    pub(in super::super) challenge: Vec<u8>,
    pub(in super::super) rp_id: Option<String>,
    pub(in super::super) allow: AllowList,
    pub(in super::super) wishes: GetWishes,
    hints: Vec<Hint>,
    user_verification: UserVerification,
    timeout: Duration,
}

impl RequestOptions {
    /// Parses the JSON form.
    ///
    /// # Errors
    /// [`WebauthnError::Type`] for malformed options, [`WebauthnError::Encoding`] for bad base64url,
    /// [`WebauthnError::NotSupported`] and [`WebauthnError::Syntax`] for inputs of extensions that contradict the request.
    pub fn from_json(json: &str) -> Result<Self, WebauthnError> {
        Self::parse(json::parse(json)?)
    }

    /// How long the person may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Where the site expects the credential to be.
    pub fn place(&self) -> Place {
        Place::of(&self.hints, None)
    }

    /// The hints that are known, most important first.
    pub fn hints(&self) -> &[Hint] {
        &self.hints
    }

    /// Whether the site names the credentials that it accepts.
    pub fn names_credentials(&self) -> bool {
        self.allow != AllowList::Any
    }

    /// Whose word the request needs, if `caller` may not use the relying party id by its own name.
    pub fn related_origins(&self, caller: &Caller) -> Option<RelatedOriginsRequest> {
        RelatedOriginsRequest::new(caller.origin(), self.rp_id.as_deref())
    }

    /// Whether the person must be verified: what the site wants, but always where it evaluates a PRF, since web sites
    /// only ever get the one that is bound to verification (WebAuthn section 10.1.4).
    pub fn user_verification(&self) -> UserVerification {
        if self.wishes.evaluates() { UserVerification::Required } else { self.user_verification }
    }

    /// The same, given the credentials that may answer: some protect themselves from people unverified.
    pub(in super::super) fn user_verification_among(&self, credentials: &[CredentialSummary]) -> UserVerification {
        let protected = |credential: &CredentialSummary| match credential.protection {
            Protection::Optional => false,
            Protection::OptionalWhereNamed => !self.names_credentials(),
            Protection::Required => true,
        };
        match self.user_verification() {
            _ if !credentials.is_empty() && credentials.iter().all(protected) => UserVerification::Required,
            UserVerification::Discouraged if credentials.iter().any(protected) => UserVerification::Preferred,
            wanted => wanted,
        }
    }

    fn parse(raw: RawRequest) -> Result<Self, WebauthnError> {
        let named = raw.allow_credentials.unwrap_or_default();
        let allow =
            if named.is_empty() { AllowList::Any } else { AllowList::Only(parse_ids(&named, "allowCredentials")?) };
        let Dictionary(extensions) = raw.extensions.unwrap_or_default();
        Ok(Self {
            challenge: base64url::decode(&raw.challenge, "challenge")?,
            rp_id: raw.rp_id,
            wishes: GetWishes::parse(extensions, &allow, named.len())?,
            allow,
            hints: hints::parse(raw.hints),
            user_verification: UserVerification::parse(raw.user_verification.as_deref()),
            timeout: timeout(raw.timeout),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRequest {
    challenge: String,
    timeout: Option<f64>,
    rp_id: Option<String>,
    allow_credentials: Option<Vec<Dictionary<RawDescriptor>>>,
    user_verification: Option<String>,
    hints: Option<Vec<String>>,
    extensions: Option<Dictionary<RawGet>>,
}
