//! Operations: what a person, or a site through them, does to an item.
//!
//! Operations and not states wait on a device that is offline: each says what it replaces, so that
//! it can be played again on whatever the vault has become meanwhile ([`crate::apply`]).

mod change;
mod wire;

use roamkey_proto::{DecodeError, ItemId, Time};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub use change::{Change, Field};

use crate::{
    SecretText,
    fields::Value,
    item::{CustomField, Item, Use},
};

/// One thing done to one item.
#[derive(Debug)]
pub struct Operation {
    /// The item.
    pub item: ItemId,
    /// When, as its device says; never trusted for order.
    pub at: Time,
    /// What.
    pub action: Action,
}

/// What is done.
#[derive(Debug)]
#[non_exhaustive]
pub enum Action {
    /// The item is made.
    Create(Box<Item>),
    /// One field gets another value.
    Set(Set),
    /// Uses are added to a usage record.
    AddUses(Vec<Use>),
    /// The item goes to the trash, if it is still what the person saw.
    Trash {
        /// The item's [state](Item::state_hash).
        seen: [u8; 32],
    },
    /// The item comes back from the trash.
    Restore,
    /// The item goes for good, if it is still what the person saw.
    Purge {
        /// The item's [state](Item::state_hash).
        seen: [u8; 32],
    },
    /// Values of the history go for good, because the person does not want them kept.
    Forget {
        /// The [hashes](crate::item::Replaced::hash) of the values.
        values: Vec<[u8; 32]>,
    },
}

/// A field gets another value. Made with [`Operation::set`].
pub struct Set {
    pub(crate) field: Field,
    pub(crate) value: Option<Value>,
    pub(crate) replaces: [u8; 32],
}

impl Set {
    /// Returns the field.
    #[must_use]
    pub const fn field(&self) -> Field {
        self.field
    }
}

impl core::fmt::Debug for Set {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Set({:?}, redacted)", self.field)
    }
}

impl Operation {
    /// Makes an item.
    #[must_use]
    pub fn create(item: ItemId, created: Item) -> Self {
        let at = created.created;
        Self { item, at, action: Action::Create(Box::new(created)) }
    }

    /// Gives a field of an item, as the person sees it now, another value.
    #[must_use]
    pub fn set(item: ItemId, seen: &Item, change: &Change, at: Time) -> Self {
        let replaces = value_hash(seen.to_fields().raw(change.field().key()));
        Self { item, at, action: Action::Set(Set { field: change.field(), value: change.encode(), replaces }) }
    }

    /// Puts an item, as the person sees it now, into the trash.
    #[must_use]
    pub fn trash(item: ItemId, seen: &Item, at: Time) -> Self {
        Self { item, at, action: Action::Trash { seen: seen.state_hash() } }
    }

    /// Takes an item out of the trash.
    #[must_use]
    pub const fn restore(item: ItemId, at: Time) -> Self {
        Self { item, at, action: Action::Restore }
    }

    /// Removes an item, as the person sees it now, for good.
    #[must_use]
    pub fn purge(item: ItemId, seen: &Item, at: Time) -> Self {
        Self { item, at, action: Action::Purge { seen: seen.state_hash() } }
    }

    /// Tells whether it holds a value: one that cannot be applied is lost unless it is kept.
    #[must_use]
    pub const fn holds_value(&self) -> bool {
        matches!(&self.action, Action::Create(_) | Action::Set(Set { value: Some(_), .. }))
    }

    /// Returns the texts that it holds and whose fields they are of, for showing them where the person asked.
    #[must_use]
    pub fn expose_texts(&self) -> Vec<(Field, SecretText)> {
        match &self.action {
            Action::Create(item) => {
                let fields = item.to_fields();
                let of_kind = Field::ALL.into_iter().filter(|field| field.is_of(item.kind()));
                of_kind.filter_map(|field| Some((field, text(fields.raw(field.key())?)?))).collect()
            }
            Action::Set(set) => set.value.as_ref().and_then(text).map(|text| (set.field, text)).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Writes the operation, for resting under the local key until it is pushed.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        wire::encode(self)
    }

    /// Reads an operation that rested.
    ///
    /// # Errors
    /// Every variant of [`DecodeError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        wire::decode(bytes)
    }
}

/// Reads a value that is text, a list of text, or custom fields.
fn text(value: &Value) -> Option<SecretText> {
    let one = || minicbor::decode::<&str>(value).ok().map(str::to_owned);
    let many = || minicbor::decode::<Vec<&str>>(value).ok().map(|texts| texts.join(", "));
    let fields = || {
        let fields: Vec<CustomField> = minicbor::decode(value).ok()?;
        let lines = fields.iter().map(|field| format!("{}: {}", field.label, field.value.expose()));
        Some(lines.collect::<Vec<_>>().join("\n"))
    };
    one().or_else(many).or_else(fields).map(SecretText::new)
}

/// The hash of a field's value by which operations say what they replace: SHA-256 of its encoding,
/// of nothing if the field is not there.
pub(crate) fn value_hash(value: Option<&Value>) -> [u8; 32] {
    Sha256::digest(value.map_or(&[][..], |value| value.as_slice())).into()
}

#[cfg(test)]
mod tests;
