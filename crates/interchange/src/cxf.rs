//! What reading and writing the Credential Exchange Format share (FIDO, 1.0).
//!
//! An item of the vault holds the values; the *skeleton* holds the rest of what a file said: the item as it was, without the
//! values that are fields here. Filled again it is the item of the file, so that a move through the vault changes nothing.

use roamkey_vault::{
    SecretText,
    item::{CustomField, FieldKind},
};
use serde_json::{Map, Value};

/// The extension by which our own files say what the format has no member for.
pub(crate) const OWN_EXTENSION: &str = "roamkey.passkey";

/// Where a skeleton keeps the collections that the item was in: for each, the way to it.
pub(crate) const COLLECTIONS: &str = "roamkey.collections";

/// Takes the values of all editable fields out, in their order.
pub(crate) fn pull(value: &mut Value, name: &str, fields: &mut Vec<CustomField>) {
    match value {
        Value::Object(members) if is_field(members) => {
            let Some(Value::String(text)) = members.remove("value") else { return };
            let text_of = |name: &str| members.get(name).and_then(Value::as_str);
            let kind = match text_of("fieldType") {
                Some("concealed-string") => FieldKind::Hidden,
                _ => FieldKind::Text,
            };
            let label = text_of("label").unwrap_or(name).to_owned();
            fields.push(CustomField { label, value: SecretText::new(text), kind });
        }
        Value::Object(members) => members.iter_mut().for_each(|(name, value)| pull(value, name, fields)),
        Value::Array(list) => list.iter_mut().for_each(|value| pull(value, name, fields)),
        _ => {}
    }
}

/// Puts values back where [`pull`] took them.
pub(crate) fn fill<'f>(value: &mut Value, name: &str, fields: &mut impl Iterator<Item = &'f CustomField>) -> bool {
    match value {
        Value::Object(members) if members.contains_key("fieldType") && !members.contains_key("value") => {
            let label = members.get("label").and_then(Value::as_str).unwrap_or(name);
            match fields.next() {
                Some(field) if field.label == label => {
                    members.insert("value".to_owned(), field.value.expose().into());
                    true
                }
                _ => false,
            }
        }
        Value::Object(members) => members.iter_mut().all(|(name, value)| fill(value, name, fields)),
        Value::Array(list) => list.iter_mut().all(|value| fill(value, name, fields)),
        _ => true,
    }
}

/// Takes away the places that [`pull`] left empty; tells whether there were some.
pub(crate) fn strip(value: &mut Value) -> bool {
    let is_empty = |value: &Value| value.get("fieldType").is_some() && value.get("value").is_none();
    let mut is_stripped = false;
    match value {
        Value::Object(members) => {
            let before = members.len();
            members.retain(|_, value| !is_empty(value));
            is_stripped |= members.len() < before;
            members.values_mut().for_each(|value| is_stripped |= strip(value));
        }
        Value::Array(list) => {
            let before = list.len();
            list.retain(|value| !is_empty(value));
            is_stripped |= list.len() < before;
            list.iter_mut().for_each(|value| is_stripped |= strip(value));
        }
        _ => {}
    }
    is_stripped
}

/// Tells whether a credential says nothing but what it is.
pub(crate) fn is_bare(credential: &Value) -> bool {
    let is_nothing = |(name, value): (&String, &Value)| {
        matches!(name.as_str(), "type" | "id" | "label") || value.as_array().is_some_and(Vec::is_empty)
    };
    credential.as_object().is_some_and(|members| members.iter().all(is_nothing))
}

fn is_field(members: &Map<String, Value>) -> bool {
    members.contains_key("fieldType") && matches!(members.get("value"), Some(Value::String(_)))
}
