//! Items: what the body of a record says.

mod content;
mod history;
mod kind;
mod origin;
mod passkey;
mod usage;

use roamkey_proto::{DecodeError, Time};
use roamkey_sealing::record::BODY_BYTES;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub use content::{Content, CustomField, DeviceProfile, FieldKind, Login, Note, Rule, Setting, SiteRule, host_of};
pub use history::Replaced;
pub use kind::Kind;
pub use origin::{ImportId, Origin};
pub use passkey::{Passkey, PasskeyFlags, PrfSeeds};
pub use usage::{Usage, Use, Verification};

pub(crate) use content::key as content_key;
pub(crate) use passkey::key as passkey_key;

use crate::fields::Fields;

/// Why bytes are no body.
pub type BodyError = DecodeError;

/// The body of a record.
#[derive(Debug)]
pub enum Body {
    /// An item that is there, in the trash perhaps.
    Item(Box<Item>),
    /// An item that was purged. It stays, empty, and final: nothing brings the item back.
    Tombstone,
}

impl Body {
    /// Reads a body.
    ///
    /// # Errors
    /// Every variant of [`BodyError`] but `UpdateNeeded`. A kind or a field that this version does
    /// not know is no error: it is kept as it is.
    pub fn decode(bytes: &[u8]) -> Result<Self, BodyError> {
        if bytes.len() > BODY_BYTES {
            return Err(DecodeError::TooLong { limit: BODY_BYTES });
        }
        let body = Self::from_fields(Fields::decode(bytes)?)?;
        if body.encode().as_slice() == bytes { Ok(body) } else { Err(DecodeError::NonCanonical) }
    }

    /// Writes the body that a record seals.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        self.to_fields().encode()
    }

    /// Returns the item, unless it was purged.
    #[must_use]
    pub fn item(&self) -> Option<&Item> {
        match self {
            Self::Item(item) => Some(item),
            Self::Tombstone => None,
        }
    }

    pub(crate) fn from_fields(mut fields: Fields) -> Result<Self, BodyError> {
        match fields.need(key::KIND)? {
            TOMBSTONE if fields.keys().next().is_none() => Ok(Self::Tombstone),
            TOMBSTONE => Err(DecodeError::Malformed),
            kind => Item::from_fields(Kind::from_number(kind), fields).map(Box::new).map(Self::Item),
        }
    }

    fn to_fields(&self) -> Fields {
        match self {
            Self::Item(item) => item.to_fields(),
            Self::Tombstone => {
                let mut fields = Fields::default();
                fields.put(key::KIND, &TOMBSTONE);
                fields
            }
        }
    }
}

/// One thing that a person keeps.
#[derive(Debug)]
pub struct Item {
    /// When it was made, as its device says.
    pub created: Time,
    /// Since when it lies in the trash.
    pub trashed: Option<Time>,
    /// Values that were replaced, or came too late to be current; nothing typed is lost.
    pub history: Vec<Replaced>,
    /// Where it was imported from; never changes.
    pub origin: Option<Origin>,
    /// What it is.
    pub content: Content,
    /// What a newer version wrote and this one does not know.
    unknown: Unknown,
}

impl Item {
    /// Makes an item.
    #[must_use]
    pub fn new(content: Content, created: Time) -> Self {
        Self { created, trashed: None, history: Vec::new(), origin: None, content, unknown: Unknown::default() }
    }

    /// Returns its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.content.kind()
    }

    /// Returns the hash of all that the item holds but whether it is in the trash: what an
    /// operation that takes it away says that the person saw.
    #[must_use]
    pub fn state_hash(&self) -> [u8; 32] {
        let mut fields = self.to_fields();
        fields.replace(key::TRASHED, None);
        Sha256::digest(fields.encode().as_slice()).into()
    }

    /// Returns how many bytes its body takes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.to_fields().encode().len()
    }

    pub(crate) fn with_trashed(self, trashed: Option<Time>) -> Self {
        Self { trashed, ..self }
    }

    fn from_fields(kind: Kind, mut fields: Fields) -> Result<Self, BodyError> {
        let created = fields.need(key::CREATED)?;
        let trashed = fields.take(key::TRASHED)?;
        let history = history::take(&mut fields)?;
        let origin = fields.take(key::ORIGIN)?;
        let content = Content::take(kind, &mut fields)?;
        Ok(Self { created, trashed, history, origin, content, unknown: Unknown(fields) })
    }

    pub(crate) fn to_fields(&self) -> Fields {
        let mut fields = Fields::default();
        fields.put(key::KIND, &self.kind().number());
        fields.put(key::CREATED, &self.created);
        fields.put_some(key::TRASHED, self.trashed.as_ref());
        history::put(&mut fields, &self.history);
        fields.put_some(key::ORIGIN, self.origin.as_ref());
        self.content.put(&mut fields);
        fields.add(&self.unknown.0);
        fields
    }
}

/// Fields of a newer version.
#[derive(Default)]
struct Unknown(Fields);

impl core::fmt::Debug for Unknown {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Unknown({})", self.0.keys().count())
    }
}

/// Keys that every body has; those of a kind start at 16.
pub(crate) mod key {
    pub(crate) const KIND: u64 = 0;
    pub(crate) const CREATED: u64 = 1;
    pub(crate) const TRASHED: u64 = 2;
    pub(crate) const HISTORY: u64 = 3;
    pub(crate) const ORIGIN: u64 = 4;
}

/// The kind of what was purged.
const TOMBSTONE: u16 = 0;

#[cfg(test)]
mod tests;
