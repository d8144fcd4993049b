//! Meeting the server.

use serde::Serialize;

/// How it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Synced {
    /// Items that are not as they were.
    pub changed: Vec<String>,
    /// Changes that the server does not hold yet.
    pub pending: u32,
    /// The vault's head; absent before the first commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<VaultHead>,
}

/// A place in the vault's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct VaultHead {
    /// The number of the commit.
    pub seq: u32,
    /// Its identifier, in hexadecimal.
    pub id: String,
}

/// Where and with what to listen for changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct WakeInfo {
    /// The WebSocket.
    pub url: String,
    /// The first message to send on it, as text. Every binary message that comes means: sync.
    pub token: String,
}
