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
    /// Those that have been in the trash for thirty days.
    OldTrash,
}

/// An order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum ListOrder {
    /// By site, so that all of one stands together.
    #[default]
    Site,
    /// The newest first.
    Created,
    /// What served last on this device first.
    Used,
}

/// Asks for a page of the list.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ItemsRequest {
    /// Only those whose title, site, account or tags hold these words; neither case nor accents matter.
    pub query: Option<String>,
    /// Only these kinds; absent means all.
    pub kinds: Option<Vec<ItemKind>>,
    /// In the trash or not; absent means not.
    pub filter: Option<ListFilter>,
    /// Only with this tag.
    pub tag: Option<String>,
    /// In which order; absent means by site.
    pub order: Option<ListOrder>,
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
    /// The tags of all items that are not in the trash.
    pub tags: Vec<String>,
}

/// Asks for what serves at a host.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct SiteItemsRequest {
    /// The host of the page.
    pub host: String,
    /// Whether what is for other hosts of its site counts as well; that takes the whole list, which may have to be read first.
    pub whole: bool,
}

/// What serves at a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct SiteItems {
    /// In the order of titles.
    pub items: Vec<ItemSummary>,
}

/// Which items a query finds, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ItemIds {
    /// In the order asked for.
    pub ids: Vec<String>,
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
    /// Items that have been in the trash for thirty days.
    pub old_trash: u32,
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
    /// The domain that somebody registered for it: items with the same one belong together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The account's name there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Words by which the person keeps order; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
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

/// Names items.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ManyItemsRequest {
    /// The items, in hexadecimal.
    pub ids: Vec<String>,
}

/// What was changed of the items named; the others were so already, or are no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ManyEdited {
    /// The items that changed, in hexadecimal.
    pub ids: Vec<String>,
    /// Changes that the server does not hold yet.
    pub pending: u32,
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
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// As in the list.
    pub summary: ItemSummary,
    /// What its kind adds.
    pub detail: ItemDetail,
    /// Values that came after another device had changed the field: nothing typed is lost.
    pub history: Vec<PastValue>,
    /// What else there is of its site.
    pub beside: Vec<ItemSummary>,
    /// Where it was imported from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imported: Option<ImportedFrom>,
}

/// Where an item was imported from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportedFrom {
    /// The format of the file.
    pub format: String,
    /// When, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: u64,
}

/// A value under a name that the person, or another program, gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    /// Its name.
    pub label: String,
    /// The value; absent where it is hidden until revealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
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
        /// Whether it has one-time codes, which come with `code`.
        has_codes: bool,
        /// Words by which the person keeps order.
        tags: Vec<String>,
        /// Whatever else belongs to it.
        fields: Vec<FieldView>,
    },
    /// Of a note.
    Note {
        /// The text.
        text: String,
        /// Words by which the person keeps order.
        tags: Vec<String>,
        /// Whatever else belongs to it.
        fields: Vec<FieldView>,
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
    /// The values of all its other fields, in their order.
    pub fields: Vec<String>,
}

/// A one-time code.
#[derive(Serialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct OneTimeCode {
    /// Its digits.
    pub code: String,
    /// For how many seconds it will serve.
    pub seconds: u32,
}

/// Asks for a password that nobody thinks up.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct GenerateRequest {
    /// How many letters it has; absent means as many as the rules want.
    pub length: Option<u32>,
    /// A passphrase of so many words instead.
    pub words: Option<u32>,
    /// What the site wants, in the words of its `passwordrules` attribute.
    pub rules: Option<String>,
}

/// A password that nobody thought up.
#[derive(Serialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Generated {
    /// The password.
    pub password: String,
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
    /// The addresses that it is for.
    pub sites: Option<Vec<String>>,
    /// The user name.
    pub user_name: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// Remarks.
    pub notes: Option<String>,
    /// Words by which the person keeps order.
    pub tags: Option<Vec<String>>,
    /// The secret of one-time codes, as the site shows it; empty takes them away.
    pub codes: Option<String>,
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
    /// Words by which the person keeps order.
    pub tags: Option<Vec<String>>,
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
