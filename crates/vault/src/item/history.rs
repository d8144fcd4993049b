use core::fmt;

use minicbor::Decoder;
use roamkey_proto::{DecodeError, Time};

use super::key;
use crate::{
    SecretText,
    fields::{Fields, Value, array, encoded},
    operation::Field,
};

/// A value that is not current: it was replaced, or came too late to be.
pub struct Replaced {
    field: u64,
    value: Value,
    /// When it was replaced, or typed if it came too late.
    pub at: Time,
    /// Whether it came too late: the person has not seen it lose.
    pub late: bool,
    unknown: Fields,
}

impl Replaced {
    pub(crate) fn new(field: u64, value: Value, at: Time, late: bool) -> Self {
        Self { field, value, at, late, unknown: Fields::default() }
    }

    /// A password that another program remembers as replaced.
    #[must_use]
    pub fn password(password: &SecretText, at: Time) -> Self {
        Self::new(Field::Password.key(), encoded(password), at, false)
    }

    /// Returns the field that it was a value of; `None` when only a newer version knows that.
    #[must_use]
    pub fn field(&self) -> Option<Field> {
        Field::from_key(self.field)
    }

    /// Returns the value if it is text, for showing it where the person asked for that.
    #[must_use]
    pub fn expose_text(&self) -> Option<&str> {
        minicbor::decode(&self.value).ok()
    }

    /// Returns the values if they are a list of text, for showing them where the person asked.
    #[must_use]
    pub fn expose_texts(&self) -> Option<Vec<&str>> {
        minicbor::decode(&self.value).ok()
    }

    /// Returns what an operation that forgets it names.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        crate::operation::value_hash(Some(&self.value))
    }

    pub(crate) fn is(&self, field: u64, value: &[u8]) -> bool {
        self.field == field && *self.value == value
    }

    fn from_fields(mut fields: Fields) -> Result<Self, DecodeError> {
        let field = fields.need(FIELD)?;
        let value = fields.replace(VALUE, None).ok_or(DecodeError::Malformed)?;
        let (at, late) = (fields.need(AT)?, fields.need(LATE)?);
        Ok(Self { field, value, at, late, unknown: fields })
    }

    fn to_fields(&self) -> Fields {
        let mut fields = Fields::default();
        fields.put(FIELD, &self.field);
        fields.replace(VALUE, Some(self.value.clone()));
        fields.put(AT, &self.at);
        fields.put(LATE, &self.late);
        fields.add(&self.unknown);
        fields
    }
}

impl fmt::Debug for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Replaced({}, redacted)", self.field)
    }
}

pub(super) fn take(fields: &mut Fields) -> Result<Vec<Replaced>, DecodeError> {
    let Some(list) = fields.replace(key::HISTORY, None) else { return Ok(Vec::new()) };
    let mut decoder = Decoder::new(&list);
    let count = decoder.array().map_err(|_| DecodeError::Malformed)?.ok_or(DecodeError::NonCanonical)?;
    let mut history = Vec::new();
    for _ in 0..count {
        let start = decoder.position();
        decoder.skip().map_err(|_| DecodeError::Malformed)?;
        let entry = list.get(start..decoder.position()).ok_or(DecodeError::Malformed)?;
        history.push(Replaced::from_fields(Fields::decode(entry)?)?);
    }
    Ok(history)
}

/// Writes the history; an empty one takes no key.
pub(super) fn put(fields: &mut Fields, history: &[Replaced]) {
    if history.is_empty() {
        return;
    }
    let entries: Vec<_> = history.iter().map(|replaced| replaced.to_fields().encode()).collect();
    fields.replace(key::HISTORY, Some(array(&entries)));
}

const FIELD: u64 = 1;
const VALUE: u64 = 2;
const AT: u64 = 3;
const LATE: u64 = 4;
