//! The ways back when every device is lost, and coming back by one.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The ways back into the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct WaysBack {
    /// Those that are set; none means that nobody comes back.
    pub ways: Vec<WayBack>,
}

/// A way back into the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct WayBack {
    /// Which: `kit`, `pin` or `contacts`.
    pub slot: String,
    /// When it was set, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub set: u64,
    /// The device that set it, in hexadecimal.
    pub by: String,
    /// When a person last tried it, on any device; absent if nobody did.
    #[cfg_attr(feature = "ts", ts(type = "number", optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rehearsed: Option<u64>,
}

/// A kit to print or save; nothing here keeps it.
#[derive(Serialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct KitView {
    /// The groups, as they are printed.
    pub groups: Vec<String>,
    /// What a QR code holds.
    pub code: String,
    /// The lines above and below the groups in a file.
    pub begin: String,
    /// See `begin`.
    pub end: String,
    /// The account, in hexadecimal.
    pub account: String,
    /// The server's address.
    pub server: String,
}

/// A kit, as typed, scanned or read from a file.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct KitRequest {
    /// Its text.
    pub kit: String,
}

/// What the person looks at before a device is let back in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct RecoverySurvey {
    /// The account, in hexadecimal.
    pub account: String,
    /// When the kit was set, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub set: u64,
    /// When something was last written; absent if nothing was.
    #[cfg_attr(feature = "ts", ts(type = "number", optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_change: Option<u64>,
    /// Whether a device took others out and has not written since: what was written after that may be missing.
    pub unfinished: bool,
    /// The devices that can read, in the order in which they joined.
    pub devices: Vec<SurveyedDevice>,
}

/// A device of the account that is recovered; its name is in the vault, which is not open yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct SurveyedDevice {
    /// Which, in hexadecimal.
    pub id: String,
    /// When it joined, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub added: u64,
    /// When it last said where it is; absent if it never did.
    #[cfg_attr(feature = "ts", ts(type = "number", optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_contact: Option<u64>,
}

/// Lets this browser back in.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct RecoverFinishRequest {
    /// What will unlock this browser.
    pub passphrase: String,
    /// What the person's devices will call this one.
    pub device_name: String,
}
