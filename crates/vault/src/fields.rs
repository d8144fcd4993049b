use std::collections::BTreeMap;

use minicbor::{Decode, Decoder, Encode, Encoder};
use roamkey_proto::DecodeError;
use zeroize::Zeroizing;

/// A map of integer keys to CBOR values that are not looked into: how a body is taken apart, and
/// how what this version does not know goes through unharmed, byte for byte.
#[derive(Default)]
pub(crate) struct Fields(BTreeMap<u64, Value>);

/// One encoded CBOR value; wiped when dropped.
pub(crate) type Value = Zeroizing<Vec<u8>>;

impl Fields {
    /// Reads a map; keys ascend, in their shortest form, and nothing follows.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::new(bytes);
        let malformed = |_| DecodeError::Malformed;
        let count = decoder.map().map_err(malformed)?.ok_or(DecodeError::NonCanonical)?;
        let mut fields = BTreeMap::new();
        for _ in 0..count {
            let key = decoder.u64().map_err(malformed)?;
            let start = decoder.position();
            decoder.skip().map_err(malformed)?;
            let value = bytes.get(start..decoder.position()).ok_or(DecodeError::Malformed)?;
            fields.insert(key, Zeroizing::new(value.to_vec()));
        }
        if decoder.position() != bytes.len() {
            return Err(DecodeError::TrailingBytes);
        }
        let fields = Self(fields);
        // Duplicate, unsorted and long-form keys all encode differently.
        if fields.encode().as_slice() == bytes { Ok(fields) } else { Err(DecodeError::NonCanonical) }
    }

    pub(crate) fn encode(&self) -> Value {
        let length = self.0.values().map(|value| value.len() + 9).sum::<usize>() + 9;
        // Never grows, so that no copy stays behind.
        let mut out = Zeroizing::new(Vec::with_capacity(length));
        let mut encoder = Encoder::new(&mut *out);
        let count = u64::try_from(self.0.len()).expect("memory holds fewer");
        infallible(encoder.map(count).map(drop));
        for (&key, value) in &self.0 {
            infallible(encoder.u64(key).map(drop));
            encoder.writer_mut().extend_from_slice(value);
        }
        out
    }

    /// Takes a field out and reads it.
    pub(crate) fn take<T: for<'b> Decode<'b, ()>>(&mut self, key: u64) -> Result<Option<T>, DecodeError> {
        self.0.remove(&key).map(|value| minicbor::decode(&value).map_err(|_| DecodeError::Malformed)).transpose()
    }

    /// Takes a field out that must be there.
    pub(crate) fn need<T: for<'b> Decode<'b, ()>>(&mut self, key: u64) -> Result<T, DecodeError> {
        self.take(key)?.ok_or(DecodeError::Malformed)
    }

    pub(crate) fn put<T: Encode<()>>(&mut self, key: u64, value: &T) {
        self.0.insert(key, encoded(value));
    }

    pub(crate) fn put_some<T: Encode<()>>(&mut self, key: u64, value: Option<&T>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    pub(crate) fn raw(&self, key: u64) -> Option<&Value> {
        self.0.get(&key)
    }

    /// Replaces a field's encoded value, or removes it; returns the one before.
    pub(crate) fn replace(&mut self, key: u64, value: Option<Value>) -> Option<Value> {
        match value {
            Some(value) => self.0.insert(key, value),
            None => self.0.remove(&key),
        }
    }

    /// Adds all of another map; the fields of the two are distinct.
    pub(crate) fn add(&mut self, other: &Self) {
        self.0.extend(other.0.iter().map(|(&key, value)| (key, value.clone())));
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = u64> {
        self.0.keys().copied()
    }
}

/// Encodes one value.
pub(crate) fn encoded<T: Encode<()>>(value: &T) -> Value {
    Zeroizing::new(roamkey_proto::encode(value))
}

/// Joins encoded values to an array.
pub(crate) fn array(entries: &[Value]) -> Value {
    let length = entries.iter().map(|entry| entry.len()).sum::<usize>() + 9;
    let mut out = Zeroizing::new(Vec::with_capacity(length));
    let count = u64::try_from(entries.len()).expect("memory holds fewer");
    infallible(Encoder::new(&mut *out).array(count).map(drop));
    for entry in entries {
        out.extend_from_slice(entry);
    }
    out
}

fn infallible(result: Result<(), minicbor::encode::Error<core::convert::Infallible>>) {
    result.expect("writing to memory does not fail");
}
