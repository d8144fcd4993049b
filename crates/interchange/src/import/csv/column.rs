/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Title,
    Url,
    /// Several addresses in one cell: separated by commas, or a list in JSON.
    Urls,
    Username,
    /// An address that stands in where there is no user name, and is a field of its own where there is one.
    Email,
    Password,
    Notes,
    Totp,
    /// A folder, a group, a vault: becomes a tag.
    Folder,
    /// Tags with commas or semicolons between them.
    Tags,
    /// When it was made: seconds, milliseconds, or a date (RFC 3339).
    Created,
    /// What kind of item it is.
    Type,
    /// Custom fields, a line each: `name: value`.
    Fields,
    /// Custom fields as a list in JSON: NordPass's.
    FieldList,
    /// 1 or true: in the archive or trash there.
    Archived,
    /// The file's name for the item.
    Name,
    /// What says nothing about the item itself: an icon, when it was used last, whether it is a favourite.
    Ignored,
    /// Whatever has no place here.
    Custom,
}
