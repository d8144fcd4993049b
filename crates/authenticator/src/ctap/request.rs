//! Reading a command's parameters: the right kinds, or the status that says which is wrong.

use super::{
    Status,
    cbor::{Map, Value},
};

/// A map of parameters under their numbers.
///
/// Members the standard does not know are nobody's error: they are not looked at.
#[derive(Clone, Copy)]
pub(super) struct Params<'m, 'a>(&'m Map<'a>);

impl<'m, 'a> Params<'m, 'a> {
    pub(super) fn new(map: &'m Map<'a>) -> Self {
        Self(map)
    }

    pub(super) fn optional_bytes(self, key: i64) -> Result<Option<&'m [u8]>, Status> {
        self.0.number(key).map(as_bytes).transpose()
    }

    pub(super) fn optional_text(self, key: i64) -> Result<Option<&'m str>, Status> {
        self.0.number(key).map(as_text).transpose()
    }

    pub(super) fn optional_bool(self, key: i64) -> Result<Option<bool>, Status> {
        self.0.number(key).map(as_bool).transpose()
    }

    pub(super) fn optional_unsigned(self, key: i64) -> Result<Option<u64>, Status> {
        self.0.number(key).map(as_unsigned).transpose()
    }

    pub(super) fn optional_signed(self, key: i64) -> Result<Option<i64>, Status> {
        self.0.number(key).map(as_signed).transpose()
    }

    pub(super) fn optional_map(self, key: i64) -> Result<Option<&'m Map<'a>>, Status> {
        self.0.number(key).map(as_map).transpose()
    }

    pub(super) fn optional_array(self, key: i64) -> Result<Option<&'m [Value<'a>]>, Status> {
        self.0.number(key).map(as_array).transpose()
    }

    pub(super) fn bytes(self, key: i64) -> Result<&'m [u8], Status> {
        self.optional_bytes(key)?.ok_or(Status::MissingParameter)
    }

    pub(super) fn text(self, key: i64) -> Result<&'m str, Status> {
        self.optional_text(key)?.ok_or(Status::MissingParameter)
    }

    pub(super) fn unsigned(self, key: i64) -> Result<u64, Status> {
        self.optional_unsigned(key)?.ok_or(Status::MissingParameter)
    }

    pub(super) fn signed(self, key: i64) -> Result<i64, Status> {
        self.optional_signed(key)?.ok_or(Status::MissingParameter)
    }

    pub(super) fn map(self, key: i64) -> Result<&'m Map<'a>, Status> {
        self.optional_map(key)?.ok_or(Status::MissingParameter)
    }

    pub(super) fn array(self, key: i64) -> Result<&'m [Value<'a>], Status> {
        self.optional_array(key)?.ok_or(Status::MissingParameter)
    }
}

pub(super) fn as_bytes<'m>(value: &'m Value<'_>) -> Result<&'m [u8], Status> {
    match value {
        Value::Bytes(bytes) => Ok(bytes),
        _ => Err(Status::CborUnexpectedType),
    }
}

pub(super) fn as_text<'m>(value: &'m Value<'_>) -> Result<&'m str, Status> {
    match value {
        Value::Text(text) => Ok(text),
        _ => Err(Status::CborUnexpectedType),
    }
}

pub(super) fn as_bool(value: &Value<'_>) -> Result<bool, Status> {
    match value {
        Value::Bool(flag) => Ok(*flag),
        _ => Err(Status::CborUnexpectedType),
    }
}

pub(super) fn as_unsigned(value: &Value<'_>) -> Result<u64, Status> {
    match value {
        Value::Integer(number) => u64::try_from(*number).map_err(|_| Status::CborUnexpectedType),
        _ => Err(Status::CborUnexpectedType),
    }
}

pub(super) fn as_signed(value: &Value<'_>) -> Result<i64, Status> {
    match value {
        Value::Integer(number) => i64::try_from(*number).map_err(|_| Status::InvalidParameter),
        _ => Err(Status::CborUnexpectedType),
    }
}

pub(super) fn as_map<'m, 'a>(value: &'m Value<'a>) -> Result<&'m Map<'a>, Status> {
    match value {
        Value::Map(map) => Ok(map),
        _ => Err(Status::CborUnexpectedType),
    }
}

pub(super) fn as_array<'m, 'a>(value: &'m Value<'a>) -> Result<&'m [Value<'a>], Status> {
    match value {
        Value::Array(items) => Ok(items),
        _ => Err(Status::CborUnexpectedType),
    }
}
