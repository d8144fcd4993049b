//! The way from JSON text to typed members.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::error::Category;

use crate::{WebauthnError, limits};

/// Reads the members that `T` names. The error says nothing about values: they are the page's.
pub(in super::super) fn parse<T: DeserializeOwned>(json: &str) -> Result<T, WebauthnError> {
    if json.len() > limits::OPTIONS_JSON_LEN {
        return Err(WebauthnError::Type("the options are too long"));
    }
    serde_json::from_str(json).map(|Dictionary(value)| value).map_err(|error| match error.classify() {
        Category::Data => WebauthnError::Type("a member is missing or of the wrong type"),
        Category::Io | Category::Syntax | Category::Eof => WebauthnError::Type("not JSON"),
    })
}

/// A dictionary of WebIDL, which is an object of JSON and nothing else: derived readers would take an array of the
/// members' values as well.
#[derive(Debug)]
pub(in super::super) struct Dictionary<T>(pub(in super::super) T);

impl<T: Default> Default for Dictionary<T> {
    fn default() -> Self {
        Self(T::default())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Dictionary<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData))
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = Dictionary<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Dictionary)
    }
}
