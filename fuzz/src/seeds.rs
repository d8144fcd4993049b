//! The frozen vectors, as inputs to start from.

use serde_json::Value;

/// Parses one of the files in `vectors/`.
pub(crate) fn parse(json: &str) -> Value {
    serde_json::from_str(json).expect("a file of vectors")
}

/// Returns the bytes that stand in hexadecimal under `key`, anywhere in the file, in their order.
pub(crate) fn bytes_at(value: &Value, key: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    collect(value, key, &mut found);
    found
}

fn collect(value: &Value, key: &str, found: &mut Vec<Vec<u8>>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == key => found.extend(hex::decode(text)),
                    other => collect(other, key, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, key, found)),
        _ => {}
    }
}

/// Puts a byte before an input, for targets that choose by their first.
pub(crate) fn chosen(choice: usize, bytes: &[u8]) -> Vec<u8> {
    let mut input = vec![u8::try_from(choice).expect("fewer than 256 choices")];
    input.extend_from_slice(bytes);
    input
}
