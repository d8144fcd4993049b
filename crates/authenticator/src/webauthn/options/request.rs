//! Options of a sign-in.

use std::time::Duration;

use serde::Deserialize;

use super::{
    GetPrf, UserVerification,
    descriptor::{RawDescriptor, parse_ids},
    json,
    prf::RawPrf,
    timeout,
};
use crate::{WebauthnError, selection::AllowList, webauthn::base64url};

/// A parsed `PublicKeyCredentialRequestOptionsJSON`.
#[derive(Clone, Debug)]
pub struct RequestOptions {
    pub(in super::super) challenge: Vec<u8>,
    pub(in super::super) rp_id: Option<String>,
    pub(in super::super) allow: AllowList,
    pub(in super::super) prf: Option<GetPrf>,
    user_verification: UserVerification,
    timeout: Duration,
}

impl RequestOptions {
    /// Parses the JSON form.
    ///
    /// # Errors
    /// [`WebauthnError::Type`] for malformed options, [`WebauthnError::Encoding`] for bad base64url,
    /// [`WebauthnError::NotSupported`] and [`WebauthnError::Syntax`] for inputs of `prf` that contradict the request.
    pub fn from_json(json: &str) -> Result<Self, WebauthnError> {
        Self::parse(json::parse(json)?)
    }

    /// How long the person may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Whether the person must be verified: what the site wants, but always where it evaluates a PRF, since web sites
    /// only ever get the one that is bound to verification (WebAuthn section 10.1.4).
    pub fn user_verification(&self) -> UserVerification {
        if self.prf.as_ref().is_some_and(GetPrf::evaluates) {
            UserVerification::Required
        } else {
            self.user_verification
        }
    }

    fn parse(raw: RawRequest) -> Result<Self, WebauthnError> {
        let allow = raw.allow_credentials.unwrap_or_default();
        let allow =
            if allow.is_empty() { AllowList::Any } else { AllowList::Only(parse_ids(&allow, "allowCredentials")?) };
        let prf = raw.extensions.and_then(|extensions| extensions.prf);
        Ok(Self {
            challenge: base64url::decode(&raw.challenge, "challenge")?,
            rp_id: raw.rp_id,
            prf: prf.map(|prf| GetPrf::parse(&prf, &allow)).transpose()?,
            allow,
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
    allow_credentials: Option<Vec<RawDescriptor>>,
    user_verification: Option<String>,
    extensions: Option<RawExtensions>,
}

#[derive(Deserialize)]
struct RawExtensions {
    prf: Option<RawPrf>,
}
