//! Requests of end-to-end tests; a release has none of them.

use serde::{Deserialize, Serialize};

/// An account without a server, unlocked.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TestCreateVaultRequest {
    /// What will unlock it.
    pub passphrase: String,
}

/// The account that was made.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TestVault {
    /// The account, in hexadecimal.
    pub account_id: String,
}

/// A passkey as WebDriver's virtual authenticator has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct TestCredential {
    /// Base64url.
    pub credential_id: String,
    /// Whether a site finds it without naming it.
    pub is_resident_credential: bool,
    /// The site.
    pub rp_id: String,
    /// PKCS #8, base64url.
    pub private_key: String,
    /// Base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_handle: Option<String>,
    /// The account's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// The person's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_display_name: Option<String>,
    /// Always 0 for a synced key.
    pub sign_count: u32,
    /// The large blob, base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub large_blob: Option<String>,
}

/// Every passkey.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TestCredentials {
    /// In no order.
    pub credentials: Vec<TestCredential>,
}

/// Names a passkey.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TestCredentialId {
    /// Base64url.
    pub credential_id: String,
}

/// Bytes that must be found in clear nowhere: not on the disk, not on the wire.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TestCanaries {
    /// Hexadecimal.
    pub secrets: Vec<String>,
}
