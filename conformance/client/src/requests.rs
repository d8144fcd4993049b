//! What a suite asks.

use serde::Deserialize;
use serde_json::Value;

/// One line.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub(crate) enum Request {
    /// Forget every credential.
    Reset,
    /// `navigator.credentials.create`
    Create(Ceremony),
    /// `navigator.credentials.get`
    Get(Ceremony),
}

/// A page's request, and how its person answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ceremony {
    pub(crate) origin: String,
    /// The origins of the ancestors, nearest first.
    #[serde(default)]
    pub(crate) ancestors: Vec<String>,
    /// The JSON form of the options.
    pub(crate) options: Value,
    /// Whether the person can be verified.
    pub(crate) verified: bool,
    #[serde(default)]
    pub(crate) attestation: Policy,
    /// The id of the credential that the person chooses; absent if there is one only.
    pub(crate) chosen: Option<String>,
}

/// What the client gives to sites that ask for attestation.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Policy {
    #[default]
    None,
    /// The credential's own key.
    OwnKey,
    /// Certificates.
    Certified,
    /// Those of an organisation.
    Enterprise,
}
