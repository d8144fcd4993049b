//! CBOR as the platform writes and reads it, by another library than the device's.

use coset::{CborSerializable, cbor::Value};

pub(crate) fn int(number: i64) -> Value {
    Value::from(number)
}

pub(crate) fn bytes(bytes: impl AsRef<[u8]>) -> Value {
    Value::Bytes(bytes.as_ref().to_vec())
}

pub(crate) fn text(text: &str) -> Value {
    Value::from(text)
}

/// A map under numbers, in the order in which CTAP wants them.
pub(crate) fn numbered(entries: impl IntoIterator<Item = (i64, Value)>) -> Value {
    let mut entries: Vec<_> = entries.into_iter().collect();
    entries.sort_by_key(|(key, _)| (*key < 0, key.abs()));
    Value::Map(entries.into_iter().map(|(key, value)| (int(key), value)).collect())
}

/// A map under words, in the order in which CTAP wants them.
pub(crate) fn worded(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let mut entries: Vec<_> = entries.into_iter().collect();
    entries.sort_by_key(|(key, _)| (key.len(), *key));
    Value::Map(entries.into_iter().map(|(key, value)| (text(key), value)).collect())
}

pub(crate) fn encode(value: &Value) -> Vec<u8> {
    value.clone().to_vec().unwrap()
}

/// Reads an answer, and checks that it is in the one form that it may have.
pub(crate) fn decode(bytes: &[u8]) -> Value {
    let value = Value::from_slice(bytes).unwrap();
    assert_canonical(&value);
    assert_eq!(encode(&value), bytes, "the shortest form of everything");
    value
}

fn assert_canonical(value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(assert_canonical),
        Value::Map(entries) => {
            let keys: Vec<_> = entries.iter().map(|(key, _)| encode(key)).collect();
            assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "keys in order: {keys:?}");
            entries.iter().for_each(|(_, value)| assert_canonical(value));
        }
        _ => {}
    }
}

/// What a map has under a number.
pub(crate) fn member(map: &Value, key: i64) -> Option<&Value> {
    map.as_map().unwrap().iter().find(|(other, _)| *other == int(key)).map(|(_, value)| value)
}

/// What a map has under a word.
pub(crate) fn word<'m>(map: &'m Value, key: &str) -> Option<&'m Value> {
    map.as_map().unwrap().iter().find(|(other, _)| *other == text(key)).map(|(_, value)| value)
}

pub(crate) fn as_bytes(value: Option<&Value>) -> &[u8] {
    value.unwrap().as_bytes().unwrap()
}

pub(crate) fn as_int(value: Option<&Value>) -> i64 {
    value.unwrap().as_integer().unwrap().try_into().unwrap()
}
