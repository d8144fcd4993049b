//! The inputs of the `prf` extension, with the checks of WebAuthn section 10.1.4.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{super::base64url, json::Dictionary};
use crate::{AllowList, CredentialId, PrfSalts, WebauthnError};

/// An `AuthenticationExtensionsPRFInputsJSON`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawPrf {
    eval: Option<Dictionary<RawValues>>,
    eval_by_credential: Option<BTreeMap<String, Dictionary<RawValues>>>,
}

#[derive(Deserialize)]
struct RawValues {
    first: String,
    second: Option<String>,
}

/// What a creation request asks of the extension.
#[derive(Clone, Debug)]
pub(in super::super) struct CreatePrf {
    /// Inputs to evaluate at once.
    pub(in super::super) eval: Option<PrfSalts>,
}

impl CreatePrf {
    pub(super) fn parse(raw: &RawPrf) -> Result<Self, WebauthnError> {
        if raw.eval_by_credential.is_some() {
            return Err(WebauthnError::NotSupported("evalByCredential at creation"));
        }
        let eval = raw.eval.as_ref().map(|Dictionary(values)| values.parse()).transpose()?;
        Ok(Self { eval })
    }
}

/// What a sign-in request asks of the extension.
#[derive(Clone, Debug)]
pub(in super::super) struct GetPrf {
    eval: Option<PrfSalts>,
    by_credential: BTreeMap<CredentialId, PrfSalts>,
}

impl GetPrf {
    pub(super) fn parse(raw: &RawPrf, allow: &AllowList) -> Result<Self, WebauthnError> {
        let eval = raw.eval.as_ref().map(|Dictionary(values)| values.parse()).transpose()?;
        let mut by_credential = BTreeMap::new();
        for (key, Dictionary(values)) in raw.eval_by_credential.iter().flatten() {
            by_credential.insert(parse_key(key, allow)?, values.parse()?);
        }
        Ok(Self { eval, by_credential })
    }

    /// The inputs for one credential: its own, else those for all.
    pub(in super::super) fn salts_for(&self, id: &CredentialId) -> Option<&PrfSalts> {
        self.by_credential.get(id).or(self.eval.as_ref())
    }

    /// Whether there are inputs for any credential.
    pub(in super::super) fn evaluates(&self) -> bool {
        self.eval.is_some() || !self.by_credential.is_empty()
    }
}

impl RawValues {
    fn parse(&self) -> Result<PrfSalts, WebauthnError> {
        let first = base64url::decode(&self.first, "extensions.prf")?;
        let second = self.second.as_deref().map(|text| base64url::decode(text, "extensions.prf")).transpose()?;
        Ok(PrfSalts::from_web_inputs(&first, second.as_deref()))
    }
}

/// A key of `evalByCredential` names one of the allowed credentials.
fn parse_key(key: &str, allow: &AllowList) -> Result<CredentialId, WebauthnError> {
    let AllowList::Only(allowed) = allow else {
        return Err(WebauthnError::NotSupported("evalByCredential without allowCredentials"));
    };
    base64url::decode(key, "evalByCredential")
        .ok()
        .and_then(|bytes| CredentialId::try_from(bytes.as_slice()).ok())
        .filter(|id| allowed.contains(id))
        .ok_or(WebauthnError::Syntax("a key of evalByCredential is not in allowCredentials"))
}
