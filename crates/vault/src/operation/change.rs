use crate::{
    SecretBytes, SecretText,
    fields::{Value, encoded},
    item::{CustomField, Kind, PasskeyFlags, Rule, content_key, passkey_key},
};

/// A new value for a field. The fields of a passkey that must never change are not here.
#[non_exhaustive]
pub enum Change {
    /// The title of a login or note.
    Title(String),
    /// The sites of a login.
    Sites(Vec<String>),
    /// The user name of a login.
    Username(Option<String>),
    /// The password of a login.
    Password(Option<SecretText>),
    /// The notes of a login.
    Notes(Option<SecretText>),
    /// The one-time code generator of a login.
    Totp(Option<SecretText>),
    /// The tags of a login or note.
    Tags(Vec<String>),
    /// The custom fields of a login or note.
    Fields(Vec<CustomField>),
    /// The text of a note.
    Text(SecretText),
    /// The name of a device.
    Name(String),
    /// The platform of a device.
    Platform(String),
    /// The value of a setting.
    Setting(String),
    /// The rule of a site.
    Rule(Rule),
    /// The user name of a passkey: the site says a new one.
    UserName(Option<String>),
    /// The display name of a passkey: the site says a new one.
    DisplayName(Option<String>),
    /// The large blob of a passkey: the site writes it.
    LargeBlob(Option<SecretBytes>),
    /// What holds for a passkey.
    Flags(PasskeyFlags),
}

/// A field that may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The title of a login or note.
    Title,
    /// The sites of a login.
    Sites,
    /// The user name of a login.
    Username,
    /// The password of a login.
    Password,
    /// The notes of a login.
    Notes,
    /// The one-time code generator of a login.
    Totp,
    /// The tags of a login or note.
    Tags,
    /// The custom fields of a login or note.
    Fields,
    /// The text of a note.
    Text,
    /// The name of a device.
    Name,
    /// The platform of a device.
    Platform,
    /// The value of a setting or the rule of a site.
    Choice,
    /// The user name of a passkey.
    UserName,
    /// The display name of a passkey.
    DisplayName,
    /// The large blob of a passkey.
    LargeBlob,
    /// What holds for a passkey.
    Flags,
}

impl Change {
    /// Returns the field that it changes.
    #[must_use]
    pub const fn field(&self) -> Field {
        match self {
            Self::Title(_) => Field::Title,
            Self::Sites(_) => Field::Sites,
            Self::Username(_) => Field::Username,
            Self::Password(_) => Field::Password,
            Self::Notes(_) => Field::Notes,
            Self::Totp(_) => Field::Totp,
            Self::Tags(_) => Field::Tags,
            Self::Fields(_) => Field::Fields,
            Self::Text(_) => Field::Text,
            Self::Name(_) => Field::Name,
            Self::Platform(_) => Field::Platform,
            Self::Setting(_) | Self::Rule(_) => Field::Choice,
            Self::UserName(_) => Field::UserName,
            Self::DisplayName(_) => Field::DisplayName,
            Self::LargeBlob(_) => Field::LargeBlob,
            Self::Flags(_) => Field::Flags,
        }
    }

    /// Encodes the value; `None` takes the field away.
    pub(crate) fn encode(&self) -> Option<Value> {
        match self {
            Self::Title(text) | Self::Name(text) | Self::Platform(text) | Self::Setting(text) => Some(encoded(text)),
            Self::Sites(sites) => Some(encoded(sites)),
            Self::Tags(tags) => (!tags.is_empty()).then(|| encoded(tags)),
            Self::Fields(fields) => (!fields.is_empty()).then(|| encoded(fields)),
            Self::Text(text) => Some(encoded(text)),
            Self::Rule(rule) => Some(encoded(rule)),
            Self::Flags(flags) => Some(encoded(flags)),
            Self::Username(text) | Self::UserName(text) | Self::DisplayName(text) => text.as_ref().map(encoded),
            Self::Password(text) | Self::Notes(text) | Self::Totp(text) => text.as_ref().map(encoded),
            Self::LargeBlob(blob) => blob.as_ref().map(encoded),
        }
    }
}

impl core::fmt::Debug for Change {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Change({:?}, redacted)", self.field())
    }
}

impl Field {
    /// Every field that may change.
    pub const ALL: [Self; 16] = [
        Self::Title,
        Self::Sites,
        Self::Username,
        Self::Password,
        Self::Notes,
        Self::Totp,
        Self::Tags,
        Self::Fields,
        Self::Text,
        Self::Name,
        Self::Platform,
        Self::Choice,
        Self::UserName,
        Self::DisplayName,
        Self::LargeBlob,
        Self::Flags,
    ];

    /// Tells whether items of this kind have the field.
    #[must_use]
    pub const fn is_of(self, kind: Kind) -> bool {
        match self {
            Self::Title | Self::Tags | Self::Fields => matches!(kind, Kind::Login | Kind::Note),
            Self::Sites | Self::Username | Self::Password | Self::Notes | Self::Totp => matches!(kind, Kind::Login),
            Self::Text => matches!(kind, Kind::Note),
            Self::Name | Self::Platform => matches!(kind, Kind::DeviceProfile),
            Self::Choice => matches!(kind, Kind::Setting | Kind::SiteRule),
            Self::UserName | Self::DisplayName | Self::LargeBlob | Self::Flags => matches!(kind, Kind::Passkey),
        }
    }

    /// Returns the key in the body.
    pub(crate) const fn key(self) -> u64 {
        match self {
            Self::Title => content_key::TITLE,
            Self::Sites => content_key::SITES,
            Self::Username => content_key::USERNAME,
            Self::Password => content_key::PASSWORD,
            Self::Notes => content_key::NOTES,
            Self::Totp => content_key::TOTP,
            Self::Tags => content_key::TAGS,
            Self::Fields => content_key::FIELDS,
            Self::Text => content_key::TEXT,
            Self::Name => content_key::NAME,
            Self::Platform => content_key::PLATFORM,
            Self::Choice => content_key::CHOICE,
            Self::UserName => passkey_key::USER_NAME,
            Self::DisplayName => passkey_key::DISPLAY_NAME,
            Self::LargeBlob => passkey_key::LARGE_BLOB,
            Self::Flags => passkey_key::FLAGS,
        }
    }

    /// Returns the field with this key in the body.
    pub(crate) fn from_key(key: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }
}
