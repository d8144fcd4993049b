//! Creating, unlocking, locking.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Starts an account.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CreateRequest {
    /// The server's URL, as the person typed it.
    pub server: String,
    /// What will unlock this browser.
    pub passphrase: String,
    /// What the person's devices will call this one.
    pub device_name: String,
    /// What whoever runs the server gave out, as typed; nothing if the server did not ask.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub invitation: Option<String>,
}

/// A passphrase to check.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PassphraseRequest {
    /// As typed.
    pub passphrase: String,
}

/// Changes what unlocks this browser.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ChangePassphraseRequest {
    /// The one that serves now.
    pub old: String,
    /// The one that will.
    pub new: String,
}

/// Where this browser stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "phase", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum State {
    /// No account here: create one or join one.
    Empty,
    /// An account, and its keys sealed.
    Locked {
        /// Whose.
        membership: Membership,
    },
    /// Ready.
    Unlocked {
        /// Whose.
        membership: Membership,
    },
    /// Another device took this one out: what is here can be looked at, and nothing is synced.
    Revoked {
        /// Whose.
        membership: Membership,
        /// Whether the keys are sealed.
        locked: bool,
    },
    /// The server showed something that cannot be true; syncing stopped, using goes on.
    Distrust {
        /// Whose.
        membership: Membership,
        /// Whether the keys are sealed.
        locked: bool,
        /// What it was.
        detail: String,
    },
}

/// The account of this browser, and how it stands with the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Membership {
    /// The server's origin.
    pub server: String,
    /// The account, in hexadecimal.
    pub account_id: String,
    /// This device, in hexadecimal.
    pub device_id: String,
    /// Changes that the server does not hold yet.
    pub pending: u32,
    /// When the server was last met, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(type = "number", optional))]
    pub last_sync: Option<u64>,
    /// Whether the last attempt to meet the server succeeded; absent before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub online: Option<bool>,
}
