//! JSON that another program wrote, taken apart member by member, so that what nobody took is left over and can be kept.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::{Map, Value};

use super::{Fault, Format, ImportError, Place};
use crate::limits;

/// An object, of which members are taken.
pub(super) type Members = Map<String, Value>;

/// Parses a text that is one object.
///
/// serde_json bounds the depth; what it says of an error beyond the place may quote the text, and stays here.
pub(super) fn parse(bytes: &[u8]) -> Result<Members, ImportError> {
    if bytes.len() > limits::TEXT_BYTES {
        return Err(ImportError::TooLarge { limit: limits::TEXT_BYTES });
    }
    let broken = |line: usize, fault| ImportError::Malformed {
        format: Format::Json,
        place: Some(Place::Line(u64::try_from(line).unwrap_or(u64::MAX))),
        fault,
    };
    let text = core::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        broken(1 + before.iter().filter(|&&byte| byte == b'\n').count(), Fault::NotText)
    })?;
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(ImportError::Unknown),
        Err(error) => Err(broken(error.line(), Fault::Syntax)),
    }
}

/// Takes a member that is text; an empty one counts as none.
pub(super) fn take_text(members: &mut Members, name: &str) -> Option<String> {
    match members.remove(name)? {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text),
        Value::Null => None,
        other => {
            members.insert(name.to_owned(), other);
            None
        }
    }
}

/// Takes a member that is a list.
pub(super) fn take_list(members: &mut Members, name: &str) -> Vec<Value> {
    match members.remove(name) {
        Some(Value::Array(list)) => list,
        Some(Value::Null) | None => Vec::new(),
        Some(other) => {
            members.insert(name.to_owned(), other);
            Vec::new()
        }
    }
}

/// Takes a member that is an object.
pub(super) fn take_object(members: &mut Members, name: &str) -> Option<Members> {
    match members.remove(name)? {
        Value::Object(object) => Some(object),
        Value::Null => None,
        other => {
            members.insert(name.to_owned(), other);
            None
        }
    }
}

/// Takes a whole number that is none below 0.
pub(super) fn take_number(members: &mut Members, name: &str) -> Option<u64> {
    let number = members.get(name)?.as_u64()?;
    members.remove(name);
    Some(number)
}

/// Drops members that say nothing: null, false, empty text, empty lists and objects.
pub(super) fn drop_empty(members: &mut Members) {
    members.retain(|_, value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(object) => {
            drop_empty(object);
            !object.is_empty()
        }
        Value::Bool(true) | Value::Number(_) => true,
    });
}

/// What stays of an object after all that is understood was taken: its text, and the names of its members.
pub(super) fn left_over(mut members: Members) -> Option<(String, Vec<String>)> {
    drop_empty(&mut members);
    if members.is_empty() {
        return None;
    }
    let names = members.keys().cloned().collect();
    Some((Value::Object(members).to_string(), names))
}

/// Decodes base64url or base64, padded or not: programs write all four.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let url = if text.contains(['+', '/']) { STANDARD } else { URL };
    url.decode(text.trim()).ok()
}

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
