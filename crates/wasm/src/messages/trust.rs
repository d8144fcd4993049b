//! How it stands with the server, what leaves as a file for others to judge, and what a lost device could read.

use serde::{Deserialize, Serialize};

/// How it stands with the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// What this device saw that it should not have; absent while the server is believed. Local use goes on all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saw: Option<Sight>,
    /// Devices whose removal ends it, in hexadecimal.
    pub revoke: Vec<String>,
    /// How many sightings are kept as evidence.
    pub evidence: u32,
    /// Twelve words that stand for both chains: the same on another device that has just synced means one history.
    pub words: String,
    /// When the account ends at the soonest, in milliseconds since 1970; absent unless its end was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(type = "number", optional))]
    pub closes_at: Option<u64>,
}

/// What a device saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "saw", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Sight {
    /// The server shows two histories.
    TwoHistories {
        /// Whether it signed both, so that anyone can be shown.
        proven: bool,
    },
    /// The server's data ends before where it had been.
    WentBack,
    /// A member opened an epoch that this device cannot read.
    ShutOut,
    /// A member entered a key that no one can use.
    UnusableKey,
    /// The newest key did not come.
    KeyWithheld,
    /// The server withholds something, or shows what honest devices cannot have written.
    Invalid {
        /// What, in English, for a report.
        detail: String,
    },
}

/// A file for the person to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ExportedFile {
    /// What to call it.
    pub name: String,
    /// Its bytes, in base64url.
    pub bytes: String,
}

/// Which device was lost.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ExposureRequest {
    /// The device, in hexadecimal: one that is out of the account.
    pub device: String,
}

/// Notes that a secret was replaced.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct MarkReplacedRequest {
    /// The device that was lost, in hexadecimal.
    pub device: String,
    /// The item.
    pub item: String,
    /// Which of its secrets.
    pub secret: SecretKind,
}

/// What a lost device could read, as a work list: what is open comes first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Exposure {
    /// The secrets.
    pub exposed: Vec<ExposedSecret>,
}

/// A secret that a lost device could read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ExposedSecret {
    /// The item.
    pub item: String,
    /// Which of its secrets.
    pub secret: SecretKind,
    /// What the person calls it.
    pub title: String,
    /// The site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The account's name there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Where the site says how it is replaced; opened when the person asks, and not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replace_at: Option<String>,
    /// How far the person is.
    pub progress: ReplaceProgress,
}

/// A kind of secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum SecretKind {
    /// A passkey.
    Passkey,
    /// A password.
    Password,
    /// The seed of one-time codes.
    OneTimeCodes,
    /// A note.
    Note,
}

/// How far the person is with a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum ReplaceProgress {
    /// The lost device can use it still.
    Open,
    /// The vault holds another one since, or none.
    Replaced,
    /// The person says that it is done.
    Marked,
}
