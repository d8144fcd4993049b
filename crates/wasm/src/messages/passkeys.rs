//! A site asks for a passkey.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a site asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Ceremony {
    /// `navigator.credentials.create`.
    Create,
    /// `navigator.credentials.get`.
    Get,
}

/// How loud a site may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Mediation {
    /// Nothing may be shown.
    Silent,
    /// The default.
    #[default]
    Optional,
    /// In a field, or silently after a password was filled in.
    Conditional,
    /// Something must be shown.
    Required,
    /// Only if there is something here to use at once.
    Immediate,
}

/// Who asks: as the browser says, never the page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Caller {
    /// The origin of the frame.
    pub origin: String,
    /// The origin of the tab, where it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_origin: Option<String>,
    /// Whether any ancestor has another origin.
    pub cross_origin: bool,
}

/// What the browser hands over in strict mode.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PasskeyProxiedRequest {
    /// `requestDetailsJson`.
    pub details: String,
}

/// What is asked, and by whom.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PasskeyProxied {
    /// By whom; without the outermost page, of which the browser does not tell.
    pub caller: Caller,
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub options: serde_json::Value,
}

/// Whether a request is ours.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct PasskeyPromptRequest {
    /// What for.
    pub kind: Ceremony,
    /// By whom.
    pub caller: Caller,
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub options: serde_json::Value,
    /// How loud; absent means optional.
    pub mediation: Option<Mediation>,
    /// What [`PasskeyDecision::Fetch`] asked for.
    pub fetched: Option<FetchedDocument>,
}

/// What a site's server answered, after redirections that stayed with `https`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct FetchedDocument {
    /// The HTTP status; 0 when there was no answer.
    pub status: u16,
    /// The header `Content-Type`.
    pub content_type: String,
    /// The body, as text.
    pub body: String,
}

/// What to do with a site's request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "decision", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PasskeyDecision {
    /// Ask the person.
    Ask {
        /// What to show.
        prompt: PasskeyPrompt,
    },
    /// Unlock first, then ask again: the vault may have something for this site.
    Unlock {
        /// The site.
        rp_id: String,
    },
    /// Fetch this, without credentials and without a referrer, and ask again with what came: the owner of the rpId has
    /// to say whether this site may use it.
    Fetch {
        /// Where.
        url: String,
    },
    /// Leave it to the browser: nothing here serves.
    Native,
    /// Refuse, as the standard says.
    Refuse {
        /// The name of the DOMException.
        name: DomErrorName,
        /// Its text.
        message: String,
    },
}

/// What the person is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct PasskeyPrompt {
    /// Names this very request: to be given back with the person's consent, which serves no other.
    pub request: String,
    /// The site.
    pub rp_id: String,
    /// What the site calls itself; never shown alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rp_name: Option<String>,
    /// The account that a passkey is to be made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<PromptUser>,
    /// The passkeys that serve, the last used first.
    pub accounts: Vec<Account>,
    /// Whether the person must, should or need not be verified.
    pub user_verification: UserVerification,
    /// A passkey of the site's exclude list is here; making another one is refused after the touch.
    pub already_here: bool,
}

/// The account that a site wants a passkey for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PromptUser {
    /// The account's name.
    pub name: String,
    /// The person's name.
    pub display_name: String,
}

/// A passkey to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// What to give back as consent's `credential`.
    pub id: String,
    /// The account's name.
    pub user_name: String,
    /// The person's name.
    pub display_name: String,
    /// When it last served on this device, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(type = "number", optional))]
    pub last_used: Option<u64>,
}

/// Whether the person is to be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum UserVerification {
    /// Must be.
    Required,
    /// Should be, where it is easy.
    Preferred,
    /// Need not be.
    Discouraged,
}

/// Makes or uses a passkey.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct PasskeyCompleteRequest {
    /// What for.
    pub kind: Ceremony,
    /// By whom.
    pub caller: Caller,
    /// As in the prompt.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub options: serde_json::Value,
    /// As in the prompt.
    pub mediation: Option<Mediation>,
    /// As in the prompt.
    pub fetched: Option<FetchedDocument>,
    /// What the person agreed to.
    pub consent: Consent,
}

/// What the person did.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Consent {
    /// The request that they were shown, as its prompt names it.
    pub request: String,
    /// They pressed the button.
    pub present: bool,
    /// They were verified within this request: by `unlock` or `verify`.
    pub verified: bool,
    /// Which passkey they chose; absent when there is one.
    pub credential: Option<String>,
}

/// A passkey was made or used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PasskeyCompleted {
    /// `RegistrationResponseJSON` or `AuthenticationResponseJSON`.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub response: serde_json::Value,
}

/// What a site tells about its passkeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum SignalKind {
    /// `signalUnknownCredential`
    UnknownCredential,
    /// `signalAllAcceptedCredentials`
    AllAcceptedCredentials,
    /// `signalCurrentUserDetails`
    CurrentUserDetails,
}

/// A site's word about its passkeys.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PasskeySignalRequest {
    /// Which.
    pub signal: SignalKind,
    /// Who speaks.
    pub caller: Caller,
    /// The argument of the call.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub options: serde_json::Value,
}

/// A site's word was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PasskeySignalled {
    /// How many passkeys changed. Not for the site.
    pub changed: u32,
}

/// What a browser says of itself, or what holds with us beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    /// By the standard's names.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, boolean>"))]
    pub capabilities: BTreeMap<String, bool>,
}

/// The DOMExceptions that WebAuthn knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub enum DomErrorName {
    /// The person said no, or nothing serves.
    NotAllowedError,
    /// The site may not ask that.
    SecurityError,
    /// A passkey is here already.
    InvalidStateError,
    /// No algorithm or option that we know.
    NotSupportedError,
    /// A required verification cannot be had.
    ConstraintError,
    /// An option that makes no sense.
    TypeError,
    /// An extension's input contradicts the request.
    SyntaxError,
    /// A member that should hold base64url does not.
    EncodingError,
    /// It was called off.
    AbortError,
    /// Anything else.
    UnknownError,
}
