/// Something of an item that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which field, as the file names it.
    pub field: String,
    /// What became of it, and why.
    pub reason: Reason,
}

/// What became of a field, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// There is no such field here: its value is a custom field.
    AsCustomField,
    /// Folders, groups and vaults are tags here.
    AsTag,
    /// It is not understood, and kept as it is for a later export.
    NotUnderstood,
    /// It is no generator of one-time codes that is known here: its text is a custom field.
    NotOneTimeCodes,
    /// A signature counter above 0. A key that is on several devices cannot count: it starts at 0 and stays there.
    Counter,
    /// The file has no secrets of the PRF extension: data that a site encrypted by it does not open any more.
    NoPrfSecrets,
    /// A file beside the item.
    Attachment,
    /// The item would be longer than the vault takes.
    TooLong,
    /// A key of a kind that no site is asked for here, or one that is broken.
    UnknownKey,
    /// A value that is not of its type.
    Unreadable,
    /// A row with another number of columns than the header.
    Columns,
    /// Older passwords than the vault keeps.
    OldPasswords,
}

/// How much of a field is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// All of it, though not where it was.
    Changed,
    /// All of it, though not shown.
    Unshown,
    /// Nothing.
    Lost,
}

impl Reason {
    /// Returns how much is left.
    #[must_use]
    pub const fn effect(self) -> Effect {
        match self {
            Self::AsCustomField | Self::AsTag | Self::NotOneTimeCodes | Self::Counter => Effect::Changed,
            Self::NotUnderstood => Effect::Unshown,
            Self::NoPrfSecrets
            | Self::Attachment
            | Self::TooLong
            | Self::UnknownKey
            | Self::Unreadable
            | Self::Columns
            | Self::OldPasswords => Effect::Lost,
        }
    }

    /// Returns its name for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AsCustomField => "as-custom-field",
            Self::AsTag => "as-tag",
            Self::NotUnderstood => "not-understood",
            Self::NotOneTimeCodes => "not-one-time-codes",
            Self::Counter => "counter",
            Self::NoPrfSecrets => "no-prf-secrets",
            Self::Attachment => "attachment",
            Self::TooLong => "too-long",
            Self::UnknownKey => "unknown-key",
            Self::Unreadable => "unreadable",
            Self::Columns => "columns",
            Self::OldPasswords => "old-passwords",
        }
    }
}

/// For people who read English; the extension has texts of its own.
impl core::fmt::Display for Reason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::AsCustomField => "kept as a custom field",
            Self::AsTag => "kept as a tag",
            Self::NotUnderstood => "kept, but not shown",
            Self::NotOneTimeCodes => "makes no one-time codes that are known here; kept as a custom field",
            Self::Counter => "a signature counter starts at 0 and stays there",
            Self::NoPrfSecrets => "the file has no PRF secrets: what a site encrypted with them does not open",
            Self::Attachment => "attached files are not taken over",
            Self::TooLong => "longer than the vault takes",
            Self::UnknownKey => "a key of a kind that is not known here",
            Self::Unreadable => "not readable",
            Self::Columns => "another number of columns than the header",
            Self::OldPasswords => "only the newest are kept",
        })
    }
}
