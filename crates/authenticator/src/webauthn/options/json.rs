//! The way from JSON text to typed members.

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::{WebauthnError, limits};

/// Reads the members that `T` names. The error says nothing about values: they are the page's.
pub(super) fn parse<T: DeserializeOwned>(json: &str) -> Result<T, WebauthnError> {
    if json.len() > limits::OPTIONS_JSON_LEN {
        return Err(WebauthnError::Type("the options are too long"));
    }
    serde_json::from_str(json).map_err(|error| match error.classify() {
        Category::Data => WebauthnError::Type("a member is missing or of the wrong type"),
        Category::Io | Category::Syntax | Category::Eof => WebauthnError::Type("not JSON"),
    })
}
