//! CTAP2 canonical CBOR (CTAP 2.3 section 8): each message has one encoding, in and out.

use std::{borrow::Cow, convert::Infallible, fmt};

use minicbor::{Decoder, Encoder, data::Int, data::Type, encode};

use super::limits;

/// A CBOR item of the kinds that CTAP uses; a decoded one borrows from its message.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Integer(Int),
    Bytes(Cow<'a, [u8]>),
    Text(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    Map(Map<'a>),
    Bool(bool),
    Null,
}

/// A map whose entries stand in canonical order, each key once.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Map<'a> {
    /// Sorted by the bytes of the encoded key. For keys in their shortest form that is the order CTAP asks for: major type,
    /// then length, then value.
    entries: Vec<(Value<'a>, Value<'a>)>,
}

/// The bytes are not one CTAP2 canonical item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotCanonical;

impl<'a> Value<'a> {
    /// Reads one item that fills `bytes`: canonical, nested no deeper than CTAP allows, of the kinds that CTAP uses.
    pub(crate) fn decode(bytes: &'a [u8]) -> Result<Self, NotCanonical> {
        let mut decoder = Decoder::new(bytes);
        let value = read(&mut decoder, limits::CTAP_NESTING)?;
        // One comparison instead of a rule for every way to write something longer than need be.
        if decoder.position() != bytes.len() || value.encode() != bytes {
            return Err(NotCanonical);
        }
        Ok(value)
    }

    /// The canonical bytes.
    pub(crate) fn encode(&self) -> Vec<u8> {
        // Sized up front: a vector that grows would leave its old halves behind unzeroised.
        let mut bytes = Vec::with_capacity(self.longest_encoding());
        self.write(&mut Encoder::new(&mut bytes)).expect("writing to a vector does not fail");
        bytes
    }

    /// The same without its message.
    pub(crate) fn into_owned(self) -> Value<'static> {
        match self {
            Self::Integer(number) => Value::Integer(number),
            Self::Bytes(bytes) => Value::Bytes(bytes.into_owned().into()),
            Self::Text(text) => Value::Text(text.into_owned().into()),
            Self::Array(items) => Value::Array(items.into_iter().map(Value::into_owned).collect()),
            Self::Map(map) => {
                let entries = map.entries.into_iter();
                let entries = entries.map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
                Value::Map(Map { entries })
            }
            Self::Bool(flag) => Value::Bool(flag),
            Self::Null => Value::Null,
        }
    }

    /// An array of values.
    pub(crate) fn array(items: impl IntoIterator<Item = impl Into<Value<'a>>>) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }

    /// What the encoding takes at most.
    fn longest_encoding(&self) -> usize {
        const HEAD: usize = 9;
        HEAD + match self {
            Self::Integer(_) | Self::Bool(_) | Self::Null => 0,
            Self::Bytes(bytes) => bytes.len(),
            Self::Text(text) => text.len(),
            Self::Array(items) => items.iter().map(Self::longest_encoding).sum(),
            Self::Map(map) => {
                map.entries.iter().map(|(key, value)| key.longest_encoding() + value.longest_encoding()).sum()
            }
        }
    }

    fn write(&self, encoder: &mut Encoder<&mut Vec<u8>>) -> Result<(), encode::Error<Infallible>> {
        match self {
            Self::Integer(number) => encoder.int(*number)?.ok(),
            Self::Bytes(bytes) => encoder.bytes(bytes)?.ok(),
            Self::Text(text) => encoder.str(text)?.ok(),
            Self::Bool(flag) => encoder.bool(*flag)?.ok(),
            Self::Null => encoder.null()?.ok(),
            Self::Array(items) => {
                encoder.array(items.len() as u64)?;
                items.iter().try_for_each(|item| item.write(encoder))
            }
            Self::Map(map) => {
                encoder.map(map.entries.len() as u64)?;
                map.entries.iter().try_for_each(|(key, value)| {
                    key.write(encoder)?;
                    value.write(encoder)
                })
            }
        }
    }
}

impl<'a> Map<'a> {
    /// Adds an entry where the canonical order has it.
    ///
    /// A key that is already there keeps its value: callers build maps from keys that differ.
    #[must_use]
    pub(crate) fn with(mut self, key: impl Into<Value<'a>>, value: impl Into<Value<'a>>) -> Self {
        let key = key.into();
        let bytes = key.encode();
        if let Err(position) = self.entries.binary_search_by(|(other, _)| other.encode().cmp(&bytes)) {
            self.entries.insert(position, (key, value.into()));
        }
        self
    }

    /// Adds an entry where there is a value for it.
    #[must_use]
    pub(crate) fn with_some(self, key: impl Into<Value<'a>>, value: Option<impl Into<Value<'a>>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// The value under a number.
    pub(crate) fn number(&self, key: i64) -> Option<&Value<'a>> {
        self.value(&Value::from(key))
    }

    /// The value under a word.
    pub(crate) fn word(&self, key: &str) -> Option<&Value<'a>> {
        self.entries.iter().find(|(other, _)| matches!(other, Value::Text(text) if text == key)).map(|(_, value)| value)
    }

    fn value(&self, key: &Value<'_>) -> Option<&Value<'a>> {
        self.entries.iter().find(|(other, _)| other == key).map(|(_, value)| value)
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<Map<'a>> for Value<'a> {
    fn from(map: Map<'a>) -> Self {
        Self::Map(map)
    }
}

macro_rules! from_integers {
    ($($integer:ty),+) => {$(
        impl From<$integer> for Value<'_> {
            fn from(number: $integer) -> Self {
                Self::Integer(number.into())
            }
        }
    )+};
}

from_integers!(u8, u32, u64, i64);

impl fmt::Debug for Value<'_> {
    /// The kind alone: messages carry names and secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Integer(_) => "Integer",
            Self::Bytes(_) => "Bytes",
            Self::Text(_) => "Text",
            Self::Array(_) => "Array",
            Self::Map(_) => "Map",
            Self::Bool(_) => "Bool",
            Self::Null => "Null",
        })
    }
}

