//! The list of items, and changes to them.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What kind of thing an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum ItemKind {
    /// A passkey.
    Passkey,
    /// A user name and a password.
    Login,
    /// Text.
    Note,
}

/// Which items a list holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum ListFilter {
    /// Those that are not in the trash.
    #[default]
    Kept,
    /// Those in the trash.
    Trashed,
}

/// Asks for a page of the list, in the order of titles.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ItemsRequest {
    /// Only those whose title, site or account holds these words.
    pub query: Option<String>,
    /// Only these kinds; absent means all.
    pub kinds: Option<Vec<ItemKind>>,
    /// In the trash or not; absent means not.
    pub filter: Option<ListFilter>,
    /// How many to skip.
    pub offset: u32,
    /// How many to give at most.
    pub limit: u32,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Items {
    /// How many the query finds in all.
    pub total: u32,
    /// The page.
    pub items: Vec<ItemSummary>,
    /// How many items the vault has, whatever the query.
    pub counts: ItemCounts,
}

/// How many items there are that are not in the trash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ItemCounts {
    /// Passkeys.
    pub passkeys: u32,
    /// Logins.
    pub logins: u32,
    /// Notes.
    pub notes: u32,
    /// Items in the trash.
    pub trashed: u32,
}

/// An item in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ItemSummary {
    /// The item, in hexadecimal.
    pub id: String,
    /// Its kind.
    pub kind: ItemKind,
    /// What to show first.
    pub title: String,
    /// The site that it is for: an rpId, or a login's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The account's name there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// When it was made, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub created: u64,
    /// When it last served on this device.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(type = "number", optional))]
    pub last_used: Option<u64>,
    /// When it went into the trash; absent when it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(type = "number", optional))]
    pub trashed: Option<u64>,
    /// Whether the server holds it as it is here.
    pub synced: bool,
}

/// Names an item.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ItemRequest {
    /// The item, in hexadecimal.
    pub id: String,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// As in the list.
    pub summary: ItemSummary,
    /// What its kind adds.
    pub detail: ItemDetail,
    /// Values that came after another device had changed the field: nothing typed is lost.
    pub history: Vec<PastValue>,
}

/// What a kind adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ItemDetail {
    /// Of a passkey.
    Passkey {
        /// The site.
        rp_id: String,
        /// Its identifier, base64url.
        credential_id: String,
        /// The account's name, as the site gave it.
        user_name: String,
        /// The person's name, as the site gave it.
        display_name: String,
        /// The name of its algorithm.
        algorithm: String,
        /// Its site said that it does not take it any more: it is not offered there.
        hidden: bool,
    },
    /// Of a login; the password comes with `reveal`.
    Login {
        /// Addresses that it is for.
        sites: Vec<String>,
        /// The user name.
        user_name: String,
        /// Remarks.
        notes: String,
    },
    /// Of a note.
    Note {
        /// The text.
        text: String,
    },
}

/// A value that is no longer an item's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PastValue {
    /// The field's name.
    pub field: String,
    /// The value; a secret one is left out until revealed.
    pub value: String,
    /// When it was written, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub time: u64,
}

/// What is hidden until asked for.
#[derive(Serialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Revealed {
    /// The password.
    pub password: String,
    /// Passwords before it, the latest first.
    pub past: Vec<String>,
}

/// Adds a login.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct AddLoginRequest {
    /// What to show first.
    pub title: String,
    /// The site's address.
    pub site: String,
    /// The user name.
    pub user_name: String,
    /// The password.
    pub password: String,
    /// Remarks.
    pub notes: String,
}

/// Changes the fields given of a login.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct EditLoginRequest {
    /// The item, in hexadecimal.
    pub id: String,
    /// What to show first.
    pub title: Option<String>,
    /// The site's address.
    pub site: Option<String>,
    /// The user name.
    pub user_name: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// Remarks.
    pub notes: Option<String>,
}

/// Adds a note.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct AddNoteRequest {
    /// What to show first.
    pub title: String,
    /// The text.
    pub text: String,
}

/// Changes the fields given of a note.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct EditNoteRequest {
    /// The item, in hexadecimal.
    pub id: String,
    /// What to show first.
    pub title: Option<String>,
    /// The text.
    pub text: Option<String>,
}

/// Gives an item another name to show.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct RenameItemRequest {
    /// The item, in hexadecimal.
    pub id: String,
    /// The name.
    pub title: String,
}

/// A change is kept here, and waits for the server if need be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Edited {
    /// The item, in hexadecimal.
    pub id: String,
    /// Changes that the server does not hold yet.
    pub pending: u32,
}
