//! Moving in and out: files of other password managers.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::ItemKind;

/// Hands over a piece of a file: the browser's messages are shorter than files may be.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct FilePieceRequest {
    /// Where in the file it begins; 0 forgets what was handed over before.
    pub offset: u32,
    /// How many bytes the file has in all, as the browser says: one that is too large is refused before it is read.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub size: u64,
    /// The piece, in base64.
    pub bytes: String,
}

/// Opens the file that was handed over.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct OpenFileRequest {
    /// What it was encrypted with; absent until it is asked for.
    pub passphrase: Option<String>,
}

/// What importing the file would do. Nothing is changed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// The name of its format, for programs.
    pub format: String,
    /// How many items it holds, those that cannot be taken up included.
    pub total: u32,
    /// Items that are added.
    pub new: u32,
    /// Items that the vault has already.
    pub known: u32,
    /// Accounts that the vault has, but not as the file has them: the person chooses.
    pub differing: u32,
    /// Items that cannot be taken up.
    pub refused: u32,
    /// Items of which something is not where it was, or not shown.
    pub changed: u32,
    /// Items of which something is lost.
    pub lost: u32,
}

/// Which items of a file to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum PlannedFilter {
    /// All.
    #[default]
    All,
    /// Those that are added.
    New,
    /// Those that the vault has already.
    Known,
    /// Those that the vault has, but not as the file has them.
    Differing,
    /// Those that cannot be taken up.
    Refused,
    /// Those of which something is not as it was.
    Noted,
}

/// Asks for a part of the items of the file.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct PlannedRequest {
    /// Which; absent means all.
    pub filter: Option<PlannedFilter>,
    /// How many to skip.
    pub offset: u32,
    /// How many to give at most.
    pub limit: u32,
}

/// A part of the items of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PlannedItems {
    /// How many there are in all.
    pub total: u32,
    /// The part.
    pub items: Vec<PlannedItem>,
}

/// What would become of an item of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum PlannedFate {
    /// It is added.
    New,
    /// The vault has the very same.
    Known,
    /// The vault has the account, with something else in it.
    Differing,
    /// It cannot be taken up.
    Refused,
}

/// An item of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct PlannedItem {
    /// Names it, for choosing.
    pub at: u32,
    /// What it is called.
    pub title: String,
    /// The account's name there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What it is; absent if it cannot be taken up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ItemKind>,
    /// Where in the file it stands.
    pub place: FilePlace,
    /// What would become of it.
    pub fate: PlannedFate,
    /// With `refused`: the name of the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What of it is not as it was.
    pub notices: Vec<NoticeView>,
    /// Whether it will be added.
    pub wanted: bool,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "place", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FilePlace {
    /// A line, counted from 1.
    Line {
        /// Which.
        number: u32,
    },
    /// An item, counted from 1.
    Item {
        /// Which.
        number: u32,
    },
    /// A line of a file in an archive.
    LineOf {
        /// The file.
        file: String,
        /// Which.
        number: u32,
    },
}

/// Something of an item that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct NoticeView {
    /// Which field, as the file names it.
    pub field: String,
    /// The name of the reason.
    pub reason: String,
    /// Whether nothing of the field is left.
    pub lost: bool,
}

/// Chooses whether an item of the file is added.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ChoosePlannedRequest {
    /// Which; absent means all that differ from what the vault has.
    pub at: Option<u32>,
    /// Whether it is added.
    pub wanted: bool,
}

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportDone {
    /// Names the import, for taking it back.
    pub id: String,
    /// How many items were added.
    pub added: u32,
    /// Changes that the server does not hold yet.
    pub pending: u32,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportProgress {
    /// Whether a file was opened and waits to be imported.
    pub open: bool,
    /// Items that were added.
    pub done: u32,
    /// Items that will have been.
    pub all: u32,
}

/// The imports of the account, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Imports {
    /// Each.
    pub imports: Vec<ImportView>,
}

/// An import that was done on some device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// Names it.
    pub id: String,
    /// When, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at: u64,
    /// The name of the file's format.
    pub format: String,
    /// How many of its items are there, those in the trash left out.
    pub items: u32,
}

/// Takes an import back.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct UndoImportRequest {
    /// Which.
    pub id: String,
}

/// How many items of an import went to the trash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportUndone {
    /// Items.
    pub trashed: u32,
}

/// A format to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum ExportTarget {
    /// FIDO's Credential Exchange Format: all but old passwords.
    Cxf,
    /// Bitwarden's JSON: logins, notes, passkeys without their extensions.
    Bitwarden,
    /// CSV: logins.
    Csv,
}

/// Writes all items that are not in the trash to a file.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ExportRequest {
    /// The format.
    #[zeroize(skip)]
    pub target: ExportTarget,
    /// What unlocks this browser: an unlocked one alone gives nothing away.
    pub passphrase: String,
    /// What the file is encrypted with; absent for a file that anyone can read. Only CXF can be encrypted.
    pub file_passphrase: Option<String>,
}

/// A file, and what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ExportedVault {
    /// What its name should end with, without the dot.
    pub ending: String,
    /// Its bytes, in base64url.
    pub bytes: String,
    /// How many items it holds.
    pub items: u32,
    /// What the format has no place for.
    pub left_out: Vec<LeftOutView>,
    /// What reading the file back and holding it against the vault showed; absent for formats that do not hold everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared: Option<Compared>,
}

/// A field that a format has no place for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LeftOutView {
    /// Its name.
    pub field: String,
    /// Of how many items it was left out.
    pub items: u32,
}

/// What holding a file against the vault showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// Passkeys of the file that sign, and answer PRF, as those of the vault.
    pub passkeys: u32,
    /// Logins and notes of the file that are as those of the vault.
    pub others: u32,
    /// What is not as in the vault.
    pub differences: Vec<DifferenceView>,
}

/// Something that is not in a file as it is in the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct DifferenceView {
    /// What the item is called.
    pub title: String,
    /// What differs: a field, or `missing`.
    pub field: String,
}
