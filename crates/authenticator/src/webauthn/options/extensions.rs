//! The inputs of the client extensions, with the checks that each one's specification makes.

use serde::Deserialize;

use super::{CreatePrf, GetPrf, app_id::AppId, json::Dictionary, prf::RawPrf};
use crate::{AllowList, Protection, WebauthnError, webauthn::base64url};

/// What a site asks of the extensions when it creates a credential.
///
/// `minPinLength` is not among them: it tells sites the policy of an authenticator's PIN, and a client over a vault has none.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct CreateWishes {
    pub(in super::super) app_id_exclude: Option<AppId>,
    pub(in super::super) cred_blob: Option<Vec<u8>>,
    pub(in super::super) cred_props: bool,
    pub(in super::super) hmac_create_secret: bool,
    pub(in super::super) large_blob: bool,
    pub(in super::super) payment: bool,
    pub(in super::super) prf: Option<CreatePrf>,
    pub(in super::super) protection: Option<Protection>,
}

/// What a site asks of the extensions at a sign-in.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct GetWishes {
    pub(in super::super) app_id: Option<AppId>,
    pub(in super::super) cred_blob: bool,
    pub(in super::super) large_blob: Option<LargeBlobWish>,
    pub(in super::super) prf: Option<GetPrf>,
}

/// What a site wants to do with the bytes that it keeps with a credential.
#[derive(Clone, Debug)]
pub(in super::super) enum LargeBlobWish {
    Read,
    Write(Vec<u8>),
}

impl CreateWishes {
    pub(super) fn parse(raw: RawCreate) -> Result<Self, WebauthnError> {
        if raw.appid.is_some() {
            return Err(WebauthnError::NotSupported("appid at creation"));
        }
        let blob = raw.cred_blob.as_deref().map(|text| base64url::decode(text, "extensions.credBlob"));
        let enforces = raw.enforce_credential_protection_policy.unwrap_or(false);
        Ok(Self {
            app_id_exclude: raw.appid_exclude.as_deref().map(AppId::parse).transpose()?,
            cred_blob: blob.transpose()?,
            cred_props: raw.cred_props.unwrap_or(false),
            hmac_create_secret: raw.hmac_create_secret.unwrap_or(false),
            large_blob: raw.large_blob.map(|Dictionary(blob)| blob.parse_support()).transpose()?.is_some(),
            payment: raw.payment.is_some_and(|Dictionary(payment)| payment.is_payment.unwrap_or(false)),
            prf: raw.prf.as_ref().map(|Dictionary(prf)| CreatePrf::parse(prf)).transpose()?,
            protection: protection(raw.credential_protection_policy.as_deref(), enforces)?,
        })
    }

    /// Whether functions are to be computed at once.
    pub(in super::super) fn evaluates(&self) -> bool {
        self.prf.as_ref().is_some_and(|prf| prf.eval.is_some())
    }
}

impl GetWishes {
    /// `named` is how many credentials the site names, of whatever kind.
    pub(super) fn parse(raw: RawGet, allow: &AllowList, named: usize) -> Result<Self, WebauthnError> {
        let large_blob = raw.large_blob.map(|Dictionary(blob)| blob.parse_wish(named));
        Ok(Self {
            app_id: raw.appid.as_deref().map(AppId::parse).transpose()?,
            cred_blob: raw.get_cred_blob.unwrap_or(false),
            large_blob: large_blob.transpose()?.flatten(),
            prf: raw.prf.map(|Dictionary(prf)| GetPrf::parse(&prf, allow)).transpose()?,
        })
    }

    /// Whether functions are to be computed for any credential.
    pub(in super::super) fn evaluates(&self) -> bool {
        self.prf.as_ref().is_some_and(GetPrf::evaluates)
    }
}

/// The level of a policy's name. We keep every level; but to insist on none makes no sense, and is refused as by browsers.
fn protection(policy: Option<&str>, enforces: bool) -> Result<Option<Protection>, WebauthnError> {
    let protection = match policy {
        None => None,
        Some("userVerificationOptional") => Some(Protection::Optional),
        Some("userVerificationOptionalWithCredentialIDList") => Some(Protection::OptionalWhereNamed),
        Some("userVerificationRequired") => Some(Protection::Required),
        Some(_) => return Err(WebauthnError::NotSupported("no such credentialProtectionPolicy")),
    };
    if enforces && protection.is_none_or(|level| level == Protection::Optional) {
        return Err(WebauthnError::NotSupported("enforceCredentialProtectionPolicy without a policy to enforce"));
    }
    Ok(protection)
}

/// The members that mean something at a creation.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawCreate {
    appid: Option<String>,
    appid_exclude: Option<String>,
    cred_blob: Option<String>,
    cred_props: Option<bool>,
    credential_protection_policy: Option<String>,
    enforce_credential_protection_policy: Option<bool>,
    hmac_create_secret: Option<bool>,
    large_blob: Option<Dictionary<RawLargeBlob>>,
    payment: Option<Dictionary<RawPayment>>,
    prf: Option<Dictionary<RawPrf>>,
}

/// The members that mean something at a sign-in.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawGet {
    appid: Option<String>,
    get_cred_blob: Option<bool>,
    large_blob: Option<Dictionary<RawLargeBlob>>,
    prf: Option<Dictionary<RawPrf>>,
}

/// `AuthenticationExtensionsLargeBlobInputsJSON`.
#[derive(Deserialize)]
struct RawLargeBlob {
    support: Option<String>,
    read: Option<bool>,
    write: Option<String>,
}

impl RawLargeBlob {
    /// WebAuthn section 10.1.5, at registration. Every credential of ours can have a blob: `required` asks for no more than
    /// `preferred`.
    fn parse_support(&self) -> Result<(), WebauthnError> {
        if self.read.is_some() || self.write.is_some() {
            return Err(WebauthnError::NotSupported("largeBlob reads and writes at sign-ins only"));
        }
        Ok(())
    }

    /// The same at a sign-in.
    fn parse_wish(&self, named: usize) -> Result<Option<LargeBlobWish>, WebauthnError> {
        match (&self.support, self.read.unwrap_or(false), &self.write) {
            (Some(_), ..) => Err(WebauthnError::NotSupported("largeBlob.support at a sign-in")),
            (None, true, Some(_)) => Err(WebauthnError::NotSupported("largeBlob both reads and writes")),
            (None, true, None) => Ok(Some(LargeBlobWish::Read)),
            (None, false, None) => Ok(None),
            (None, false, Some(_)) if named != 1 => {
                Err(WebauthnError::NotSupported("largeBlob writes to one named credential"))
            }
            (None, false, Some(blob)) => {
                Ok(Some(LargeBlobWish::Write(base64url::decode(blob, "extensions.largeBlob.write")?)))
            }
        }
    }
}

/// `AuthenticationExtensionsPaymentInputs`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPayment {
    is_payment: Option<bool>,
}