impl fmt::Debug for Map<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Map({} entries)", self.entries.len())
    }
}

/// Reads an item with at most `levels` of maps and arrays in it.
fn read<'a>(decoder: &mut Decoder<'a>, levels: usize) -> Result<Value<'a>, NotCanonical> {
    let levels_below = || levels.checked_sub(1).ok_or(NotCanonical);
    Ok(match decoder.datatype()? {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => Value::Integer(decoder.u64()?.into()),
        Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::Int => Value::Integer(decoder.int()?),
        Type::Bytes => Value::Bytes(decoder.bytes()?.into()),
        Type::String => Value::Text(decoder.str()?.into()),
        Type::Bool => Value::Bool(decoder.bool()?),
        Type::Null => {
            decoder.null()?;
            Value::Null
        }
        Type::Array => Value::Array(read_array(decoder, levels_below()?)?),
        Type::Map => Value::Map(read_map(decoder, levels_below()?)?),
        // Tags and indefinite lengths are forbidden; no CTAP message has a float or any other simple value.
        _ => return Err(NotCanonical),
    })
}

/// The length is the message's word: memory is taken for what is there, item by item.
fn read_array<'a>(decoder: &mut Decoder<'a>, levels: usize) -> Result<Vec<Value<'a>>, NotCanonical> {
    let len = decoder.array()?.ok_or(NotCanonical)?;
    (0..len).map(|_| read(decoder, levels)).collect()
}

fn read_map<'a>(decoder: &mut Decoder<'a>, levels: usize) -> Result<Map<'a>, NotCanonical> {
    let len = decoder.map()?.ok_or(NotCanonical)?;
    let mut map = Map::default();
    let mut last = &[][..];
    for _ in 0..len {
        let start = decoder.position();
        let key = read(decoder, levels)?;
        let bytes = decoder.input().get(start..decoder.position()).ok_or(NotCanonical)?;
        // Ascending, and so without duplicates.
        if bytes <= last {
            return Err(NotCanonical);
        }
        last = bytes;
        map.entries.push((key, read(decoder, levels)?));
    }
    Ok(map)
}

impl From<minicbor::decode::Error> for NotCanonical {
    fn from(_: minicbor::decode::Error) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests;
