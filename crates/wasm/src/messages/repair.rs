//! Two histories, and the person's pick.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// This browser's history and the server's, side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Histories {
    /// Whether both are one.
    pub same: bool,
    /// What this browser has beyond what both have.
    pub here: HistoryView,
    /// What the server has beyond it.
    pub server: HistoryView,
    /// Devices that picking the server's revokes again, in hexadecimal.
    pub revoke: Vec<String>,
    /// Devices that have to be paired again then, in hexadecimal.
    pub pair_again: Vec<String>,
    /// Whether this browser is a member in the server's history.
    pub member: bool,
}

/// What one history has beyond what both have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct HistoryView {
    /// Items that were changed.
    pub items: u32,
    /// Devices that joined, in hexadecimal.
    pub joined: Vec<String>,
    /// Devices that went, in hexadecimal.
    pub went: Vec<String>,
    /// When it was last written to, in milliseconds since 1970; absent where nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(type = "number", optional))]
    pub last: Option<u64>,
}

/// Which history to go on with: of those that the last answer showed.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct RepairRequest {
    /// The one picked.
    #[zeroize(skip)]
    pub keep: KeptHistory,
    /// As typed: the person is verified for this very act.
    pub passphrase: String,
}

/// A history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum KeptHistory {
    /// The server's.
    Server,
    /// This browser's own.
    Here,
}
