//! What was typed and came to nothing.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Asks for the changes that came to nothing.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct UnappliedRequest {
    /// With passwords; only where the person asked to see them.
    pub reveal: bool,
}

/// The changes that came to nothing and were not dismissed, in the order in which they were typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Unapplied {
    /// They.
    pub changes: Vec<UnappliedChange>,
}

/// A change that came to nothing, for example as another device destroyed its item meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct UnappliedChange {
    /// The change, in hexadecimal.
    pub id: String,
    /// The item that it was meant for, in hexadecimal.
    pub item: String,
    /// When it was typed, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub time: u64,
    /// What was typed.
    pub texts: Vec<LostText>,
}

/// A text that was typed into a field.
#[derive(Clone, PartialEq, Eq, Serialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct LostText {
    /// Which field: as in an item's history.
    pub field: String,
    /// The text; absent where it is secret and was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl core::fmt::Debug for LostText {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "LostText({}, redacted)", self.field)
    }
}

/// Forgets a change that came to nothing.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct DismissUnappliedRequest {
    /// The change, in hexadecimal.
    pub id: String,
}
