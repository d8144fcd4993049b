//! Logins in pages: what is typed there for a person, and what they typed.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::ItemSummary;

/// A page that asks for a login, by the browser's word.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PageOrigins {
    /// Its origin, as the browser serialises it.
    pub origin: String,
    /// The origins of the frames around it, the nearest first.
    pub ancestors: Vec<String>,
}

/// Whether anything may be typed into a page at all.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LoginPageRequest {
    /// The page.
    pub page: PageOrigins,
}

/// Asks for what is to be typed into a page.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct FillLoginRequest {
    /// The login that the person chose, in hexadecimal.
    pub id: String,
    /// The page.
    pub page: PageOrigins,
}

/// What is to be typed into a page.
#[derive(Serialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct LoginFilling {
    /// The user name.
    pub user_name: String,
    /// The password.
    pub password: String,
    /// The one-time code of now, where the login has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What a person typed into a page.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct WeighLoginRequest {
    /// The page.
    #[zeroize(skip)]
    pub page: PageOrigins,
    /// The user name; empty where the page asked for none.
    pub user_name: String,
    /// The password.
    pub password: String,
    /// The password that it takes the place of, where the page asked for that too.
    pub replaces: Option<String>,
}

/// What becomes of what a person typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum LoginVerdict {
    /// It is kept already.
    Known,
    /// It is a new login.
    New,
    /// It may be the new password of a login.
    Changes,
}

/// What becomes of what a person typed, and of which logins it may be the new password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LoginWeighed {
    /// What becomes of it.
    pub verdict: LoginVerdict,
    /// The logins, where it changes one.
    pub logins: Vec<ItemSummary>,
}

/// Keeps a password that was made up.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct KeepGeneratedRequest {
    /// The password.
    pub password: String,
    /// The host that it is for; empty where there is none.
    pub site: String,
}

/// A password that was made up.
#[derive(Serialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct GeneratedPassword {
    /// The password.
    pub password: String,
    /// The host that it was for; empty where there was none.
    pub site: String,
    /// When, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: u64,
}

/// The passwords that were made up and are in no login yet, the latest first.
#[derive(Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct GeneratedLately {
    /// The passwords.
    pub passwords: Vec<GeneratedPassword>,
}

/// Passwords that serve at more than one site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ReusedPasswords {
    /// How many there are.
    pub total: u32,
    /// Those with the most logins, the first hundred.
    pub passwords: Vec<ReusedPassword>,
}

/// A password that serves at more than one site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ReusedPassword {
    /// The logins that have it.
    pub logins: Vec<ItemSummary>,
}
